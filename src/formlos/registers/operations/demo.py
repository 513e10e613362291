"""Enters the people of the demonstration street into the register of a municipality."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from formlos.base import clock
from formlos.base.tenancy import current_municipality
from formlos.registers.models import Building, Dwelling, Lock, Relation, Residence, Resident, Street
from formlos.registers.operations.persons import searchable
from formlos.registers.population.demo import (
    LANDLORD,
    LANDLORD_ADDRESS,
    DemoHousehold,
    DemoStreet,
    demo_id,
    demo_street,
)

FIRST_LIVED_IN_AREA = 84
YEARS_AT_FORMER_ADDRESS = 5


def ensure_demo_people() -> bool:
    """Build the demonstration street with its people and free dwellings; tells whether it was missing."""
    municipality = current_municipality()
    demo = demo_street(ags=municipality.ags, municipality=municipality.name)
    if Street.objects.filter(name=demo.street).exists():
        return False
    street = Street.objects.create(name=demo.street)
    for household in demo.households:
        dwelling = _dwelling(demo, street, household.hausnummer, FIRST_LIVED_IN_AREA)
        _enter(demo, household, dwelling)
    for hausnummer, area in demo.free:
        _dwelling(demo, street, hausnummer, area)
    return True


def _dwelling(demo: DemoStreet, street: Street, hausnummer: str, area: int) -> Dwelling:
    building = Building.objects.create(
        street=street, hausnummer=hausnummer, postleitzahl=demo.postleitzahl, ort=demo.ort
    )
    return Dwelling.objects.create(
        id=demo_id(demo.ags, street.name, hausnummer),
        building=building,
        wohnflaeche=area,
        eigentuemer_name=LANDLORD,
        wohnungsgeber_name=LANDLORD,
        wohnungsgeber_anschrift=f"{LANDLORD_ADDRESS}, {demo.postleitzahl} {demo.ort}",
    )


def _enter(demo: DemoStreet, household: DemoHousehold, dwelling: Dwelling) -> None:
    recorded: dict[str, Any] = {"recorded_at": clock.now()}
    for member in household.members:
        names = {name: member.facts.get(name, "") for name in ("familienname", "vornamen", "geburtsname")}
        Resident.objects.create(id=member.id, **member.facts, suchform=searchable(**names), **recorded)
        since = max(household.since, member.facts["geburtsdatum"])
        status = "haupt" if household.elsewhere else "alleinige"
        _residence(member.id, status, since, dwelling=dwelling)
        if household.elsewhere:
            _residence(member.id, "neben", since, anderswo=household.elsewhere)
        if household.eid_street:
            former = _dwelling(demo, Street.objects.create(name=household.eid_street), "2", FIRST_LIVED_IN_AREA)
            before = since - timedelta(days=365 * YEARS_AT_FORMER_ADDRESS)
            _residence(member.id, "alleinige", before, dwelling=former, auszugsdatum=since)
        if member.lock:
            Lock.objects.create(resident_id=member.id, kind=member.lock, **recorded)
    _relate(household, recorded)


def _residence(resident_id: Any, status: str, since: date, **place: Any) -> None:
    Residence.objects.create(
        resident_id=resident_id,
        status=status,
        einzugsdatum=since,
        anmeldedatum=since,
        recorded_at=clock.now(),
        **place,
    )


def _relate(household: DemoHousehold, recorded: dict[str, Any]) -> None:
    adults = [member for member in household.members if not member.is_child]
    if household.couple:
        one, other = adults
        Relation.objects.create(kind=household.couple, resident_id=one.id, related_id=other.id, **recorded)
    for child in household.members:
        for adult in adults if child.is_child else ():
            Relation.objects.create(
                kind=Relation.PARENT, resident_id=adult.id, related_id=child.id, sorgerecht=True, **recorded
            )
