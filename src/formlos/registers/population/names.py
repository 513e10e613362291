"""Names by origin, sex and year of birth: combinations drawn at random from lists of frequent names."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from random import Random
from typing import Any

from formlos.registers.population.chance import Deck, ranked, yes
from formlos.registers.population.data import word_lists, words

SECOND_NAME, THIRD_NAME, DOUBLE_FAMILY_NAME, PREFIX = 0.38, 0.05, 0.02, 0.008


@dataclass(frozen=True, slots=True)
class FamilyName:
    """A family name; in some languages men and women bear different forms of it."""

    male: str
    female: str

    def of(self, sex: str) -> str:
        return self.female if sex == "w" else self.male

    def joined(self, other: FamilyName) -> FamilyName:
        return FamilyName(f"{self.male}-{other.male}", f"{self.female}-{other.female}")


class Origin:
    """Where a family's names come from, and what usually goes with it."""

    def __init__(self, chance: Random, lists: dict[str, Any]) -> None:
        self.nationality: str = lists["nationality"]
        self.german_share: float = lists["german"] / 100
        self.birthplaces = Deck(chance, ranked(words(lists["birthplaces"])))
        self.religions = Deck(chance, {str(key): share for key, share in lists["religion"].items()})
        self._chance = chance
        self._family = Deck(chance, ranked([_family_name(word) for word in words(lists["family"])]))
        self._prefixes = words(lists.get("prefixes", ""))
        eras = lists.get("eras") or [{"until": 9999, "female": lists["female"], "male": lists["male"]}]
        self._eras = [era["until"] for era in eras]
        self._female = [Deck(chance, ranked(words(era["female"]))) for era in eras]
        self._male = [Deck(chance, ranked(words(era["male"]))) for era in eras]

    def family_name(self) -> FamilyName:
        name = self._family.draw()
        if yes(self._chance, DOUBLE_FAMILY_NAME) and (other := self._family.draw()) != name:
            return name.joined(other)
        if self._prefixes and yes(self._chance, PREFIX):
            prefix = self._chance.choice(self._prefixes)
            return FamilyName(f"{prefix} {name.male}", f"{prefix} {name.female}")
        return name

    def first_names(self, sex: str, year: int) -> tuple[str, str]:
        """All first names, and the usual one (Rufname) where there are several."""
        deck = (self._female if sex == "w" else self._male)[bisect_left(self._eras, year)]
        first = deck.draw()
        luck = self._chance.random()
        if luck > SECOND_NAME or " " in first:
            return first, ""
        names = list(dict.fromkeys([first, deck.draw()] + ([deck.draw()] if luck < THIRD_NAME else [])))
        if len(names) == 1:
            return first, ""
        return " ".join(names), names[1] if luck > 0.9 * SECOND_NAME else first


def origins(chance: Random) -> dict[Origin, float]:
    """All origins with their weights."""
    return {Origin(chance, lists): lists["weight"] for lists in word_lists("names").values()}


def _family_name(word: str) -> FamilyName:
    male, _, female = word.partition("/")
    return FamilyName(male, female or male)
