"""The only clock. Law never reads it: "today" is a fact that a case records with each evaluation.

On demo nodes the clock may run days ahead, so that a council sees what comes to pass next week: all processes of the
node follow a file with the number of days.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

BERLIN = ZoneInfo("Europe/Berlin")
DEMO_FILE = "demo-clock"
MOST_DAYS_AHEAD = 60
_frozen: ContextVar[datetime | None] = ContextVar("frozen_clock", default=None)
_followed: Path | None = None
_read: tuple[int, timedelta] = (0, timedelta(0))


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return _frozen.get() or datetime.now(UTC) + ahead()


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


def follow(file: Path | None) -> None:
    """Let the clock of this process run ahead by the days in ``file``, whenever that changes; None: the true time."""
    global _followed, _read
    _followed, _read = file, (0, timedelta(0))


def ahead() -> timedelta:
    """How far the clock runs ahead of the true time: nothing, except on demo nodes."""
    global _read
    if _followed is None:
        return timedelta(0)
    try:
        changed = _followed.stat().st_mtime_ns
    except FileNotFoundError:
        return timedelta(0)
    if changed != _read[0]:
        _read = (changed, timedelta(days=int(_followed.read_text() or 0)))
    return _read[1]


def run_ahead(file: Path, *, days: int) -> None:
    """Set the file that processes follow. Raises ``ValueError`` for less than none or more than ``MOST_DAYS_AHEAD``."""
    if not 0 <= days <= MOST_DAYS_AHEAD:
        raise ValueError(f"between 0 and {MOST_DAYS_AHEAD} days, not {days}")
    partial = file.with_suffix(".partial")
    partial.write_text(str(days))
    partial.replace(file)
