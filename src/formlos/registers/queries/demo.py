"""The people of the demonstration street, and what their identity cards say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from formlos.base.tenancy import current_municipality
from formlos.registers.models import Resident
from formlos.registers.population.demo import DemoHousehold, DemoMember, DemoStreet, demo_street
from formlos.registers.queries.addresses import FreeDwelling, free_dwellings

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
