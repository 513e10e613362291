"""Finding residents: exactly for self-service, by resemblance for clerks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q

from formlos.law.language import age_on
from formlos.registers.models import Lock, Relation, Residence, Resident
from formlos.registers.models.residents import MAIN
from formlos.registers.queries.addresses import is_at
from formlos.registers.values import as_date, as_text, as_uuid
from formlos.vocabulary import search_form

OF_AGE = 18  # § 2 BGB
PROTECTING = (Lock.AUSKUNFTSSPERRE, Lock.BEDINGTER_SPERRVERMERK)


class PersonNotUnique(Exception):
    """Several residents have these names and this birth date; a clerk must say who is meant."""

    code = "person_not_unique"


@dataclass(frozen=True)
class Found:
    """A resident found by name; ``likeness`` is 1 for equal search forms, less for similar ones."""

    id: UUID
    familienname: str
    vornamen: str
    geburtsdatum: date
    likeness: float


@dataclass(frozen=True)
class Match:
    """A resident whose names, birth date and main dwelling match completely."""

    resident: Resident
    residence: Residence


def resident_by_name(*, name: str, geburtsdatum: date | None = None, limit: int = 20) -> list[Found]:
    """Residents whose names resemble every word of ``name``, the most similar first; at most 200."""
    words = search_form(name).split()
    if not words:
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, likeness FROM search_residents(%s, %s, %s)", [words, geburtsdatum, limit])
        likeness = dict(cursor.fetchall())
    rows = Resident.objects.in_bulk(list(likeness))
    return [
        Found(key, rows[key].familienname, rows[key].vornamen, rows[key].geburtsdatum, degree)
        for key, degree in likeness.items()
    ]


def complete_matches(
    *, familienname: str, vornamen: str, geburtsdatum: date, anschrift: Mapping[str, Any]
) -> list[Match]:
    """Residents matching as § 4 Abs. 2 BMeldDigiV demands: every character of names, birth date and address.

    The address is that of the main dwelling; for those who died or left for an unknown place, the last one.
    """
    rows = Residence.objects.select_related("resident", "dwelling__building__street").filter(
        Q(auszugsdatum__isnull=True) | Q(resident__sterbedatum__isnull=False) | Q(nach_unbekannt=True),
        resident__familienname=familienname,
        resident__vornamen=vornamen,
        resident__geburtsdatum=geburtsdatum,
        dwelling__isnull=False,
        status__in=MAIN,
    )
    latest = {row.resident_id: row for row in rows.order_by("einzugsdatum", "id")}
    return [Match(row.resident, row) for row in latest.values() if is_at(row.dwelling, anschrift)]


def known_residents(persons: Sequence[Mapping[str, Any]]) -> list[Resident | None]:
    """For each transmitted person the resident that they are, if the register knows them; one look for all.

    By the register's own key or the Identifikationsnummer, else by equal names and birth date, unless the
    numbers differ. Raises ``PersonNotUnique``.
    """
    ways = [Q(**described) for person in persons for described in _ways_to_find(person)]
    rows = list(Resident.objects.select_related("change").filter(reduce(or_, ways))) if ways else []
    return [_known_among(rows, person) for person in persons]


def known_resident(person: Mapping[str, Any]) -> Resident | None:
    """The same for one person."""
    return known_residents([person])[0]


def _known_among(rows: Sequence[Resident], person: Mapping[str, Any]) -> Resident | None:
    number, key = _number(person), as_uuid(person.get("key"))
    likely = [row for row in rows if _may_be(row, person, number)]
    own = [row for row in likely if row.id == key]
    own = own or [row for row in rows if number and row.identifikationsnummer == number]
    if own or "familienname" not in person:
        return own[0] if own else None
    names = _names(person)
    named = [row for row in likely if all(getattr(row, name) == value for name, value in names.items())]
    if len(named) > 1:
        raise PersonNotUnique("several residents have these names and this birth date")
    return named[0] if named else None


def _ways_to_find(person: Mapping[str, Any]) -> list[dict[str, Any]]:
    number, key = _number(person), as_uuid(person.get("key"))
    ways = [{"id": key}] if key else []
    ways += [{"identifikationsnummer": number}] if number else []
    return [*ways, _names(person)] if "familienname" in person else ways


def _number(person: Mapping[str, Any]) -> str:
    return as_text(person.get("identifikationsnummer"))


def _names(person: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "familienname": as_text(person["familienname"]),
        "vornamen": as_text(person["vornamen"]),
        "geburtsdatum": as_date(person["geburtsdatum"]),
    }


def household_of(*, resident: Resident, today: date) -> list[tuple[Resident, str]]:
    """The resident, spouse or civil partner, and children who are minors today, as far as they share the main dwelling.

    Each with the role seen from the resident. Adult children register themselves.
    """
    main = Residence.objects.filter(resident=resident, auszugsdatum__isnull=True, status__in=MAIN).first()
    if main is None or main.dwelling_id is None:
        return [(resident, "antragsteller")]
    roles = _roles(resident, today)
    here = Residence.objects.select_related("resident__change").filter(
        resident__in=roles, dwelling=main.dwelling_id, auszugsdatum__isnull=True, status__in=MAIN
    )
    family = [(row.resident, roles[row.resident_id]) for row in here]
    family.sort(key=lambda member: (member[1], member[0].geburtsdatum, member[0].id))
    return [(resident, "antragsteller"), *family]


def protected(*, residents: list[Resident], today: date) -> set[UUID]:
    """Who of them must not be told about: § 51 BMG while it lasts, § 52 BMG."""
    locks = Lock.objects.filter(
        Q(until__isnull=True) | Q(until__gte=today), resident__in=residents, kind__in=PROTECTING
    )
    return set(locks.values_list("resident_id", flat=True))


def separated(*, residents: list[Resident]) -> set[UUID]:
    """Who of them lives apart from their spouse or civil partner for good."""
    apart = Relation.objects.filter(
        Q(resident__in=residents) | Q(related__in=residents), kind__in=(Relation.SPOUSE, Relation.PARTNER)
    ).filter(getrennt_lebend=True)
    return {person for pair in apart.values_list("resident_id", "related_id") for person in pair}


def further_dwellings(*, residents: list[Resident]) -> dict[UUID, int]:
    """How many dwellings in Germany each has beside the main one."""
    counted = dict.fromkeys((resident.id for resident in residents), -1)
    current = Residence.objects.filter(resident__in=residents, auszugsdatum__isnull=True)
    for resident in current.values_list("resident_id", flat=True):
        counted[resident] += 1
    return {resident: max(0, count) for resident, count in counted.items()}


def _roles(resident: Resident, today: date) -> dict[UUID, str]:
    """Spouse or civil partner, and minor children, wherever they live."""
    roles = {}
    relations = Relation.objects.select_related("related").filter(Q(resident=resident) | Q(related=resident))
    for relation in relations:
        if relation.kind != Relation.PARENT:
            other = relation.related_id if relation.resident_id == resident.id else relation.resident_id
            roles[other] = "ehegatte"
        elif relation.resident_id == resident.id and relation.sorgerecht and _is_minor(relation.related, today):
            roles[relation.related_id] = "kind"
    return roles


def _is_minor(resident: Resident, today: date) -> bool:
    return age_on(resident.geburtsdatum, today) < OF_AGE


def _may_be(resident: Resident, person: Mapping[str, Any], number: str) -> bool:
    """Not contradicted by birth date or Identifikationsnummer."""
    if number and resident.identifikationsnummer and number != resident.identifikationsnummer:
        return False
    born = as_date(person.get("geburtsdatum"))
    return born is None or born == resident.geburtsdatum
