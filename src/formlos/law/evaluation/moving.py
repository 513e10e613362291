"""Values that move with today: they compute as usual and note when a comparison will turn out differently.

A value that depends on the clock's date is held as its value now and its slope (days per day). Arithmetic with
fixed values keeps the slope; a comparison notes the first date on which its result could differ; everything
else notes tomorrow. So the noted date may be too early, never too late.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

ONE_DAY = timedelta(days=1)


class Horizon:
    """Collects the earliest date on which something evaluated could change."""

    __slots__ = ("next_change", "today")

    def __init__(self) -> None:
        self.today: date | None = None
        self.next_change: date | None = None

    def note(self, days: int) -> None:
        """Note a possible change in `days` days from today (dates after the calendar's end are never)."""
        assert self.today is not None
        if days > (date.max - self.today).days:
            return
        change = self.today + timedelta(days=days)
        if self.next_change is None or change < self.next_change:
            self.next_change = change

    def start(self, today: date) -> Moving:
        """Return today as a moving value."""
        self.today = today
        return Moving(today, 1, self)


class Moving:
    """A date, duration or number of days that changes by `slope` days from one day to the next."""

    __slots__ = ("horizon", "slope", "value")

    def __init__(self, value: Any, slope: int, horizon: Horizon) -> None:
        self.value = value
        self.slope = slope
        self.horizon = horizon

    def fixed(self) -> Any:
        """Return the value now, noting that it is another one tomorrow."""
        self.horizon.note(1)
        return self.value

    def __hash__(self) -> int:
        return hash(self.fixed())

    def __repr__(self) -> str:
        return f"Moving({self.value!r}, {self.slope:+d})"

    @property
    def days(self) -> Moving:
        """The whole days of a moving duration."""
        return Moving(self.value.days, self.slope, self.horizon)

    def __add__(self, other: Any) -> Any:
        return self._moved(self.value + plain(other), self.slope + slope_of(other))

    def __radd__(self, other: Any) -> Any:
        return self._moved(other + self.value, self.slope)

    def __sub__(self, other: Any) -> Any:
        return self._moved(self.value - plain(other), self.slope - slope_of(other))

    def __rsub__(self, other: Any) -> Any:
        return self._moved(other - self.value, -self.slope)

    def __neg__(self) -> Any:
        return self._moved(-self.value, -self.slope)

    def _moved(self, value: Any, slope: int) -> Any:
        return Moving(value, slope, self.horizon) if slope else value

    def __mul__(self, other: Any) -> Any:
        return self.fixed() * fixed(other)

    def __rmul__(self, other: Any) -> Any:
        return fixed(other) * self.fixed()

    def __truediv__(self, other: Any) -> Any:
        return self.fixed() / fixed(other)

    def __rtruediv__(self, other: Any) -> Any:
        return fixed(other) / self.fixed()

    def __floordiv__(self, other: Any) -> Any:
        return self.fixed() // fixed(other)

    def __rfloordiv__(self, other: Any) -> Any:
        return fixed(other) // self.fixed()

    def __mod__(self, other: Any) -> Any:
        return self.fixed() % fixed(other)

    def __rmod__(self, other: Any) -> Any:
        return fixed(other) % self.fixed()

    def __eq__(self, other: object) -> bool:
        return self._compared(other, lambda gap: gap == 0)

    def __ne__(self, other: object) -> bool:
        return self._compared(other, lambda gap: gap != 0)

    def __lt__(self, other: Any) -> bool:
        return self._compared(other, lambda gap: gap < 0)

    def __le__(self, other: Any) -> bool:
        return self._compared(other, lambda gap: gap <= 0)

    def __gt__(self, other: Any) -> bool:
        return self._compared(other, lambda gap: gap > 0)

    def __ge__(self, other: Any) -> bool:
        return self._compared(other, lambda gap: gap >= 0)

    def _compared(self, other: Any, test: Callable[[int], bool]) -> bool:
        if type(plain(other)) is not type(self.value) and not _both_numbers(plain(other), self.value):
            return NotImplemented  # type: ignore[no-any-return]  # as Python's comparisons do
        gap = self.value - plain(other)
        slope = self.slope - slope_of(other)
        if isinstance(gap, timedelta):
            gap = gap.days
        if not isinstance(gap, int):
            # Against an amount with decimals the turning point lies between two days.
            self.horizon.note(1)
            return test(gap)
        result = test(gap)
        if slope:
            self._note_turn(gap, slope, result, test)
        return result

    def _note_turn(self, gap: int, slope: int, result: bool, test: Callable[[int], bool]) -> None:
        """Note the first day on which the gap, moving by `slope` a day, gives another result."""
        meets = -gap // slope if slope > 0 else gap // -slope
        for days in (meets, meets + 1, meets + 2):
            if days >= 1 and test(gap + slope * days) is not result:
                self.horizon.note(days)
                return
        if test(gap + slope) is not result:
            self.horizon.note(1)


def _both_numbers(first: Any, second: Any) -> bool:
    numbers = isinstance(first, int) or hasattr(first, "as_tuple")
    return numbers and isinstance(second, int)


def plain(value: Any) -> Any:
    """Return a value without its movement, noting nothing."""
    return value.value if value.__class__ is Moving else value


def fixed(value: Any) -> Any:
    """Return a value without its movement; a moving one is noted to change tomorrow."""
    return value.fixed() if value.__class__ is Moving else value


def slope_of(value: Any) -> int:
    """Return by how many days a value moves from one day to the next."""
    slope: int = value.slope if value.__class__ is Moving else 0
    return slope


def age_on_moving(birth: Any, day: Any) -> int:
    """Return the age today and note the next birthday."""
    if birth.__class__ is Moving:
        return age_of(fixed(birth), fixed(day))
    age = age_of(birth, day.value)
    year, slope = birth.year + age + 1, day.slope
    birthday = date(year, 3, 1) if (birth.month, birth.day) == (2, 29) else date(year, birth.month, birth.day)
    if (birth.month, birth.day) == (2, 29) and year % 4 == 0:
        birthday -= ONE_DAY
    day.horizon.note(max(1, (birthday - day.value).days) if slope == 1 else 1)
    return age


def age_of(birth: date, day: date) -> int:
    """Return completed years of life; the same as `language.age_on`."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))
