"""What a registration writes about the people themselves: facts, family, objections."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from formlos.registers.models import Lock, Relation, Resident
from formlos.registers.operations.history import Recorder
from formlos.registers.values import as_date, as_text, is_given
from formlos.vocabulary import check_name, search_form

NAMES = ("familienname", "geburtsname", "vornamen", "rufname")
TEXTS = (
    *NAMES,
    "doktorgrad",
    "geburtsort",
    "geschlecht",
    "staatsangehoerigkeit",
    "familienstand",
    "religion",
    "identifikationsnummer",
    "ausweis_nummer",
)
DATES = ("geburtsdatum", "ausweis_gueltig_bis")
PARTNERS = {"VH": Relation.SPOUSE, "LP": Relation.PARTNER}

Person = Mapping[str, Any]


class UnknownObjection(Exception):
    """There is no right to object to such a transmission."""

    code = "unknown_objection"


def register_person(recorder: Recorder, person: Person, known: Resident | None) -> Resident:
    """Add a person, or bring a known one up to date with what is given. Raises ``NameNotAllowed``."""
    facts = _facts(person)
    if known is None:
        resident = Resident(**facts, suchform=searchable(**{name: facts.get(name, "") for name in NAMES}))
        recorder.add(resident)
        return resident
    names = {name: facts.get(name, getattr(known, name)) for name in NAMES}
    recorder.update(known, **facts, suchform=searchable(**names))
    return known


def relate_family(recorder: Recorder, family: Sequence[tuple[Person, Resident]]) -> None:
    """Link spouses or partners, and parents with minor children, as their roles say.

    NOT COVERED: step-parents, because a transmitted person does not say who the legal representatives are
    (§ 3 Abs. 1 Nr. 9 BMG); both adults of the household count as parents.
    """
    adults = [(person, resident) for person, resident in family if as_text(person.get("rolle")) != "kind"]
    partners = [item for item in adults if as_text(item[0].get("rolle")) in ("antragsteller", "ehegatte")]
    wanted = []
    if len(partners) == 2:
        (one, first), (_, second) = partners
        wanted.append((PARTNERS.get(as_text(one.get("familienstand")), Relation.SPOUSE), first, second))
    for person, child in family:
        if as_text(person.get("rolle")) == "kind":
            wanted += [(Relation.PARENT, adult, child) for _, adult in adults]
    known = _known_relations([resident for _, resident in family]) if wanted else set()
    for kind, resident, related in wanted:
        if frozenset((resident.id, related.id)) not in known:
            recorder.add(Relation(kind=kind, resident=resident, related=related, sorgerecht=kind == Relation.PARENT))


def object_to_transmissions(
    recorder: Recorder, residents: Sequence[Resident], kinds: Sequence[str], *, since: date
) -> None:
    """Note objections (§ 42 Abs. 3, § 50 Abs. 5 BMG) for everyone who registers together, from a day on.

    One that holds stays as it is, from when it began; one whose end is near holds on; one taken back begins anew, and
    one that would only begin later begins now.

    Protection (§§ 51, 52 BMG) is no objection: an authority grants it. Raises ``UnknownObjection``.
    """
    if unknown := [kind for kind in kinds if kind not in Lock.OBJECTIONS]:
        raise UnknownObjection(f"no objection is called {', '.join(unknown)}")
    rows = Lock.objects.select_related("change").filter(resident__in=residents, kind__in=kinds)
    noted: dict[tuple[Any, str], Lock | None] = {(lock.resident_id, lock.kind): lock for lock in rows}
    for resident in residents:
        for kind in kinds:
            if (resident.id, kind) not in noted:
                noted[resident.id, kind] = None
                recorder.add(Lock(resident=resident, kind=kind, since=since))
            elif lock := noted[resident.id, kind]:
                recorder.update(lock, since=_begins(lock, since), until=None)


def _begins(lock: Lock, since: date) -> date | None:
    if lock.until and lock.until <= since:
        return since
    return lock.since and min(lock.since, since)


def searchable(*, familienname: str, vornamen: str, geburtsname: str = "", rufname: str = "") -> str:
    """All names for searching, family name first. The usual name is one of the first names already."""
    return search_form(f"{familienname} {vornamen} {geburtsname}")


def _facts(person: Person) -> dict[str, Any]:
    """The facts that are given, as the register holds them; what is known to be none is empty."""
    facts: dict[str, Any] = {name: as_text(person[name]) for name in TEXTS if name in person}
    facts |= {name: check_name(facts[name]) for name in NAMES if facts.get(name)}
    return facts | {name: as_date(person[name]) for name in DATES if is_given(person.get(name))}


def _known_relations(residents: Sequence[Resident]) -> set[frozenset[Any]]:
    pairs = Relation.objects.filter(resident__in=residents, related__in=residents)
    return {frozenset(pair) for pair in pairs.values_list("resident_id", "related_id")}
