"""The demonstration street of a town: its people with a story, and free dwellings beside them.

Everything follows from ``data/demo.yaml``; ids follow from municipality and name, so nothing has to be
remembered to find them again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from formlos.registers.population.addresses import Town
from formlos.registers.population.data import word_lists
from formlos.registers.population.identifiers import CAPACITY, document_number, tax_number

FREE_AREAS = (96, 54, 118, 41, 73, 88, 105, 62, 49, 131, 77, 58)
"""Floor areas of the free dwellings in square metres."""
LANDLORD, LANDLORD_ADDRESS = "Baugenossenschaft Sonnenhalde eG", "Zedernplatz 7"
ADULT_DOCUMENT, DOCUMENT_EXPIRES = "personalausweis", date(2033, 12, 31)


@dataclass(frozen=True)
class DemoMember:
    """One person: register facts, and the lock on them if there is one."""

    id: UUID
    key: str
    is_child: bool
    lock: str
    facts: dict[str, Any]


@dataclass(frozen=True)
class DemoHousehold:
    """People in one dwelling of the demonstration street."""

    key: str
    story: str
    hausnummer: str
    since: date
    couple: str
    elsewhere: dict[str, Any] | None
    eid_street: str
    members: tuple[DemoMember, ...]


@dataclass(frozen=True)
class DemoStreet:
    """A street; houses have one dwelling each, the free ones come after the lived-in ones."""

    ags: str
    street: str
    postleitzahl: str
    ort: str
    households: tuple[DemoHousehold, ...]

    @property
    def free(self) -> Iterator[tuple[str, int]]:
        """House number and floor area of each free dwelling."""
        first = 2 * len(self.households) + 1
        return ((str(first + 2 * position), area) for position, area in enumerate(FREE_AREAS))

    def anschrift(self, hausnummer: str) -> dict[str, Any]:
        """An address of the street with the fields of ``vocabulary.Anschrift``."""
        return {
            "strasse": self.street,
            "hausnummer": hausnummer,
            "zusatz": None,
            "postleitzahl": self.postleitzahl,
            "ort": self.ort,
            "ags": self.ags,
        }


def demo_street(*, ags: str, municipality: str) -> DemoStreet:
    """The demonstration street of a municipality; without people where no story is told of it."""
    told = word_lists("demo").get(ags) or word_lists("demo")["any"]
    town = Town.of(ags, municipality)
    numbers = iter(range(CAPACITY - 1, 0, -1))
    households = tuple(
        _household(ags, key, str(2 * position + 1), lists, numbers)
        for position, (key, lists) in enumerate(told["households"].items())
    )
    return DemoStreet(ags, told["street"], told["postcode"] or town.postcodes[0], town.ort, households)


def demo_id(ags: str, *parts: str) -> UUID:
    return uuid5(NAMESPACE_URL, "/".join(("formlos", ags, *parts)))


def _household(ags: str, key: str, hausnummer: str, lists: dict[str, Any], numbers: Iterator[int]) -> DemoHousehold:
    return DemoHousehold(
        key=key,
        story=lists["story"],
        hausnummer=hausnummer,
        since=lists["since"],
        couple=lists.get("couple", ""),
        elsewhere=lists.get("elsewhere"),
        eid_street=lists.get("eid_street", ""),
        members=tuple(_member(ags, key, name, facts, next(numbers)) for name, facts in lists["members"].items()),
    )


def _member(ags: str, household: str, key: str, told: dict[str, Any], number: int) -> DemoMember:
    facts = {"staatsangehoerigkeit": "DEU", "familienstand": "LD", "ausweis_art": ADULT_DOCUMENT} | told
    is_child, lock = bool(facts.pop("child", "")), facts.pop("lock", "")
    if is_child:
        facts["ausweis_art"] = ""
    else:
        facts |= {"ausweis_nummer": document_number(number), "ausweis_gueltig_bis": DOCUMENT_EXPIRES}
    facts["identifikationsnummer"] = tax_number(ags, number)
    return DemoMember(demo_id(ags, household, key), key, is_child, lock, facts)
