"""At the counter: a clerk sees who is there and runs the person's case for them, by the same questions and rules.

What the clerk saw of the identity document becomes facts of the case; what the person answers is journalled as theirs,
with the clerk's name. Nobody else reaches the case meanwhile, and access ends when the clerk leaves it, or in time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from formlos.base import clock
from formlos.base.tenancy import current_municipality_id, within
from formlos.cases.advance import DEFAULT_OFFICE, advance
from formlos.cases.models import CounterVisit, Preparation
from formlos.cases.operations import pins
from formlos.cases.queries import for_reading
from formlos.cases.state import ASSERTED, CHECKED, COUNTER_LEFT, COUNTER_OPENED, OPENED
from formlos.cases.values import values_from
from formlos.cases.work import NoSuchCase, Work, asserted, note, opening, working_on
from formlos.catalogue.queries import ServiceNotAdopted, adopted, law
from formlos.vocabulary.names import search_form

SUPPLIER = "Am Schalter geprüft"
DOCUMENTS = ("personalausweis", "eid_karte", "eat", "reisepass", "anderer")
LONGEST_ENDING = 4
PERSON = ("familienname", "vornamen", "geburtsdatum")  # by which a document is compared with a case
ONLINE_ONLY = {"clerk": (), "identity": ("vertrauensniveau",)}
IDLE, LONGEST = timedelta(minutes=30), timedelta(hours=4)
REFUSED_DOCUMENT = "identity.refused"
NORM = "§ 23 Abs. 1 BMG"


class NoVisit(LookupError):
    """This clerk does not run this case now: find it again, with the person's document."""

    code = "no_visit"


class OtherPerson(Exception):
    """The document does not belong to the person of the case."""

    code = "other_person"


class NotComparable(Exception):
    """The case knows too little of its person to compare a document with, or somebody acts for a child in it."""

    code = "not_comparable"


class StillBusy(Exception):
    """The clerk has not left another person's case yet."""

    code = "still_busy"


class OtherOffice(Exception):
    """Another office does this service."""

    code = "other_office"


class CheckRefused(ValueError):
    """The check of identity is incomplete; ``fields`` names what is missing or wrong."""

    code = "check_refused"

    def __init__(self, fields: Iterable[str]) -> None:
        self.fields = tuple(fields)
        super().__init__(", ".join(self.fields))


@dataclass(frozen=True)
class Clerk:
    """Who works at the counter, as the identity provider names them, and for which office."""

    issuer: str
    subject: str
    office: str

    @property
    def name(self) -> str:
        return self.subject[:80]


@dataclass(frozen=True)
class Check:
    """What the clerk saw. ``document`` is one of ``DOCUMENTS``, ``ending`` its number's last characters or empty.

    ``person`` holds what is read from the document, in JSON form by fact name; data that the case knows is left out.
    """

    document: str
    ending: str = ""
    person: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Visit:
    """A running visit: whose case, until when, and how the person likes to read."""

    id: UUID
    case_id: UUID
    office: str
    opened_at: datetime
    until: datetime
    plain: bool
    large: bool


def offices_of(service: Mapping[str, Any]) -> set[str]:
    """The offices that do a service, by its document's data."""
    declared = {
        source.get("office", DEFAULT_OFFICE) for source in service["sources"].values() if source["kind"] == "clerk"
    }
    return declared or {DEFAULT_OFFICE}


def open_for_person(*, service: str, clerk: Clerk, check: Check) -> Work:
    """Open a case for somebody who stands at the counter, and run it. The case belongs to no account.

    Raises ``ServiceNotAdopted``, ``OtherOffice``, ``CheckRefused``, ``StillBusy``.
    """
    pinned = adopted(service)
    declared = law(document=pinned.document, parameters=pinned.parameters).document.data
    if declared["service"]["trigger"] != "portal":
        raise ServiceNotAdopted(service)
    _require_office(declared, clerk)
    _require_document(check)
    with opening(pinned, channel="counter") as work:
        work.add(OPENED, pins(pinned, channel="counter") | {"level": "none"}, actor=f"clerk:{clerk.name}")
        _take_over(work, clerk, check)
    return work


def open_case_of_person(*, case_id: UUID, clerk: Clerk, check: Check) -> Work:
    """Run a case that the person began. Who prepared it without identifying has no access from now on.

    One that is over can be looked at and printed. Raises ``NoSuchCase``, ``OtherOffice``, ``OtherPerson``,
    ``NotComparable``, ``CheckRefused``, ``StillBusy``.
    """
    with working_on(case_id) as work:
        if work.case.channel == "message":
            raise NoSuchCase(str(case_id))
        _require_office(work.service, clerk)
        _require_document(check)
        _require_same_person(work, check)
        _take_over(work, clerk, check)
    return work


def note_refused(*, case_id: UUID, clerk: Clerk) -> None:
    """Journal that a document was shown that is not the person's."""
    note(case_id, REFUSED_DOCUMENT, {"office": clerk.office, "issuer": clerk.issuer}, actor=f"clerk:{clerk.name}")


def visit_of(case_id: UUID, *, clerk_issuer: str, clerk_subject: str) -> tuple[Visit, Work]:
    """The visit in which this clerk runs this case, prolonged, and the case for reading. Raises ``NoVisit``."""
    with within():
        now = clock.now()
        found = _running(clerk_issuer, clerk_subject).filter(case_id=case_id, until__gt=now).first()
        if found is None:
            raise NoVisit(str(case_id))
        found.until = min(now + IDLE, found.opened_at + LONGEST)
        found.save(update_fields=["until"])
        return _visit(found), for_reading(case_id)


