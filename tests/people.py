"""People for tests: those of the demonstration streets, others entered by the register itself, and free dwellings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from formlos.base import clock
from formlos.base.effects import EffectContext
from formlos.base.ids import new_id
from formlos.base.tenancy import Municipality, within
from formlos.registers.models import Building, Dwelling, Residence, Resident, Street
from formlos.registers.operations.codes import confirm_dwelling
from formlos.registers.operations.moves import move_in
from formlos.registers.queries.demo import demo_people
from formlos.registers.queries.records import snapshot

AREA = 90
LANDLORD = "Wohnbau Lerchenfeld eG"
SINCE = date(2020, 5, 1)

Address = dict[str, Any]


@dataclass(frozen=True)
class Mover:
    """Somebody with a card. ``household`` are the ids in the old register, the mover's own first."""

    key: str
    name: str
    eid: dict[str, Any]
    household: tuple[UUID, ...]


@dataclass(frozen=True)
class Home:
    """A free dwelling and the code that its landlord gave."""

    anschrift: Address
    code: str
    id: UUID


def demo(town: Municipality, key: str) -> Mover:
    """A person of the town's demonstration street."""
    with within(town):
        found = next(person for person in demo_people() if person.key == key)
    return Mover(found.key, found.name, found.eid, (found.resident_id, *_others(found)))


def _others(person: Any) -> list[UUID]:
    return [other for other in person.household if other != person.resident_id]


def build(town: Municipality, *, number: str, street: str = "Teststraße", **facts: Any) -> tuple[UUID, Address]:
    """A house with one unit; returns its id and address."""
    with within(town):
        row, _ = Street.objects.get_or_create(name=street)
        ort, postcode = town.name, f"{town.ags[:2]}123"
        building = Building.objects.create(street=row, hausnummer=number, postleitzahl=postcode, ort=ort)
        usual = {"wohnflaeche": AREA, "eigentuemer_name": LANDLORD, "wohnungsgeber_name": LANDLORD}
        dwelling = Dwelling.objects.create(building=building, **(usual | facts))
    address = {"strasse": street, "hausnummer": number, "zusatz": None, "postleitzahl": postcode}
    return dwelling.id, address | {"ort": ort, "ags": town.ags}


def home(
    town: Municipality, *, number: str, day: date | None = None, street: str = "Neubaugasse", **facts: Any
) -> Home:
    """A free dwelling whose landlord has confirmed the move of this day (today)."""
    dwelling, address = build(town, number=number, street=street, **facts)
    with within(town):
        if not Dwelling.objects.get(id=dwelling).ist_wohnung:
            return Home(address, "", dwelling)
        code = confirm_dwelling(dwelling_id=dwelling, einzugsdatum=day or clock.today(), personen=[])
    return Home(address, code, dwelling)


def person(vornamen: str, familienname: str, born: str = "1988-04-12", **facts: Any) -> dict[str, Any]:
    """Facts of a grown-up person, single and German unless ``facts`` say otherwise."""
    usual: dict[str, Any] = dict.fromkeys(
        ("geburtsname", "rufname", "doktorgrad", "identifikationsnummer", "religion", "ausweis_nummer")
    )
    usual |= {"geburtsort": "Fürth", "geschlecht": "w", "staatsangehoerigkeit": "DEU", "familienstand": "LD"}
    usual |= {"ausweis_gueltig_bis": None, "rolle": "antragsteller", "key": str(new_id())}
    return usual | {"vornamen": vornamen, "familienname": familienname, "geburtsdatum": born} | facts


def settle(
    town: Municipality, address: Address, *members: dict[str, Any], since: date = SINCE, status: str = "alleinige"
) -> Mover:
    """Let the register enter people for an address; the first of them has the card."""
    now = clock.now()
    case = new_id()
    with within(town):
        context = EffectContext(town.id, case, f"{case}:before", now, clock.today())
        arguments = {
            "personen": list(members),
            "anschrift": address,
            "einzugsdatum": since.isoformat(),
            "wohnungsstatus": status,
        }
        outcome = move_in(arguments, context)
    ids = tuple(UUID(outcome["residents"][member["key"]]) for member in members)
    return Mover(str(ids[0]), f"{members[0]['vornamen']} {members[0]['familienname']}", card(members[0], address), ids)


def card(member: Mapping[str, Any], address: Address | None, *, kind: str = "personalausweis") -> dict[str, Any]:
    """What the chip of the person's card tells."""
    names = ("familienname", "vornamen", "geburtsname", "doktorgrad", "geburtsdatum", "geburtsort")
    told = {name: member[name] for name in (*names, "staatsangehoerigkeit")}
    return told | {"ausweis_art": kind, "anschrift": address}


def present(town: Municipality, name: str) -> list[Address]:
    """Where people of this name (``vornamen familienname``) live in the town now, one address for each residence."""
    with within(town):
        ids = [row.id for row in Resident.objects.all() if f"{row.vornamen} {row.familienname}" == name]
        told = snapshot(residents=ids, today=clock.today())
    return [
        dwelling["anschrift"]
        for one in told.values()
        for dwelling in one["wohnungen"]
        if dwelling["auszugsdatum"] is None and dwelling["anschrift"]["ort"] == town.name
    ]


def residences(town: Municipality, ids: Sequence[UUID]) -> list[Residence]:
    """All residences of these residents, past ones included."""
    with within(town):
        return list(Residence.objects.filter(resident__in=ids).order_by("einzugsdatum", "id"))
