"""The only clock. Law never reads it: "today" is a fact that a case records with each evaluation."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

BERLIN = ZoneInfo("Europe/Berlin")
_frozen: ContextVar[datetime | None] = ContextVar("frozen_clock", default=None)


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return _frozen.get() or datetime.now(UTC)


def today() -> date:
    """The legal day in Germany (Europe/Berlin)."""
    return day_of(now())


def day_of(moment: datetime) -> date:
    """The legal day in Germany of an aware moment."""
    return moment.astimezone(BERLIN).date()


@contextmanager
def frozen(moment: datetime) -> Iterator[None]:
    """Hold the clock of this context at ``moment`` (aware)."""
    token = _frozen.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _frozen.reset(token)
