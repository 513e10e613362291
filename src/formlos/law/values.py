"""Facts as the engine takes them, and what it says of a value that is not known yet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

NO_NEEDS: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list of records: the keys of the members known so far, and whether these are all."""

    keys: tuple[str, ...]
    complete: bool = True

    def __post_init__(self) -> None:
        object.__setattr__(self, "keys", tuple(self.keys))


class ArithmeticDoubt(NamedTuple):
    """Something that cannot be computed though all is known: a question for a clerk."""

    rule: str
    message: str


NO_DOUBTS: frozenset[ArithmeticDoubt] = frozenset()


class Unknown:
    """A value not known yet.

    needs: the paths of all facts that may still matter (empty: no fact helps, see `doubts`).
    doubts: what could not be computed on known values. options: all values it can still have, if few.
    low, high: bounds of a number, where known.
    """

    __slots__ = ("doubts", "high", "low", "needs", "options")

    def __init__(
        self,
        needs: frozenset[str] = NO_NEEDS,
        doubts: frozenset[ArithmeticDoubt] = NO_DOUBTS,
        options: tuple[Any, ...] | None = None,
        low: Any = None,
        high: Any = None,
    ) -> None:
        self.needs = needs
        self.doubts = doubts
        self.options = options
        self.low = low
        self.high = high

    def __repr__(self) -> str:
        return f"Unknown(needs={sorted(self.needs)}, doubts={sorted(self.doubts)})"

    def __bool__(self) -> bool:
        raise TypeError("an unknown value is neither true nor false")


class Facts(Mapping[str, Any]):
    """An immutable mapping of fact path to value (bool, int, Decimal, str, date, timedelta, ListOf, NONE)."""

    def __init__(self, values: Mapping[str, Any] | None = None) -> None:
        self._values: dict[str, Any] = dict(values or {})

    def __getitem__(self, path: str) -> Any:
        return self._values[path]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return f"Facts({self._values!r})"

    def but(self, changes: Mapping[str, Any]) -> Facts:
        """Return these facts with `changes` on top."""
        return Facts({**self._values, **changes})

    @property
    def values_by_path(self) -> dict[str, Any]:
        """The plain dictionary, for fast reading; never to be changed."""
        return self._values

    @cached_property
    def records(self) -> frozenset[str]:
        """The paths of all records of which at least one field is here."""
        return frozenset(path.rpartition("/")[0] for path in self._values if "/" in path)
