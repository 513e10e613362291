"""Invented streets, houses and flats of a town, with owners and landlords."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

from formlos.registers.population.chance import Deck, yes
from formlos.registers.population.data import word_lists, words
from formlos.registers.population.names import Origin

RESIDENTS_PER_STREET, HOUSES_IN_A_ROW = 220, 9
VACANT, NO_DWELLING, BY_COMPANY, BY_OWNER = 0.03, 0.02, 0.45, 0.2
_SIDES = ("links", "rechts", "Mitte")


@dataclass(frozen=True, slots=True)
class Town:
    """What the generator knows of a town. Unlisted towns get postcode 00000, which is not assigned."""

    ags: str
    ort: str
    postcodes: list[str]
    known_streets: dict[str, str]

    @classmethod
    def of(cls, ags: str, name: str) -> Town:
        known: dict[str, Any] = word_lists("towns").get(ags, {"ort": name, "postcodes": "00000", "streets": {}})
        return cls(ags, known["ort"], known["postcodes"].split(), known["streets"])


@dataclass(frozen=True, slots=True)
class House:
    """A building with the number of its units."""

    street: str
    number: str
    postcode: str
    units: int


@dataclass(frozen=True, slots=True)
class Flat:
    """A unit of a house; floor area in square metres."""

    addition: str
    area: int
    is_dwelling: bool
    owner: str
    landlord: str
    landlord_address: str
    vacant: bool


def street_names(chance: Random, town: Town, residents: int) -> dict[str, str]:
    """Street name -> postcode, in a number that suits the number of residents."""
    lists = word_lists("towns")
    stems, ends = words(lists["street_stems"]), words(lists["street_ends"])
    invented = [stem + end for stem in stems for end in ends] + words(lists["street_fields"])
    for person in words(lists["street_people"]):
        invented += [f"{person}{end}" for end in ("straße", "weg", "platz")]
    chance.shuffle(invented)
    wanted = min(len(invented), max(8, residents // RESIDENTS_PER_STREET))
    drawn = {name: chance.choice(town.postcodes) for name in invented[:wanted]}
    return town.known_streets | drawn


class Houses:
    """Draws houses along the streets of a town, endlessly: numbers go on where the last round stopped."""

    def __init__(self, chance: Random, streets: dict[str, str]) -> None:
        self._chance, self._streets = chance, streets
        self._units = Deck(chance, {1: 22, 2: 12, 4: 12, 6: 18, 8: 16, 10: 9, 14: 6, 20: 3, 30: 2})

    def __iter__(self) -> Iterator[House]:
        next_number = dict.fromkeys(self._streets, 1)
        while True:
            for street, postcode in self._streets.items():
                for _ in range(self._chance.randint(2, HOUSES_IN_A_ROW)):
                    letter = "a" if yes(self._chance, 0.06) else ""
                    yield House(street, f"{next_number[street]}{letter}", postcode, self._units.draw())
                    next_number[street] += self._chance.choice((1, 1, 2, 2, 2, 3))


class Flats:
    """Draws the flats of a house."""

    def __init__(self, chance: Random, town: Town, streets: dict[str, str], owners: Callable[[], Origin]) -> None:
        self._chance, self._owners = chance, owners
        self._addresses = [f"{street} 7, {postcode} {town.ort}" for street, postcode in streets.items()]
        self._companies = _companies()

    def of(self, house: House) -> list[Flat]:
        private = not yes(self._chance, BY_COMPANY) or house.units < 4
        owner = self._person() if private else self._chance.choice(self._companies)
        landlord = "" if private and house.units == 1 and not yes(self._chance, BY_OWNER) else owner
        address = self._chance.choice(self._addresses) if landlord else ""
        return [self._flat(house, position, owner, landlord, address) for position in range(house.units)]

    def _flat(self, house: House, position: int, owner: str, landlord: str, address: str) -> Flat:
        shop = house.units > 3 and position == 0 and yes(self._chance, NO_DWELLING * house.units)
        area = self._chance.randint(95, 190) if house.units == 1 else self._chance.randint(28, 125)
        addition = "" if house.units == 1 else "Laden" if shop else _addition(position)
        vacant = shop or yes(self._chance, VACANT)
        return Flat(addition, area, not shop, owner, landlord, address, vacant)

    def _person(self) -> str:
        origin = self._owners()
        sex = self._chance.choice("mw")
        first_names, _ = origin.first_names(sex, self._chance.randint(1940, 1985))
        return f"{first_names} {origin.family_name().of(sex)}"


def _addition(position: int) -> str:
    floor, side = divmod(position, len(_SIDES))
    return f"{floor}. OG {_SIDES[side]}" if floor else f"EG {_SIDES[side]}"


def _companies() -> list[str]:
    lists = word_lists("towns")
    forms = words(lists["company_forms"])
    return [f"{name} {form}" for name in words(lists["companies"]) for form in forms]
