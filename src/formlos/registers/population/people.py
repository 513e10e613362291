"""Register rows of people: names, documents, residences, relations and locks."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from functools import cache
from random import Random

from formlos.registers.population.chance import Deck, yes
from formlos.registers.population.data import word_lists, words
from formlos.registers.population.households import MAJORITY, YEAR, Household, Member
from formlos.registers.population.identifiers import document_number, tax_number
from formlos.registers.population.rows import NULL, TABLES, Batch, Keys, day
from formlos.vocabulary import search_form

LOCKED, CONDITIONALLY_LOCKED, OBJECTING = 0.002, 0.001, 0.02
SECOND_DWELLING, FROM_ELSEWHERE, SEPARATED = 0.012, 0.3, 0.015
DOCTOR, SIXTEEN = 0.015, 16
_OBJECTIONS = ("parteien", "jubilaeen", "religionsgesellschaft")


class People:
    """Writes households into batches; ``count`` is the number of residents so far."""

    def __init__(self, chance: Random, *, ags: str, ort: str, seed: int, key_date: date) -> None:
        self._chance, self._ags, self._ort = chance, ags, ort
        self._today = key_date.toordinal()
        self._keys = {table: Keys(ags=ags, seed=seed, key_date=key_date, table=table) for table in TABLES}
        self._elsewhere = Deck(chance, {json.dumps(place, ensure_ascii=False): 1.0 for place in _places()})
        self.count = 0

    def key(self, table: str) -> str:
        return self._keys[table].next()

    def settle(self, batch: Batch, household: Household, dwelling: str) -> None:
        """Register a household as living in a dwelling."""
        eldest = max(self._today - member.born for member in household.members)
        since = self._today - int(min(self._chance.expovariate(1 / 3200), eldest - MAJORITY * YEAR))
        came_from = self._elsewhere.draw() if yes(self._chance, FROM_ELSEWHERE) else NULL
        keys = []
        for member in household.members:
            keys.append(self._resident(batch, member))
            own_since = max(since, member.born)
            self._residence(batch, keys[-1], dwelling, own_since, came_from if own_since == since else NULL)
        self._relate(batch, household, keys)
        self._lock(batch, keys)

    def depart(self, batch: Batch, household: Household, dwelling: str) -> None:
        """Register single people who died in a dwelling or left it for a place nobody knows."""
        gone = self._today - self._chance.randint(30, 1500)
        since = gone - self._chance.randint(200, 3000)
        died = yes(self._chance, 0.5)
        for member in household.members:
            member.born = min(member.born, since - int(MAJORITY * YEAR))
            key = self._resident(batch, member, died=day(gone) if died else NULL)
            values = [NULL, "alleinige", day(since), day(gone), day(since), NULL, "f" if died else "t"]
            batch.add("Residence", self.key("Residence"), key, dwelling, *values)

    def _resident(self, batch: Batch, member: Member, died: str = NULL) -> str:
        key, origin, born = self.key("Resident"), member.origin, date.fromordinal(member.born)
        number = self.count = self.count + 1
        first_names, usual = origin.first_names(member.sex, born.year)
        family = member.family.of(member.sex)
        birth_name = member.birth_family.of(member.sex) if member.birth_family else ""
        german = yes(self._chance, origin.german_share)
        age = (self._today - member.born) / YEAR
        batch.add(
            "Resident",
            key,
            family,
            birth_name,
            first_names,
            usual,
            "Dr." if age > 27 and yes(self._chance, DOCTOR) else "",
            born.isoformat(),
            self._birthplace(member, age, german=german),
            member.sex,
            "DEU" if german else origin.nationality,
            member.status,
            origin.religions.draw(),
            tax_number(self._ags, number),
            *self._document(number, age, german=german),
            died,
            _searchable(family, first_names, birth_name),
        )
        return key

    def _birthplace(self, member: Member, age: float, *, german: bool) -> str:
        return (
            self._ort if yes(self._chance, 0.75 if german and age < 45 else 0.3) else member.origin.birthplaces.draw()
        )

    def _document(self, number: int, age: float, *, german: bool) -> tuple[str, str, str]:
        """Kind, serial number and last day of an identity document."""
        if age < SIXTEEN:
            return "", "", NULL
        last_day = day(self._today + self._chance.randint(20, 3600))
        return "personalausweis" if german else "eat", document_number(number), last_day

    def _residence(self, batch: Batch, key: str, dwelling: str, since: int, came_from: str) -> None:
        """The dwelling here, and for a few people another one elsewhere in Germany."""
        registered = day(min(self._today, since + self._chance.randint(0, 14)))
        status, other = "alleinige", None
        if yes(self._chance, SECOND_DWELLING):
            status, other = self._chance.choice((("haupt", "neben"), ("haupt", "neben"), ("neben", "haupt")))
        start = day(since)
        batch.add(
            "Residence", self.key("Residence"), key, dwelling, NULL, status, start, NULL, registered, came_from, "f"
        )
        if other:
            place = self._elsewhere.draw()
            batch.add("Residence", self.key("Residence"), key, NULL, place, other, start, NULL, registered, NULL, "f")

    def _relate(self, batch: Batch, household: Household, keys: list[str]) -> None:
        for one, other, kind in household.couples:
            separated = "t" if yes(self._chance, SEPARATED) else "f"
            batch.add("Relation", self.key("Relation"), kind, keys[one], keys[other], "f", separated)
        for parent, child in household.parents:
            minor = self._today - household.members[child].born < MAJORITY * YEAR
            custody = "t" if minor else "f"
            batch.add("Relation", self.key("Relation"), "elternteil", keys[parent], keys[child], custody, "f")

    def _lock(self, batch: Batch, keys: list[str]) -> None:
        """A danger to one is a danger to the whole household; objections are made alone."""
        luck = self._chance.random()
        if luck < LOCKED:
            self._add_locks(batch, keys, "auskunftssperre", day(self._today + self._chance.randint(30, 720)))
        elif luck < LOCKED + CONDITIONALLY_LOCKED:
            self._add_locks(batch, keys, "bedingter_sperrvermerk", NULL)
        elif luck > 1 - OBJECTING:
            self._add_locks(batch, keys[:1], self._chance.choice(_OBJECTIONS), NULL)

    def _add_locks(self, batch: Batch, keys: Iterable[str], kind: str, until: str) -> None:
        for key in keys:
            batch.add("Lock", self.key("Lock"), key, kind, until)


def _places() -> list[dict[str, str | None]]:
    """Addresses in other towns, with the fields of ``vocabulary.Anschrift``."""
    places = [place.split(" ", 2) for place in words(word_lists("towns")["places_before"])]
    streets = words(word_lists("towns")["street_people"])
    return [
        {
            "strasse": f"{street}straße",
            "hausnummer": str(3 * position + 1),
            "zusatz": None,
            "postleitzahl": postcode,
            "ort": ort,
            "ags": ags,
        }
        for ags, postcode, ort in places
        for position, street in enumerate(streets)
    ]


def _searchable(family: str, first_names: str, birth_name: str) -> str:
    return " ".join(map(_search_form, filter(None, (family, *first_names.split(), birth_name))))


@cache
def _search_form(name: str) -> str:
    return search_form(name)
