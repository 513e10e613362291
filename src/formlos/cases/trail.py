"""What was asked about a person, answered and passed on in a case, as that person may see it.

Of the lists of a service only members whom the case names to this day; of messages only what the service knows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from formlos.base.journal import Entry
from formlos.cases.disclosure import Disclosure, disclosure
from formlos.cases.state import ANSWERED, DONE, INVITED, OPENED_BY_PARTY, RECEIVED, REQUESTED, REVOKED, TOLD, UNDONE
from formlos.cases.values import flatten, type_of
from formlos.cases.wording import texts_in
from formlos.cases.work import Work

ADDRESSING = ("message", "to", "purpose", "norm", "nachricht_id")
APPLICANT = "antragsteller"
SAME_PERSON = ("familienname", "vornamen", "geburtsdatum")


@dataclass(frozen=True)
class Exchange:
    """One step. ``kind``: asked, answered, received, sent or recalled; with second parties also opened and revoked (a
    link) and told (what became of the own case to whoever sent the link). ``partner``: name or official key (AGS).

    ``asked`` holds what was asked with, ``told`` what was said or sent, by path or field, in JSON form; ``state`` is how
    a source answered (``answered``, ``none``, ``down`` …). ``message`` is the message's id or kind, if there was one.
    """

    kind: str
    at: datetime
    partner: str
    purpose: str
    norm: str
    message: str = ""
    state: str = ""
    asked: Mapping[str, Any] = field(default_factory=dict)
    told: Mapping[str, Any] = field(default_factory=dict)


def trail(work: Work) -> list[Exchange]:
    """Everything of the case's journal that went to somebody or came from them, oldest first."""
    told, found = disclosure(work), []
    for entry in work.chain.entries:
        read = _READERS.get(entry.kind)
        if read and entry.payload is not None and (step := read(work, told, entry, entry.payload)):
            found.append(step)
    return found


def own_residents(work: Work) -> set[UUID]:
    """Who of the town's register the person of the case is, where that is certain: as the register itself matched the
    identity completely, or as this case registered its applicant.
    """
    matched = {
        UUID(fact.value)
        for fact in work.state.facts.values()
        if fact.path == "resident" and _kind(work, fact.source) == "register.match" and isinstance(fact.value, str)
    }
    identity = {name: fact.value for name, fact in work.state.facts.items() if _kind(work, fact.source) == "identity"}
    registered = {
        UUID(effect.outcome["residents"][person["key"]])
        for effect in work.state.effects.values()
        if effect.kind == "register.move_in" and effect.state == "done"
        for person in effect.arguments["personen"]
        if person.get("rolle") == APPLICANT and all(person[name] == identity.get(name, "") for name in SAME_PERSON)
    }
    return matched | registered


def _kind(work: Work, source: str) -> str:
    kind: str = work.service["sources"].get(source, {}).get("kind", "")
    return kind


def _asked(work: Work, told: Disclosure, entry: Entry, payload: Mapping[str, Any]) -> Exchange:
    declared = work.service["sources"][payload["source"]]
    return Exchange(
        kind="asked",
        at=entry.at,
        partner=payload.get("to", ""),
        purpose=_purpose(work, payload["source"]),
        norm=declared.get("basis", ""),
        message=payload["message"],
        asked=_inputs(work, told, payload),
    )


def _answered(work: Work, told: Disclosure, entry: Entry, payload: Mapping[str, Any]) -> Exchange:
    return Exchange(
        kind="answered",
        at=entry.at,
        partner=payload["supplier"],
        purpose=_purpose(work, payload["source"]),
        norm=payload["basis"],
        message=payload.get("message", ""),
        state=payload["state"],
        asked=_inputs(work, told, payload),
        told={path: value for path, value in payload["values"].items() if not told.hides_in_journal(path)},
    )


