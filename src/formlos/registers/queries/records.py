"""The register as a record: before and after, history, accesses, and one digest over everything."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Model, Q

from formlos.registers.models import (
    AccessLog,
    Dwelling,
    FormerVersion,
    LandlordConfirmation,
    Lock,
    Relation,
    Residence,
    Resident,
)
from formlos.registers.queries.addresses import address_of
from formlos.registers.queries.objections import not_over
from formlos.registers.queries.people import PROTECTING, protected, separated

STATE = (Resident, Residence, Relation, Lock, LandlordConfirmation)
SECURITY_AUTHORITIES = ("§ 34 Abs. 4", "§ 38 Abs. 4")
TOLD = ("familienname", "geburtsname", "vornamen", "geburtsdatum", "staatsangehoerigkeit", "familienstand")


@dataclass(frozen=True)
class Former:
    """What the register said of a resident until ``recorded_until``, and which case ended that."""

    table: str
    record_id: UUID
    values: dict[str, Any] | None
    recorded_from: datetime | None
    recorded_until: datetime
    caused_by_case: UUID | None
    ended_by_case: UUID
    ended_by: str


@dataclass(frozen=True)
class Access:
    """One reading access to a resident's data."""

    at: datetime
    accessor: str
    purpose: str
    norm: str
    case_id: UUID | None
    data: list[str]


def counts() -> dict[str, int]:
    """Residents, present residences and dwellings of the municipality."""
    return {
        "residents": Residence.objects.filter(auszugsdatum__isnull=True, dwelling__isnull=False)
        .values("resident")
        .distinct()
        .count(),
        "persons": Resident.objects.count(),
        "dwellings": Dwelling.objects.filter(ist_wohnung=True).count(),
    }


def snapshot(*, residents: Sequence[UUID | str], today: date) -> dict[str, dict[str, Any]]:
    """What the register says of these people now, by id, JSON-able: to be compared with another moment.

    Objections that were taken back and bars that have ended are left out.
    """
    people = {str(row.id): _person(row) for row in Resident.objects.filter(id__in=residents).order_by("id")}
    rows = Residence.objects.select_related("dwelling__building__street").filter(resident__in=residents)
    for row in rows.order_by("einzugsdatum", "id"):
        people[str(row.resident_id)]["wohnungen"].append(_residence(row))
    holding = not_over(today) | Q(kind__in=PROTECTING, until=today)  # § 51 Abs. 4 BMG: the last day counts
    for lock in Lock.objects.filter(holding, resident__in=residents).order_by("kind"):
        people[str(lock.resident_id)]["sperren"].append(lock.kind)
    related = Relation.objects.filter(Q(resident__in=residents) | Q(related__in=residents)).order_by("kind", "id")
    for relation in related:
        for person in {str(relation.resident_id), str(relation.related_id)} & set(people):
            people[person]["beziehungen"].append(relation.kind)
    return people


def history_of(*, resident_id: UUID) -> list[Former]:
    """All former versions of the rows about a resident, the oldest first."""
    rows = FormerVersion.objects.select_related("change").filter(resident_id=resident_id)
    return [
        Former(
            row.table,
            row.record_id,
            row.values,
            row.recorded_from,
            row.recorded_until,
            row.caused_by_case,
            row.change.case_id,
            row.change.kind,
        )
        for row in rows.order_by("recorded_until", "change_id", "position")
    ]


def accesses_to(*, resident_id: UUID) -> list[Access]:
    """Who read data of a resident, the latest first (§ 40 BMG)."""
    rows = AccessLog.objects.filter(resident_id=resident_id).order_by("-at", "-id")
    return [Access(row.at, row.accessor, row.purpose, row.norm, row.case_id, row.data) for row in rows]


def accesses_told(*, resident_id: UUID, own: Collection[UUID], today: date, limit: int = 200) -> list[Access]:
    """The latest accesses as the resident may know of them; ``own`` are the resident's own files, always told.

    NOT TOLD: what was read for somebody else's file that also read somebody who is protected today or lives apart from their spouse
    (§§ 51, 52 BMG): the entry would tell that this person has moved. Nor accesses of security authorities (§ 11 Abs. 2
    BMG asks for their consent).
    """
    rows = [
        access
        for access in accesses_to(resident_id=resident_id)[:limit]
        if not access.norm.startswith(SECURITY_AUTHORITIES)
    ]
    others: dict[UUID | None, set[UUID]] = {}
    read_too = AccessLog.objects.filter(case_id__in={row.case_id for row in rows if row.case_id} - set(own))
    for case_id, resident in read_too.exclude(resident_id=resident_id).values_list("case_id", "resident_id"):
        others.setdefault(case_id, set()).add(resident)
    residents = list(Resident.objects.filter(id__in=set().union(*others.values())))
    silent = protected(residents=residents, today=today) | separated(residents=residents)
    return [row for row in rows if not others.get(row.case_id, set()) & silent]


def register_digest() -> str:
    """One SHA-256 over all that the register says, leaving out when and by which case it was written.

    Equal digests mean equal registers: a change that is undone leads back to the same digest, but for a landlord's
    code, on which it stays visible that it was used. Reads every row: milliseconds for a demonstration, seconds for a
    large city.
    """
    with connection.cursor() as cursor:
        digests = [_table_digest(cursor, model) for model in STATE]
    return "sha256:" + hashlib.sha256("/".join(digests).encode()).hexdigest()


def _table_digest(cursor: Any, model: type[Model]) -> str:
    """SHA-256 over the digests of all rows in the order of their keys, computed by PostgreSQL."""
    columns = {field.name: str(field.column) for field in model._meta.concrete_fields}
    fields = [column for name, column in columns.items() if name not in ("change", "recorded_at")]
    row = f"sha256(convert_to(ROW({', '.join(fields)})::text, 'UTF8'))"
    rows = f"SELECT coalesce(string_agg({row}, NULL ORDER BY id), '') AS digests FROM {model._meta.db_table}"
    cursor.execute(f"SELECT encode(sha256(digests), 'hex') FROM ({rows}) AS every_row")
    return str(cursor.fetchone()[0])


def _person(row: Resident) -> dict[str, Any]:
    facts = {name: str(getattr(row, name)) for name in TOLD}
    return facts | {"wohnungen": [], "sperren": [], "beziehungen": [], "merkmale": row.merkmale}


def _residence(row: Residence) -> dict[str, Any]:
    return {
        "anschrift": row.anderswo if row.dwelling is None else address_of(row.dwelling),
        "status": row.status,
        "einzugsdatum": row.einzugsdatum.isoformat(),
        "auszugsdatum": row.auszugsdatum and row.auszugsdatum.isoformat(),
        "zuzug_von": row.zuzug_von,
        "wegzug_nach": row.wegzug_nach,
    }
