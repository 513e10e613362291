"""What a `rules.py` may import: the marks `rule`, `record`, `computed` and the fixed functions.

Everything here is plain Python, so that rules read, type-check and unit-test as Python. The platform itself
never runs a `rules.py`: it parses the file (see `docs/law.md`).
"""

from __future__ import annotations

import calendar
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final, TypeVar, dataclass_transform

Function = TypeVar("Function", bound=Callable[..., Any])
Class = TypeVar("Class", bound=type)


class KnownNone:
    """The type of `NONE`: the fact was asked for, and there is none."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "NONE"

    def __bool__(self) -> bool:
        return False

    def __reduce__(self) -> str:
        return "NONE"


NONE: Final = KnownNone()


def rule(
    *,
    source: str,
    since: date | None = None,
    until: date | None = None,
    key_date: str | None = None,
    fact: str | None = None,
) -> Callable[[Function], Function]:
    """Mark a function as a rule of law.

    source: the norm, as cited. since/until: first and last day on which this version holds, picked by the
    key-date fact (`key_date`, by default the service's); without them it always holds. fact: what the rule
    determines, by default the function's name.
    """

    def mark(function: Function) -> Function:
        return function

    return mark


def computed() -> Any:
    """Declare a record field that a per-record rule of the same name determines."""
    return field(kw_only=True)


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(computed,))
def record(cls: Class) -> Class:
    """Make a class a record type: named, typed fields; `X | None` for fields that may be known to be none."""
    return dataclass(frozen=True, kw_only=True)(cls)  # type: ignore[return-value]


def is_none(value: object) -> bool:
    """Tell whether a value is known to be none."""
    return value is None or value is NONE


def age_on(birth: date, day: date) -> int:
    """Return completed years of life on `day` (§ 187 (2), § 188 (2) BGB; 29 February counts from 1 March)."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def next_working_day(day: date, holidays: frozenset[date]) -> date:
    """Return `day`, or the next day that is no Saturday, Sunday or holiday (§ 193 BGB)."""
    while day.weekday() >= 5 or day in holidays:
        day += timedelta(days=1)
    return day


def add_months(day: date, months: int) -> date:
    """Return the same day `months` later, or the month's last day where it has no such day (§ 188 (3) BGB)."""
    index = day.year * 12 + day.month - 1 + months
    year, month = index // 12, index % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def days_between(first: date, last: date) -> int:
    """Return the number of days from `first` to `last`, negative if `last` is earlier."""
    return (last - first).days


def round_half_up(amount: Decimal, places: int) -> Decimal:
    """Return `amount` rounded to `places` decimals, half away from zero."""
    return amount.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
