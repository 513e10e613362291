"""From a seed to a town: streets, then house by house who lives there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from random import Random

from formlos.registers.population.addresses import Flat, Flats, House, Houses, Town, street_names
from formlos.registers.population.chance import Deck, yes
from formlos.registers.population.households import Households
from formlos.registers.population.names import origins
from formlos.registers.population.people import People
from formlos.registers.population.rows import Batch

RESIDENTS_A_BATCH = 20_000
DEPARTED = 0.012
AREA_A_HEAD = 14
"""Smallest floor area in square metres that the generator gives each member of a household."""


@dataclass(frozen=True)
class Order:
    """What to invent: ``residents`` registered people of a municipality as of ``key_date``."""

    ags: str
    municipality: str
    residents: int
    seed: int
    key_date: date


class Generator:
    """Writes a population batch by batch; memory holds the streets and one batch."""

    def __init__(self, order: Order) -> None:
        self._order = order
        self._chance = Random(f"{order.ags}/{order.seed}")
        self._town = Town.of(order.ags, order.municipality)
        self._streets = street_names(self._chance, self._town, order.residents)
        self._houses = Houses(self._chance, self._streets)
        landlords = Deck(self._chance, origins(self._chance))
        self._flats = Flats(self._chance, self._town, self._streets, landlords.draw)
        self._households = Households(self._chance, order.key_date)
        self._people = People(self._chance, ags=order.ags, ort=self._town.ort, seed=order.seed, key_date=order.key_date)
        self._left = order.residents

    def batches(self) -> Iterator[Batch]:
        """Batches in the order in which they must be stored."""
        batch = Batch()
        street_keys = {name: self._people.key("Street") for name in self._streets}
        for name, key in street_keys.items():
            batch.add("Street", key, name)
        for house in self._houses:
            self._build(batch, house, street_keys[house.street])
            if self._left == 0:
                break
            if len(batch) >= RESIDENTS_A_BATCH:
                yield batch
                batch = Batch()
        yield batch

    def _build(self, batch: Batch, house: House, street_key: str) -> None:
        key = self._people.key("Building")
        batch.add("Building", key, street_key, house.number, house.postcode, self._town.ort)
        for flat in self._flats.of(house):
            self._fill(batch, flat, key)

    def _fill(self, batch: Batch, flat: Flat, building: str) -> None:
        key, area = self._people.key("Dwelling"), flat.area
        if not flat.vacant and self._left:
            household = self._households.draw(self._left)
            self._left -= len(household.members)
            area = max(area, AREA_A_HEAD * len(household.members))
            self._people.settle(batch, household, key)
        if flat.is_dwelling and yes(self._chance, DEPARTED):
            self._people.depart(batch, self._households.draw(1), key)
        is_dwelling = "t" if flat.is_dwelling else "f"
        batch.add(
            "Dwelling", key, building, flat.addition, str(area), is_dwelling,
            flat.owner, flat.landlord, flat.landlord_address,
        )  # fmt: skip
