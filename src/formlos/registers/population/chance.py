"""Weighted chance, drawn in bulk because 600,000 people need ten million draws."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import accumulate
from random import Random
from typing import Generic, TypeVar

Item = TypeVar("Item")
BULK = 2048


class Deck(Generic[Item]):
    """Draws items with the given weights, forever."""

    def __init__(self, chance: Random, weights: Mapping[Item, float]) -> None:
        self._chance = chance
        self._items = list(weights)
        self._cumulative = list(accumulate(weights.values()))
        self._drawn: list[Item] = []

    def draw(self) -> Item:
        if not self._drawn:
            self._drawn = self._chance.choices(self._items, cum_weights=self._cumulative, k=BULK)
        return self._drawn.pop()


def ranked(items: Sequence[Item]) -> dict[Item, float]:
    """Weights for items ordered from frequent to rare, falling as names in a telephone book do."""
    return {item: 1 / (rank + 20) for rank, item in enumerate(items)}


def yes(chance: Random, share: float) -> bool:
    return chance.random() < share