def _received(work: Work, told: Disclosure, entry: Entry, payload: Mapping[str, Any]) -> Exchange:
    said = {path: leaf for name, whole in payload["body"].items() for path, leaf in flatten(name, whole).items()}
    known = {
        path: leaf
        for path, leaf in said.items()
        if type_of(work.law.document, path) and not told.hides_in_journal(path)
    }
    return Exchange("received", entry.at, payload["sender"], "", "", message=payload["kind"], told=known)


def _sent(work: Work, told: Disclosure, entry: Entry, payload: Mapping[str, Any]) -> Exchange | None:
    effect = work.state.effects[payload["effect"]]
    if not effect.kind.startswith("message.") or told.is_about_silent(effect.id):
        return None
    arguments = effect.arguments
    return Exchange(
        kind="sent",
        at=entry.at,
        partner=arguments["to"],
        purpose=arguments["purpose"],
        norm=arguments["norm"],
        message=arguments["message"],
        told=told.rest_of({name: value for name, value in arguments.items() if name not in ADDRESSING}),
    )


def _recalled(work: Work, told: Disclosure, entry: Entry, payload: Mapping[str, Any]) -> Exchange | None:
    effect, sent = work.state.effects[payload["effect"]], payload["reversal"].get("message")
    if not sent or not effect.kind.startswith("message.") or told.is_about_silent(effect.id):
        return None
    arguments = effect.arguments
    return Exchange("recalled", entry.at, arguments["to"], arguments["purpose"], arguments["norm"], message=sent)


def _invited(work: Work, told: Disclosure, entry: Entry, payload: Mapping[str, Any]) -> Exchange:
    """A link was made: what whoever opens it is told, by the facts of the service that it opens."""
    source = payload["source"]
    shown = {path: value for path, value in payload["handed"].items() if not told.hides_in_journal(path)}
    return Exchange(
        "asked",
        entry.at,
        _party(work, source),
        _purpose(work, source),
        _norm(work, source),
        state="invited",
        asked=shown,
    )


def _opened(work: Work, told: Disclosure, entry: Entry, payload: Mapping[str, Any]) -> Exchange:
    source = payload["source"]
    level = payload["party"]["level"]
    return Exchange("opened", entry.at, _party(work, source), level, _norm(work, source))


def _revoked(work: Work, told: Disclosure, entry: Entry, payload: Mapping[str, Any]) -> Exchange:
    source = payload["source"]
    return Exchange("revoked", entry.at, _party(work, source), _purpose(work, source), _norm(work, source))


def _told_inviter(work: Work, told: Disclosure, entry: Entry, payload: Mapping[str, Any]) -> Exchange:
    """In a case that a link opened: only whether it is confirmed goes back."""
    state = "confirmed" if payload["confirmed"] else "refused"
    return Exchange("told", entry.at, "", work.service["service"]["title"], "", state=state)


def _party(work: Work, source: str) -> str:
    name: str = texts_in(work.law.document, "de").get("parties", {}).get(source, {}).get("name", source)
    return name


def _norm(work: Work, source: str) -> str:
    norm: str = work.service["sources"][source].get("basis", "")
    return norm


def _inputs(work: Work, told: Disclosure, payload: Mapping[str, Any]) -> dict[str, Any]:
    """What a source was asked with, by the paths of the facts; without what may not be told."""
    names = work.service["sources"].get(payload["source"], {}).get("inputs", {})
    paths = {names[name]: value for name, value in payload["inputs"].items() if name in names}
    return {path: value for path, value in paths.items() if not told.hides_in_journal(path)}


def _purpose(work: Work, source: str) -> str:
    purpose: str = work.service["sources"][source].get("purpose", work.service["service"]["title"])
    return purpose


Reader = Callable[[Work, Disclosure, Entry, dict[str, Any]], Exchange | None]
_READERS: dict[str, Reader] = {
    REQUESTED: _asked,
    ANSWERED: _answered,
    RECEIVED: _received,
    DONE: _sent,
    UNDONE: _recalled,
    INVITED: _invited,
    OPENED_BY_PARTY: _opened,
    REVOKED: _revoked,
    TOLD: _told_inviter,
}
