"""Cases that begin with another one: an objection to its notice, a correction, a new decision. Both show the link."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from formlos.base import clock, effects, jobs, journal
from formlos.base.effects import EffectContext
from formlos.base.tenancy import current_municipality_id, within
from formlos.cases import operations
from formlos.cases.access import Person, require_level
from formlos.cases.advance import advance
from formlos.cases.identifying import MARKS, marks_for
from formlos.cases.models import Case, CaseLink
from formlos.cases.representation import REPRESENTED, acting, is_open_to
from formlos.cases.state import ASSERTED, LINKED, OPENED, REVIEWED
from formlos.cases.work import SYSTEM, NoSuchCase, Work, asserted, note, opening, working_on
from formlos.catalogue.queries import Adopted, ServiceNotAdopted, adopted, law

TRIGGER = "case"  # of services that no one begins on its own
COPIED = ("identity", "trigger", "applicant", REPRESENTED)  # kinds of sources whose word holds in a new decision, too
CHILD = ("familienname", "vornamen", "geburtsdatum")
ANEW = "neue_entscheidung"


class AlreadyLinked(Exception):
    """Such a case is under way; ``case`` is its id."""

    code = "already_linked"

    def __init__(self, case: UUID) -> None:
        super().__init__(str(case))
        self.case = case


@dataclass(frozen=True)
class Linked:
    """Another case of the same person. ``began``: it began with this one; otherwise this one began with it."""

    case: UUID
    reference: str
    service: str
    document: str
    parameters: str
    relation: str
    about: str
    state: str
    began: bool


def open_linked(
    *, service: str, first: UUID, relation: str, about: str, given: Mapping[str, Any], supplier: str, person: Person
) -> Work:
    """Open a case that begins with another one of the same person; ``given`` are its first facts, told by ``supplier``.

    Raises ``NoSuchCase``, ``AlreadyLinked``, ``ServiceNotAdopted`` and ``LevelTooLow``.
    """
    pinned = adopted(service)
    declared = law(document=pinned.document, parameters=pinned.parameters).document.data
    if declared["service"]["trigger"] != TRIGGER:
        raise ServiceNotAdopted(service)
    require_level(declared, person.level)
    actor = person.actor
    with within():
        case = _lock(first, subject=person.subject)
        if (running := _running(first, relation, about)) is not None:
            raise AlreadyLinked(running)
        child = _child_of(case)
        with opening(pinned, channel="portal", like=case) as work:
            marks = marks_for(declared, person.identity, for_child=bool(case.representative))
            opened = _opened(pinned, first, relation, about) | {"level": person.level} | child.opened | marks
            work.add(OPENED, opened, actor=actor)
            _link(work, first, relation, about, actor=actor)
            own = {path: told for path, told in person.identity.items() if path.partition("/")[0] not in child.names}
            operations.assert_from(work, "identity", own, supplier=person.issuer, actor=actor)
            operations.assert_from(work, "identity", child.facts, supplier=f"Vorgang {case.reference}", actor=actor)
            operations.assert_from(work, "trigger", given, supplier=supplier)
            advance(work)
    return work


@dataclass(frozen=True)
class _Child:
    """What a case of a child hands on: ``opened`` of its first entry, ``facts`` in JSON form by path, and their names."""

    opened: dict[str, Any]
    facts: dict[str, Any]

    @property
    def names(self) -> set[str]:
        return {path.partition("/")[0] for path in self.facts}


def _child_of(case: Case) -> _Child:
    """Empty for the case of somebody who acts for themselves."""
    if not case.representative:
        return _Child({}, {})
    opened: dict[str, Any] = {}
    facts: dict[str, Any] = {}
    for entry in journal.load(case.id).entries:
        told = entry.payload or {}
        if entry.kind == OPENED:
            opened = {"represented": told["represented"]}
        facts |= {path: told["values"][path] for path in CHILD if entry.kind == ASSERTED and path in told["values"]}
    return _Child(opened, facts)


def linked_cases(case_id: UUID) -> list[Linked]:
    """The cases that a case began with and that began with it, oldest link first."""
    with within():
        rows = CaseLink.objects.filter(municipality_id=current_municipality_id()).select_related("first", "case")
        found = [*rows.filter(case_id=case_id), *rows.filter(first_id=case_id)]
        return [_linked(row, case_id) for row in sorted(found, key=lambda row: row.linked_at)]


def decide_anew(*, case_id: UUID, about: str, reason: str) -> None:
    """Take a decision back and let the same declaration be decided again, by the law that holds now.

    Runs once for each ``about``: what demands it. Raises ``NoSuchCase``.
    """
    with within():
        first = _lock(case_id)
        if CaseLink.objects.filter(first=first, relation=ANEW, about=about).exists():
            return
        with working_on(case_id) as work:
            operations.take_back_in(work, reason, SYSTEM)
        pinned = adopted(first.service)
        with opening(pinned, channel="portal", like=first) as again:
            before = work.state.opened
            kept = {"level": before.get("level", "none")} | {name: before[name] for name in (MARKS,) if name in before}
            again.add(OPENED, _opened(pinned, case_id, ANEW, about) | kept | _child_of(first).opened)
            _link(again, case_id, ANEW, about, actor=SYSTEM)
            _copy(work, again)
            again.add(REVIEWED, {"facts": {p: a.value for p, a in again.state.facts.items()}, "of": str(case_id)})
            advance(again)


def register() -> None:
    """Tie effects to what they cause in other cases; called once when the room is ready."""
    effects.local("case.reverse_first")(_reverse_first)
    effects.local("case.decide_anew")(_decide_anew)


def _reverse_first(arguments: Mapping[str, Any], context: EffectContext) -> dict[str, Any]:
    """Take back the case that this one began with, for the ``grund``; by a job, because it is another case."""
    from formlos.cases import tasks

    first = _first_of(context.case_id)
    tasks.reverse_later(case_id=first, reason=arguments["grund"])
    return {"case": str(first)}


def _decide_anew(arguments: Mapping[str, Any], context: EffectContext) -> dict[str, Any]:
    """The same, and let it be decided again."""
    from formlos.cases import tasks

    first = _first_of(context.case_id)
    jobs.defer(tasks.decide_anew, case_id=str(first), about=str(context.case_id), reason=arguments["grund"])
    return {"case": str(first)}


def _first_of(case_id: UUID) -> UUID:
    found: UUID = CaseLink.objects.get(case_id=case_id).first_id
    return found


def _lock(case_id: UUID, *, subject: str | None = None) -> Case:
    rows = Case.objects.select_for_update().filter(municipality_id=current_municipality_id(), id=case_id)
    found = (rows if subject is None else rows.filter(acting(subject))).first()
    if found is None or (subject is not None and not is_open_to(found)):
        raise NoSuchCase(str(case_id))
    return found


def _running(first: UUID, relation: str, about: str) -> UUID | None:
    """A follower of the same kind that has not been taken back: two would be decided apart."""
    found = CaseLink.objects.filter(first_id=first, relation=relation, about=about)
    return (
        found.exclude(case__state__in=(Case.State.WITHDRAWN, Case.State.REVERSED))
        .values_list("case", flat=True)
        .first()
    )


def _opened(pinned: Adopted, first: UUID, relation: str, about: str) -> dict[str, Any]:
    pins = operations.pins(pinned, channel="portal")
    return pins | {"follows": {"case": str(first), "relation": relation, "about": about}}


def _link(work: Work, first: UUID, relation: str, about: str, *, actor: str) -> None:
    CaseLink.objects.create(first_id=first, case=work.case, relation=relation, about=about, linked_at=clock.now())
    told = {"case": str(work.case.id), "reference": work.case.reference, "relation": relation, "about": about}
    note(first, LINKED, told, actor=actor)


def _copy(work: Work, again: Work) -> None:
    """What the person said and what the case began with; who said it when stands in the first journal."""
    sources = work.service["sources"]
    for name, source in again.service["sources"].items():
        if source["kind"] not in COPIED or sources.get(name, {}).get("kind") != source["kind"]:
            continue
        told = [fact for fact in work.state.facts.values() if fact.source == name]
        values = {fact.path: fact.value for fact in told if again.law.document.declared(fact.path)}
        if values:
            supplier, basis, trust = told[0].supplier, source.get("basis", ""), told[0].trust
            again.add("facts.asserted", asserted(values, source=name, supplier=supplier, basis=basis, trust=trust))


def _linked(row: CaseLink, case_id: UUID) -> Linked:
    other = row.case if row.first_id == case_id else row.first
    return Linked(
        case=other.id,
        reference=other.reference,
        service=other.service,
        document=other.document,
        parameters=other.parameters,
        relation=row.relation,
        about=row.about,
        state=other.state,
        began=row.first_id == case_id,
    )
