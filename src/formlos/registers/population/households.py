"""Who lives together: singles, couples, families, lone parents, shared flats.

Shares and ages follow the rough picture of a large German city; they are plausible, not statistics.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from random import Random

from formlos.registers.population.chance import Deck, yes
from formlos.registers.population.names import FamilyName, Origin, origins

YEAR = 365.2425
MAJORITY, YOUNGEST_PARENT = 18, 18.5
_KINDS = {"single": 49.0, "couple": 25.0, "family": 18.0, "lone_parent": 5.0, "shared_flat": 3.0}
_SINGLE_AGES = {range(18, 26): 13, range(26, 40): 34, range(40, 60): 25, range(60, 75): 15, range(75, 97): 13}
_COUPLE_AGES = {range(21, 30): 13, range(30, 40): 20, range(40, 55): 18, range(55, 70): 30, range(70, 90): 19}


@dataclass(slots=True)
class Member:
    """A person before the register knows them; ``born`` is a proleptic ordinal day."""

    origin: Origin
    sex: str
    born: int
    family: FamilyName
    birth_family: FamilyName | None = None
    status: str = "LD"


@dataclass(slots=True)
class Household:
    """Members by position; ``couples`` are (one, other, kind), ``parents`` (parent, child)."""

    members: list[Member]
    couples: list[tuple[int, int, str]] = field(default_factory=list)
    parents: list[tuple[int, int]] = field(default_factory=list)


class Households:
    """Draws households for the day ``key_date``."""

    def __init__(self, chance: Random, key_date: date) -> None:
        self._chance = chance
        self._today = key_date.toordinal()
        self._origins = Deck(chance, origins(chance))
        self._sexes = Deck(chance, {"m": 49.6, "w": 50.2, "d": 0.2})
        self._kinds = Deck(chance, _KINDS)
        self._single_ages = Deck(chance, _SINGLE_AGES)
        self._couple_ages = Deck(chance, _COUPLE_AGES)
        self._children = Deck(chance, {1: 48, 2: 39, 3: 10, 4: 3})
        self._flatmates = Deck(chance, {2: 40, 3: 35, 4: 18, 5: 7})
        self._names_of_couples = Deck(chance, {"his": 72, "hers": 6, "own": 15, "her_double": 5, "his_double": 2})
        self._draw: dict[str, Callable[[], Household]] = {
            "single": self._single,
            "couple": self._couple,
            "family": self._family,
            "lone_parent": self._lone_parent,
            "shared_flat": self._shared_flat,
        }

    def draw(self, room: int) -> Household:
        """A household of at most ``room`` people."""
        household = self._draw[self._kinds.draw()]()
        return household if len(household.members) <= room else self._single()

    def _single(self) -> Household:
        member = self._person(self._age(self._single_ages.draw()))
        age = (self._today - member.born) / YEAR
        luck = self._chance.random()
        if age > 62:
            member.status = "VW" if luck < 0.45 else "GS" if luck < 0.75 else "LD"
        elif age > 28:
            member.status = "GS" if luck < 0.27 else "VW" if luck < 0.29 else "LD"
        return Household([member])

    def _couple(self) -> Household:
        age = self._age(self._couple_ages.draw())
        return self._two(age, MAJORITY + 1, married=yes(self._chance, 0.45 if age < 32 else 0.82))

    def _family(self) -> Household:
        children = self._children_ages()
        youngest = YOUNGEST_PARENT + children[0]
        household = self._two(self._age_at_birth() + children[0], youngest, married=yes(self._chance, 0.78))
        self._add_children(household, children)
        return household

    def _lone_parent(self) -> Household:
        children = self._children_ages()
        parent = self._person(self._age_at_birth() + children[0], sex="m" if yes(self._chance, 0.13) else "w")
        parent.status = "GS" if yes(self._chance, 0.5) else "VW" if yes(self._chance, 0.05) else "LD"
        household = Household([parent])
        self._add_children(household, children)
        return household

    def _shared_flat(self) -> Household:
        return Household([self._person(self._age(range(19, 34))) for _ in range(self._flatmates.draw())])

    def _two(self, age: float, youngest: float, *, married: bool) -> Household:
        """Two adults; the first is ``age`` years old, the second mostly a little older, at least ``youngest``."""
        same_sex = yes(self._chance, 0.025)
        first = self._person(age, sex="w" if not same_sex or yes(self._chance, 0.5) else "m")
        origin = first.origin if yes(self._chance, 0.8) else self._origins.draw()
        other_age = max(youngest, age + self._chance.gauss(2.3, 4))
        second = self._person(other_age, sex=first.sex if same_sex else "m", origin=origin)
        household = Household([first, second])
        if married:
            partners = same_sex and age > 40 and yes(self._chance, 0.3)
            first.status = second.status = "LP" if partners else "VH"
            household.couples.append((0, 1, "lebenspartner" if partners else "ehegatte"))
            self._marry(first, second)
        return household

    def _marry(self, first: Member, second: Member) -> None:
        """Decide the married names (§ 1355 BGB): one common name, both keep theirs, or one adds theirs."""
        choice = self._names_of_couples.draw()
        her, his = first.family, second.family
        if choice == "own" or her == his:
            return
        if choice in ("his", "her_double"):
            taken = his if choice == "his" or "-" in his.male + her.male else her.joined(his)
            first.birth_family, first.family = her, taken
        else:
            taken = her if choice == "hers" or "-" in his.male + her.male else his.joined(her)
            second.birth_family, second.family = his, taken

    def _add_children(self, household: Household, ages: list[float]) -> None:
        adults = range(len(household.members))
        mother, father = household.members[0], household.members[-1]
        plain = min((mother.family, father.family), key=lambda name: (name.male.count("-"), name is mother.family))
        for age in ages:
            child = Member(mother.origin, "w" if yes(self._chance, 0.487) else "m", self._born(age), plain)
            household.members.append(child)
            household.parents += [(adult, len(household.members) - 1) for adult in adults]

    def _person(self, age: float, *, sex: str | None = None, origin: Origin | None = None) -> Member:
        origin = origin or self._origins.draw()
        return Member(origin, sex or self._sexes.draw(), self._born(age), origin.family_name())

    def _children_ages(self) -> list[float]:
        """Ages from the eldest child down; who is older than 24 has left home."""
        ages = [self._chance.uniform(0, 24)]
        for _ in range(self._children.draw() - 1):
            ages.append(ages[-1] - self._chance.uniform(1.1, 4.5))
        return [age for age in ages if age >= 0]

    def _age_at_birth(self) -> float:
        return min(44.0, max(YOUNGEST_PARENT, self._chance.gauss(30, 4.8)))

    def _age(self, years: range) -> float:
        return self._chance.uniform(years.start, years.stop)

    def _born(self, age: float) -> int:
        return self._today - int(age * YEAR)
