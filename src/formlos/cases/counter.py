"""At the counter: a clerk sees who is there and runs the person's case for them, by the same questions and rules.

What the clerk saw of the identity document becomes facts of the case; what the person answers is journalled as theirs,
with the clerk's name. Nobody else reaches the case meanwhile, and access ends when the clerk leaves it, or in time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from formlos.base import clock, journal
from formlos.base.journal import Entry
from formlos.base.tenancy import current_municipality_id, within
from formlos.cases.advance import DEFAULT_OFFICE, advance
from formlos.cases.beginning import ONE_PRESS, lock
from formlos.cases.identifying import Check, marks_for, marks_in, require_document, require_same_person, seen_facts
from formlos.cases.models import Case, CounterVisit, Preparation
from formlos.cases.operations import pins
from formlos.cases.queries import for_reading
from formlos.cases.state import ASSERTED, CHECKED, COUNTER_LEFT, COUNTER_OPENED, OPENED, PERSON_SPEAKS
from formlos.cases.work import NoSuchCase, Work, asserted, note, opening, working_on
from formlos.catalogue.queries import Adopted, ServiceNotAdopted, adopted, law
from formlos.law import Document

SUPPLIER = "Am Schalter geprüft"
IDLE, LONGEST = timedelta(minutes=30), timedelta(hours=4)
REFUSED_DOCUMENT = "identity.refused"
NORM = "§ 23 Abs. 1 BMG"


class NoVisit(LookupError):
    """This clerk does not run this case now: find it again, with the person's document."""

    code = "no_visit"


class StillBusy(Exception):
    """The clerk has not left another person's case yet."""

    code = "still_busy"


class OtherOffice(Exception):
    """Another office does this service."""

    code = "other_office"


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

    One that this clerk opened for the same document within the last minute, and in which nobody has answered since, is
    run again instead. Raises ``ServiceNotAdopted``, ``OtherOffice``, ``CheckRefused``, ``StillBusy``.
    """
    pinned = adopted(service)
    declared = law(document=pinned.document, parameters=pinned.parameters).document.data
    if declared["service"]["trigger"] != "portal":
        raise ServiceNotAdopted(service)
    _require_office(declared, clerk)
    require_document(check)
    with within():
        lock(f"counter {current_municipality_id()} {clerk.issuer} {clerk.subject}")
        found = _opened_just_now(pinned, clerk, check)
        with opening(pinned, channel="counter") if found is None else working_on(found) as work:
            if found is None:
                work.add(OPENED, pins(pinned, channel="counter") | {"level": "none"}, actor=f"clerk:{clerk.name}")
            _take_over(work, clerk, check)
    return work


def _opened_just_now(pinned: Adopted, clerk: Clerk, check: Check) -> UUID | None:
    """The case that an earlier press of the same button has opened."""
    rows = Case.objects.filter(
        municipality_id=current_municipality_id(),
        service=pinned.service,
        document=pinned.document,
        parameters=pinned.parameters,
        channel="counter",
        opened_at__gt=clock.now() - ONE_PRESS,
    )
    for row in rows.order_by("-opened_at"):
        entries = journal.load(row.id).entries
        if _is_of_this_press(entries, clerk, check, law(document=row.document, parameters=row.parameters).document):
            return row.id
    return None


def _is_of_this_press(entries: Sequence[Entry], clerk: Clerk, check: Check, document: Document) -> bool:
    """Whether nobody but this clerk has said anything, and what they saw is the same."""
    if any(entry.actor.startswith(PERSON_SPEAKS) for entry in entries):
        return False
    mine = [(entry.kind, entry.payload or {}) for entry in entries if entry.actor == f"clerk:{clerk.name}"]
    seen = {payload["document"] + payload["ending"] for kind, payload in mine if kind == CHECKED}
    told = {path: value for kind, payload in mine if kind == ASSERTED for path, value in payload["values"].items()}
    same = {path: value for _source, values in seen_facts(document, check) for path, value in values.items()}
    return seen == {check.document + check.ending} and told == same


def open_case_of_person(*, case_id: UUID, clerk: Clerk, check: Check) -> Work:
    """Run a case that the person began. Who prepared it without identifying has no access from now on.

    One that is over can be looked at and printed. Raises ``NoSuchCase``, ``OtherOffice``, ``OtherPerson``,
    ``NotComparable``, ``ActsNoMore``, ``CheckRefused``, ``StillBusy``.
    """
    with working_on(case_id) as work:
        if work.case.channel == "message":
            raise NoSuchCase(str(case_id))
        _require_office(work.service, clerk)
        require_document(check)
        require_same_person(work, check)
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
    checked = seen | {"document": check.document, "ending": check.ending}
    work.add(CHECKED, checked | _new_marks(work, check), actor=actor)
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


def _new_marks(work: Work, check: Check) -> dict[str, list[str]]:
    """What to know the person by the next time, where nothing is kept yet."""
    if marks_in(work) or work.case.representative:
        return {}
    return marks_for(work.service, check.person, for_child=False)


def _assert_checked(work: Work, check: Check, actor: str) -> None:
    """What the clerk saw, as facts of the sources of kind clerk that the service declares; what is known stays."""
    is_childs = bool(work.case.representative)
    for source, values in seen_facts(work.law.document, check, known=work.state.facts, for_child=is_childs):
        basis = work.service["sources"][source].get("basis", "")
        payload = asserted(values, source=source, supplier=SUPPLIER, basis=basis, trust="high", by_clerk=True)
        work.add(ASSERTED, payload, actor=actor)


def _require_office(service: Mapping[str, Any], clerk: Clerk) -> None:
    if clerk.office not in offices_of(service):
        raise OtherOffice(clerk.office)


def _visit(row: CounterVisit) -> Visit:
    return Visit(row.id, row.case_id, row.office, row.opened_at, row.until, row.plain, row.large)
