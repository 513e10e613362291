"""Second parties seen from a case: what they are told, how their answer stands, and whom an invited case has to tell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from formlos.base import clock, jobs
from formlos.cases.models import Invitation
from formlos.cases.state import REVOKED, TOLD, Reply
from formlos.cases.values import encode
from formlos.cases.work import Work
from formlos.law import Unknown
from formlos.law.service.parties import INVITATION, PARTY

__all__ = ["INVITATION", "PARTY", "Party", "handed", "parties_of", "revoke_unneeded", "tell_inviter"]


@dataclass(frozen=True)
class Party:
    """Somebody else who may give a fact. ``state``: wanted, sent, opened, expired, confirmed or refused.

    ``until`` is when the link ends, ``instead`` the fact by which the person chooses another way. The words are the
    service's: ``name`` of the other one, ``ask`` as title of the page, ``message`` to send along with the link.
    """

    source: str
    state: str
    service: str
    level: str
    until: datetime | None
    instead: str
    name: str
    ask: str
    message: str


def parties_of(work: Work, words: Mapping[str, Mapping[str, str]]) -> list[Party]:
    """Those who are wanted now or have been asked. words: ``parties`` of the texts, by source."""
    found = []
    wanted = () if work.state.decision or work.state.ended else work.state.evaluated.get("invites", ())
    for source, declared in _declared(work):
        reply = work.state.replies.get(source)
        if reply is None and source not in wanted:
            continue
        said = words.get(source, {})
        found.append(
            Party(
                source=source,
                state=_state(work, source, reply),
                service=declared["service"],
                level=declared.get("trust", "none"),
                until=reply.until if reply else None,
                instead=declared.get("instead", ""),
                name=said.get("name", source),
                ask=said.get("ask", ""),
                message=said.get("message", ""),
            )
        )
    return found


def _state(work: Work, source: str, reply: Reply | None) -> str:
    if reply is None:
        return "wanted"
    if reply.state == "pending":
        over = reply.until is not None and reply.until <= clock.now()
        return "expired" if over else "opened" if reply.opened else "sent"
    confirmed = work.state.facts.get(work.service["sources"][source]["confirms"])
    return "confirmed" if confirmed is not None and confirmed.value is True else "refused"


def handed(work: Work, source: str) -> dict[str, Any]:
    """What the party will be told, by the facts of the service that the link opens, in JSON form.

    A list of persons becomes their names, a line each; while it is open, only the applicant is named.
    """
    facts, found = work.facts(), {}
    for there, own in work.service["sources"][source]["hands"].items():
        value = work.law.value(facts, own)
        kind = work.law.document.type_of(own)
        if kind.is_record_list:
            persons = [] if isinstance(value, Unknown) else encode(value)
            found[there] = "\n".join(map(_name, persons)) or _own_name(work)
        elif not isinstance(value, Unknown):
            found[there] = encode(value)
    return {name: value for name, value in found.items() if value != ""}


def _name(person: Mapping[str, Any]) -> str:
    return f"{person['vornamen']} {person['familienname']}"


def _own_name(work: Work) -> str:
    """The name that the applicant's identity told."""
    names = (work.state.facts.get(name) for name in ("vornamen", "familienname"))
    return " ".join(str(fact.value) for fact in names if fact is not None)


def initials(work: Work) -> str:
    """Of the applicant: enough to be recognised by whoever expects the link, of no use to anybody else."""
    return " ".join(f"{word[0]}." for word in _own_name(work).split() if word)


def revoke_unneeded(work: Work) -> None:
    """A link that the case needs no more ends: the person has chosen another way."""
    facts = work.facts()
    for source, declared in _declared(work):
        reply = work.state.replies.get(source)
        waits = reply is not None and reply.state == "pending"
        if waits and any(work.law.value(facts, need) is False for need in declared["needs"]):
            revoke(work, source)


def revoke(work: Work, source: str, *, actor: str = "system") -> None:
    """End the link to a party. Whoever has opened it goes on for nobody."""
    reply = work.state.replies[source]
    work.add(REVOKED, {"source": source, "invitation": reply.message}, actor=actor)
    Invitation.objects.filter(municipality_id=work.case.municipality_id, id=reply.message).update(
        revoked_at=clock.now()
    )


def tell_inviter(work: Work) -> None:
    """In a case that a link opened: note what became of it, once, and let a job tell the other case."""
    if not any(source["kind"] == INVITATION for source in work.service["sources"].values()):
        return
    confirmed = _is_confirmed(work)
    if work.state.told == confirmed:
        return
    invitation = Invitation.objects.filter(municipality_id=work.case.municipality_id, answer=work.case.id).first()
    if invitation is not None:
        from formlos.cases import tasks

        work.add(TOLD, {"confirmed": confirmed})
        jobs.defer(tasks.hear_party, invitation=str(invitation.id))


def _is_confirmed(work: Work) -> bool:
    """Decided with every goal reached, and neither withdrawn nor reversed."""
    state = work.state
    return bool(state.decision) and not state.ended and all(v is True for v in (state.decision or {})["goals"].values())


def _declared(work: Work) -> Iterator[tuple[str, Mapping[str, Any]]]:
    return ((name, source) for name, source in work.service["sources"].items() if source["kind"] == PARTY)