def running_visit(*, clerk_issuer: str, clerk_subject: str) -> Visit | None:
    """The visit that this clerk has not left yet."""
    with within():
        found = _running(clerk_issuer, clerk_subject).filter(until__gt=clock.now()).first()
        return _visit(found) if found else None


def set_reading(visit_id: UUID, *, plain: bool, large: bool) -> None:
    """How the person likes to read: Einfache Sprache, larger text."""
    with within():
        CounterVisit.objects.filter(id=visit_id, ended_at=None).update(plain=plain, large=large)


def leave(*, clerk_issuer: str, clerk_subject: str) -> None:
    """End this clerk's visit, if there is one; the case goes on by itself."""
    with within():
        for found in _running(clerk_issuer, clerk_subject):
            _end(found)


def _running(issuer: str, subject: str) -> Any:
    return CounterVisit.objects.filter(
        municipality_id=current_municipality_id(), issuer=issuer, subject=subject, ended_at=None
    )


def _end(found: CounterVisit) -> None:
    found.ended_at = clock.now()
    found.save(update_fields=["ended_at"])
    note(found.case_id, COUNTER_LEFT, {"office": found.office}, actor=f"clerk:{found.subject[:80]}")


def _take_over(work: Work, clerk: Clerk, check: Check) -> None:
    """Journal who looked and what was seen, take the facts, begin the visit."""
    actor = f"clerk:{clerk.name}"
    seen = {"office": clerk.office, "issuer": clerk.issuer, "norm": NORM}
    running = _running(clerk.issuer, clerk.subject)
    running.filter(case_id=work.case.id).update(ended_at=clock.now())
    if running.exists():
        raise StillBusy(clerk.name)
    work.add(COUNTER_OPENED, seen, actor=actor)
    work.add(CHECKED, seen | {"document": check.document, "ending": check.ending}, actor=actor)
    Preparation.objects.filter(case_id=work.case.id).delete()
    if not (work.state.decision or work.state.ended):
        _assert_checked(work, check, actor)
    advance(work)
    CounterVisit.objects.create(
        case=work.case,
        issuer=clerk.issuer,
        subject=clerk.subject,
        office=clerk.office,
        opened_at=clock.now(),
        until=clock.now() + IDLE,
    )


def _assert_checked(work: Work, check: Check, actor: str) -> None:
    """What the clerk saw, as facts of the sources of kind clerk that the service declares; what is known stays."""
    kind = check.document if check.document in ("personalausweis", "eid_karte", "eat") else "anderer"
    seen: dict[str, Any] = {"ausweis_ist_vorgelegt": True}
    seen |= {} if kind in ("personalausweis", "eid_karte") else {"auslaendischer_ausweis_ist_geprueft": True}
    missing = {"ausweis_art": kind, "vertrauensniveau": "none", **check.person}
    known = work.state.facts
    seen |= {name: value for name, value in missing.items() if name not in known and f"{name}/strasse" not in known}
    told: set[str] = set()
    for source, declared in _seeing(work.service):
        values = values_from(work.law.document, source, seen)
        values = {
            path: value
            for path, value in values.items()
            if path not in told and not path.endswith(ONLINE_ONLY[declared["kind"]])
        }
        told |= set(values)
        if values:
            payload = asserted(
                values, source=source, supplier=SUPPLIER, basis=declared.get("basis", ""), trust="high", by_clerk=True
            )
            work.add(ASSERTED, payload, actor=actor)


def _seeing(service: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    """The clerk's sources first; a fact that only an identity source may tell is told as that one."""
    sources = service["sources"].items()
    return [(name, told) for kind in ("clerk", "identity") for name, told in sources if told["kind"] == kind]


def _require_same_person(work: Work, check: Check) -> None:
    """Family name, one of the given names and the birth date are the same; a case without identity is anybody's.

    Where the birth date is not known, only the document that was seen before is taken. Raises ``OtherPerson``,
    ``NotComparable``.
    """
    if work.case.representative:
        raise NotComparable(work.case.reference)
    known = work.state.facts
    if "familienname" not in known:
        return
    if not all(_same(name, known[name].value, check.person.get(name)) for name in PERSON if name in known):
        raise OtherPerson(work.case.reference)
    if "geburtsdatum" not in known:
        checks = [entry.payload["ending"] for entry in work.chain.of_kind(CHECKED) if entry.payload]
        if not check.ending or check.ending not in checks:
            raise NotComparable(work.case.reference)


def _same(name: str, told: Any, seen: Any) -> bool:
    """Names without accents and case; of the given names one that both have is enough, documents may shorten them."""
    if name == "geburtsdatum":
        return str(told) == str(seen)
    ours, theirs = search_form(str(told)), search_form(str(seen or ""))
    return bool(set(ours.split()) & set(theirs.split())) if name == "vornamen" else bool(ours) and ours == theirs


def _require_document(check: Check) -> None:
    wrong = [] if check.document in DOCUMENTS else ["document"]
    if len(check.ending) > LONGEST_ENDING or not (check.ending.isalnum() or not check.ending):
        wrong.append("ending")
    if wrong:
        raise CheckRefused(wrong)


def _require_office(service: Mapping[str, Any], clerk: Clerk) -> None:
    if clerk.office not in offices_of(service):
        raise OtherOffice(clerk.office)


def _visit(row: CounterVisit) -> Visit:
    return Visit(row.id, row.case_id, row.office, row.opened_at, row.until, row.plain, row.large)
