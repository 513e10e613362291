"""Which known words a written word may be: the same stem, a part of a compound, or a slip of the keyboard."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache

EXACT, PART, HEAD, SLIP = 1.0, 0.7, 0.55, 0.75
_LINKS = ("", "s", "es", "n", "en", "er", "e")
_SHORTEST_PART, _SHORTEST_SLIP, _LONG = 4, 5, 8


class Vocabulary:
    """Stems of all matters. ``known(stem)`` -> {known stem: how sure, 0 to 1}."""

    def __init__(self, stems: Iterable[str]) -> None:
        self.stems = frozenset(stems)
        self._by_trigram: dict[str, set[str]] = defaultdict(set)
        for one in self.stems:
            for trigram in _trigrams(one):
                self._by_trigram[trigram].add(one)
        self.known = lru_cache(maxsize=4096)(self._known)

    def _known(self, stem: str) -> dict[str, float]:
        if stem in self.stems:
            return {stem: EXACT} | dict.fromkeys(self.parts(stem), HEAD)
        return dict.fromkeys(self.parts(stem), PART) or dict.fromkeys(self._slips(stem), SLIP)

    def parts(self, stem: str) -> list[str]:
        """The known words that a compound consists of, with its last part or its first part known at least."""
        for split in range(len(stem) - _SHORTEST_PART, _SHORTEST_PART - 1, -1):
            head, tail = self._linked(stem[:split]), stem[split:]
            if head and tail in self.stems:
                return [head, tail]
        return []

    def _linked(self, head: str) -> str:
        for link in _LINKS:
            if head.endswith(link) and (plain := head[: len(head) - len(link)]) in self.stems:
                return plain if len(plain) >= _SHORTEST_PART else ""
        return ""

    def _slips(self, stem: str) -> list[str]:
        if len(stem) < _SHORTEST_SLIP:
            return []
        shared: dict[str, int] = defaultdict(int)
        for trigram in _trigrams(stem):
            for one in self._by_trigram.get(trigram, ()):
                shared[one] += 1
        allowed = 2 if len(stem) >= _LONG else 1
        near = {
            one: distance(stem, one, allowed)
            for one, count in shared.items()
            if count >= 2 and len(one) >= _SHORTEST_SLIP - 1 and abs(len(one) - len(stem)) <= allowed
        }
        best = min(near.values(), default=allowed + 1)
        return [
            one for one, far in near.items() if far == best <= allowed and (len(stem) >= _LONG or one[0] == stem[0])
        ]


def distance(one: str, other: str, most: int) -> int:
    """Damerau-Levenshtein distance (neighbours swapped count once); ``most + 1`` if it is more than ``most``."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, letter in enumerate(one, 1):
        line = [row]
        for column, sign in enumerate(other, 1):
            cost = min(last[column] + 1, line[column - 1] + 1, last[column - 1] + (letter != sign))
            if row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == sign:
                cost = min(cost, before[column - 2] + 1)
            line.append(cost)
        if min(line) > most:
            return most + 1
        before, last = last, line
    return min(last[-1], most + 1)


def _trigrams(word: str) -> set[str]:
    padded = f"^{word}$"
    return {padded[start : start + 3] for start in range(len(padded) - 2)}
