"""Links to second parties: made and ended by the person of a case, opened once by somebody else with an own identity.

The link opens a case of the service that the source names, with what is handed over as its first facts. What becomes
of that case is told to the inviting one by a job (``hear``): each operation locks one case.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from formlos.base import clock, jobs, journal
from formlos.base.limits import Limit
from formlos.base.tenancy import current_municipality_id, within
from formlos.cases import operations
from formlos.cases.access import Person, require_level
from formlos.cases.advance import advance
from formlos.cases.asking import inputs_of
from formlos.cases.links import digest_of, token_of
from formlos.cases.models import Case, Invitation
from formlos.cases.parties import Party, handed, initials, parties_of, revoke
from formlos.cases.state import ANSWERED, INVITED, OPENED_BY_PARTY
from formlos.cases.wording import texts_in
from formlos.cases.work import Work, note, refuse_if_over, working_on
from formlos.catalogue.queries import adopted, law
from formlos.vocabulary import search_form

PERSON = ("familienname", "vornamen", "geburtsdatum")
LINKS_OF_A_CASE = Limit("cases.link", most=10, within=timedelta(days=1))


class NotInvitable(Exception):
    """This case does not want such a link now."""

    code = "not_invitable"


class LinkOver(Exception):
    """There is no such link, or it has ended, was taken back, or somebody else has opened it; nobody is told which."""

    code = "link_over"


class OwnLink(Exception):
    """Whoever asks cannot be the one who answers."""

    code = "own_link"


@dataclass(frozen=True)
class Asked:
    """What may be read of a link by whoever has it, before anybody has signed in."""

    service: str
    level: str
    initials: str
    ask: str
    until: datetime


def invite(*, case_id: UUID, source: str, actor: str) -> Work:
    """Make a link for a party whom the case wants, in place of one made before.

    Raises ``NotInvitable``, ``CaseIsOver``, ``TooMany``.
    """
    LINKS_OF_A_CASE.count(str(case_id))
    with working_on(case_id) as work:
        refuse_if_over(work)
        found = next((one for one in parties_of(work, {}) if one.source == source), None)
        if found is None or found.state == "confirmed":
            raise NotInvitable(source)
        if source in work.state.replies:
            revoke(work, source, actor=actor)
        days = int(work.service["sources"][source]["days"])
        invitation = Invitation(case=work.case, source=source, created_at=clock.now())
        invitation.expires_at = invitation.created_at + timedelta(days=days)
        invitation.digest = digest_of(token_of(invitation.id))
        invitation.save(force_insert=True)
        work.add(INVITED, _invited(work, invitation), actor=actor)
        advance(work)
    return work


def _invited(work: Work, invitation: Invitation) -> dict[str, Any]:
    source = invitation.source
    return {
        "source": source,
        "invitation": str(invitation.id),
        "until": invitation.expires_at.isoformat(),
        "inputs": inputs_of(work, source),
        "handed": handed(work, source),
    }


def take_back(*, case_id: UUID, source: str, actor: str) -> Work:
    """End a link that waits. Raises ``NotInvitable`` when there is none, ``CaseIsOver``."""
    with working_on(case_id) as work:
        refuse_if_over(work)
        reply = work.state.replies.get(source)
        if reply is None or reply.until is None or reply.state != "pending":
            raise NotInvitable(source)
        revoke(work, source, actor=actor)
        advance(work)
    return work


def token_for(work: Work, party: Party) -> str:
    """The token of a link that waits, for the person who made it; empty when there is none."""
    waits = party.state in ("sent", "opened")
    return token_of(UUID(work.state.replies[party.source].message)) if waits else ""


def asked(*, token: str, language: str = "de") -> Asked:
    """What a link asks for, for whoever has it, in a language of the asking service or in German. Raises ``LinkOver``."""
    with within():
        invitation = _found(token)
        work = _waiting(invitation)
        if invitation.answer_id:
            raise LinkOver(invitation.source)
        declared = work.service["sources"][invitation.source]
        service = declared["service"]
        words = texts_in(work.law.document, language).get("parties") or texts_in(work.law.document, "de")["parties"]
        return Asked(
            service=service,
            level=_law_of(service).document.data["service"]["trust_level"],
            initials=initials(work),
            ask=words.get(invitation.source, {}).get("asked", ""),
            until=invitation.expires_at,
        )


def opened_by(*, token: str, subject: str) -> UUID | None:
    """The case that this person opened with the link, however the link stands; None if they did not."""
    with within():
        row = _rows().filter(digest=digest_of(token)).select_related("answer").first()
        return row.answer_id if row and row.answer and row.answer.subject == subject else None


def take(*, token: str, person: Person) -> UUID:
    """Open the link for this person alone: a case of its service, with what is handed over; the same one at a second try.

    Raises ``LinkOver``, ``OwnLink``, ``LevelTooLow``, ``ServiceNotAdopted``.
    """
    with within():
        invitation = _found(token, locked=True)
        if invitation.answer_id:
            if invitation.answer.subject != person.subject:
                raise LinkOver(invitation.source)
            return invitation.answer_id
        inviting = _waiting(invitation)
        if person.subject in (inviting.case.subject, inviting.case.representative) or _is_same(inviting, person):
            raise OwnLink(invitation.source)
        service = inviting.service["sources"][invitation.source]["service"]
        require_level(_law_of(service).document.data, person.level)
        work = operations.open_invited_case(
            service=service, person=person, invitation=invitation.id, given=_handed_with(inviting, invitation)
        )
        invitation.answer = work.case
        invitation.save(update_fields=["answer"])
        from formlos.cases import tasks

        jobs.defer(tasks.note_opened, invitation=str(invitation.id))
        return work.case.id


def _is_same(inviting: Work, person: Person) -> bool:
    """Whether names and birth date are those of the inviting person: a second account makes nobody a second party."""
    own = inviting.state.facts
    told = [(own[name].value if name in own else None, person.identity.get(name)) for name in PERSON]
    return all(one and other and search_form(str(one)) == search_form(str(other)) for one, other in told)


def note_opened(*, invitation_id: UUID) -> None:
    """Journal in the inviting case who has opened the link, by pseudonym and level."""
    with within():
        invitation = _rows().select_related("answer").get(id=invitation_id)
        payload = {"source": invitation.source, "invitation": str(invitation.id), "party": _who(invitation.answer)}
        note(invitation.case_id, OPENED_BY_PARTY, payload, actor=f"party:{invitation.answer.subject}")


def hear(*, invitation_id: UUID) -> None:
    """Take over what became of the case that the link opened. A link that waits no more changes nothing."""
    with within():
        invitation = _rows().select_related("answer").get(id=invitation_id)
        answer = _read(invitation.answer)
        with working_on(invitation.case_id) as work:
            if work.state.decision or work.state.ended or not _still_asks(work, invitation):
                return
            confirmed = answer.state.told
            heard = _heard(work, invitation.source)
            if confirmed is None or confirmed == heard:
                return
            if heard is None and not confirmed and invitation.expires_at <= clock.now():
                return  # a draft that was erased long after is no refusal; the person was told that the link has ended
            _answer(work, invitation, confirmed)
            advance(work)


def _answer(work: Work, invitation: Invitation, confirmed: bool) -> None:
    source, answer = invitation.source, invitation.answer
    declared = work.service["sources"][source]
    values: dict[str, Any] = {declared["confirms"]: confirmed}
    if confirmed and "case" in declared:
        values[declared["case"]] = str(answer.id)
    payload = {
        "source": source,
        "state": "answered",
        "supplier": texts_in(work.law.document, "de").get("parties", {}).get(source, {}).get("name", source),
        "detail": "",
        "basis": declared.get("basis", ""),
        "trust": declared.get("trust", "none"),
        "inputs": dict(work.state.replies[source].inputs),
        "values": values,
        "message": str(invitation.id),
        "party": _who(answer),
    }
    work.add(ANSWERED, payload, actor=f"party:{answer.subject}")


def _who(answer: Case) -> dict[str, str]:
    """The second person as the journal names them: pseudonym in this town and level of trust."""
    return {"subject": answer.subject, "level": _read(answer).state.opened.get("level", "")}


def _heard(work: Work, source: str) -> bool | None:
    fact = work.state.facts.get(work.service["sources"][source]["confirms"])
    return None if fact is None else fact.value is True


def _still_asks(work: Work, invitation: Invitation) -> bool:
    reply = work.state.replies.get(invitation.source)
    return reply is not None and reply.message == str(invitation.id)


def _found(token: str, *, locked: bool = False) -> Invitation:
    rows = _rows().filter(digest=digest_of(token))
    row = (rows.select_for_update() if locked else rows).first()
    if row is None:
        raise LinkOver("")
    return row


def _waiting(invitation: Invitation) -> Work:
    """The inviting case, which still waits for the answer to this link. Raises ``LinkOver``."""
    work = _read(invitation.case)
    over = invitation.revoked_at is not None or invitation.expires_at <= clock.now()
    if over or work.state.decision or work.state.ended or not _still_asks(work, invitation):
        raise LinkOver(invitation.source)
    return work


def _handed_with(work: Work, invitation: Invitation) -> dict[str, Any]:
    """What was handed over when the link was made."""
    for entry in reversed(work.chain.entries):
        payload = entry.payload or {}
        if entry.kind == INVITED and payload.get("invitation") == str(invitation.id):
            return dict(payload["handed"])
    raise LinkOver(invitation.source)


def _rows() -> Any:
    return Invitation.objects.filter(municipality_id=current_municipality_id())


def _read(case: Case) -> Work:
    return Work(case, journal.load(case.id), law(document=case.document, parameters=case.parameters))


def _law_of(service: str) -> Any:
    pinned = adopted(service)
    return law(document=pinned.document, parameters=pinned.parameters)
