"""The people of the demonstration street, and what their identity cards say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from formlos.base.tenancy import current_municipality
from formlos.registers.models import Residence, Resident
from formlos.registers.population.demo import DemoHousehold, DemoMember, DemoStreet, demo_street
from formlos.registers.queries.addresses import FreeDwelling, address_of, free_dwellings

_NEVER = datetime.fromtimestamp(0, UTC)
ON_THE_CARD = ("familienname", "geburtsname", "vornamen", "doktorgrad", "geburtsdatum", "geburtsort")


@dataclass(frozen=True)
class DemoPerson:
    """An adult with a card. ``eid`` says what the chip tells, as JSON: names, birth, document and ``anschrift``."""

    key: str
    name: str
    story: str
    resident_id: UUID
    household: tuple[UUID, ...]
    eid: dict[str, Any]


def demo_people() -> list[DemoPerson]:
    """The adults of the demonstration street that the register knows, in the order of their stories."""
    demo = _street()
    known = set(
        Resident.objects.filter(
            id__in=[member.id for household in demo.households for member in household.members]
        ).values_list("id", flat=True)
    )
    return [
        DemoPerson(
            key=member.key,
            name=f"{member.facts['vornamen']} {member.facts['familienname']}",
            story=household.story,
            resident_id=member.id,
            household=tuple(other.id for other in household.members),
            eid=_card(demo, household, member),
        )
        for household in demo.households
        for member in household.members
        if member.id in known and not member.is_child
    ]


@dataclass(frozen=True)
class DemoLine:
    """People of one dwelling as the register has them now. ``left_for``: their new address, None while they live here;
    ``changed_at``: when a case wrote it, None for the initial stock.
    """

    names: tuple[tuple[str, str], ...]
    anschrift: dict[str, str | None]
    since: date
    left_for: dict[str, str | None] | None
    changed_at: datetime | None


def demo_register(*, newest: int = 40) -> list[DemoLine]:
    """Where the people of the demonstration street live, and whom a case entered; what changed last comes first.

    Of those whom cases entered, the ``newest`` entries at most.
    """
    street = [member.id for household in _street().households for member in household.members]
    changed = Residence.objects.filter(change__isnull=False).order_by("-recorded_at").values_list("resident_id")
    rows = Residence.objects.select_related("resident", "dwelling__building__street").filter(
        Q(resident__in=street) | Q(resident__in=[key for (key,) in changed[:newest]]), dwelling__isnull=False
    )
    last: dict[UUID, Residence] = {}
    for row in rows.order_by("einzugsdatum", "recorded_at", "resident__geburtsdatum"):
        last[row.resident_id] = row
    together: dict[tuple[Any, ...], list[Residence]] = {}
    for row in sorted(last.values(), key=lambda row: row.resident.geburtsdatum):
        together.setdefault((row.dwelling_id, row.auszugsdatum, str(row.wegzug_nach)), []).append(row)
    lines = [_line(rows) for rows in together.values()]
    return sorted(lines, key=lambda line: (line.changed_at is None, -(line.changed_at or _NEVER).timestamp()))


def _line(rows: list[Residence]) -> DemoLine:
    first = rows[0]
    left = first.auszugsdatum is not None
    moments = [row.recorded_at for row in rows if row.change_id]
    return DemoLine(
        names=tuple((row.resident.vornamen, row.resident.familienname) for row in rows),
        anschrift=address_of(first.dwelling),
        since=first.auszugsdatum or first.einzugsdatum,
        left_for=(first.wegzug_nach or {}) if left else None,
        changed_at=max(moments, default=None),
    )


def demo_dwellings() -> list[FreeDwelling]:
    """Free dwellings of the demonstration street."""
    return free_dwellings(street=_street().street)


def _street() -> DemoStreet:
    municipality = current_municipality()
    return demo_street(ags=municipality.ags, municipality=municipality.name)


def _card(demo: DemoStreet, household: DemoHousehold, member: DemoMember) -> dict[str, Any]:
    """What the chip tells; German cards tell no nationality but are only given to Germans."""
    told = {name: member.facts.get(name) or None for name in ON_THE_CARD}
    address = demo.anschrift(household.hausnummer)
    if household.eid_street:
        address |= {"strasse": household.eid_street, "hausnummer": "2"}
    return told | {
        "geburtsdatum": member.facts["geburtsdatum"].isoformat(),
        "ausweis_art": member.facts["ausweis_art"],
        "staatsangehoerigkeit": member.facts["staatsangehoerigkeit"],
        "anschrift": address,
    }
