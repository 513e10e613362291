"""When an office takes appointments: read from the municipality's settings, strict about mistakes.

``settings["appointments"][office]`` holds ``hours`` (day of the week → spans such as ``08:00-12:00``), ``minutes`` of an
appointment, ``desks`` that work at the same time, ``days_ahead`` and ``closed`` days.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from formlos.base import clock

DAYS = ("mo", "di", "mi", "do", "fr", "sa", "so")
SPAN = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)")
LEAD = timedelta(hours=1)
MOST_DAYS = 90


class HoursRefused(ValueError):
    """Opening hours that cannot be read; the message names the place."""

    code = "hours_refused"


@dataclass(frozen=True)
class Hours:
    """``spans``: for each day of the week from Monday, pairs of beginning and end in German time."""

    spans: tuple[tuple[tuple[time, time], ...], ...]
    minutes: int
    desks: int
    days_ahead: int
    closed: frozenset[date]


def read_hours(found: Mapping[str, Any]) -> Hours:
    """Raises ``HoursRefused``."""
    hours = found.get("hours", {})
    if unknown := set(hours) - set(DAYS):
        raise HoursRefused(f"no such day of the week: {', '.join(sorted(unknown))}; the days are {', '.join(DAYS)}")
    try:
        closed = frozenset(date.fromisoformat(day) for day in found.get("closed", ()))
    except ValueError as error:
        raise HoursRefused(f"a closed day is written 2026-12-24: {error}") from error
    spans = tuple(tuple(_span(day, text) for text in hours.get(day, ())) for day in DAYS)
    return Hours(
        spans=spans,
        minutes=_number(found, "minutes", 15, 5, 240),
        desks=_number(found, "desks", 1, 1, 100),
        days_ahead=_number(found, "days_ahead", 21, 1, MOST_DAYS),
        closed=closed,
    )


def moments(hours: Hours, *, now: datetime) -> Iterator[datetime]:
    """When appointments begin, from an hour from now on, as far ahead as the office plans."""
    today = now.astimezone(clock.BERLIN).date()
    for ahead in range(hours.days_ahead + 1):
        day = today + timedelta(days=ahead)
        if day in hours.closed:
            continue
        for begin, end in hours.spans[day.weekday()]:
            at = datetime.combine(day, begin, tzinfo=clock.BERLIN)
            last = datetime.combine(day, end, tzinfo=clock.BERLIN) - timedelta(minutes=hours.minutes)
            while at <= last:
                if at >= now + LEAD:
                    yield at
                at += timedelta(minutes=hours.minutes)


def _span(day: str, text: str) -> tuple[time, time]:
    found = SPAN.fullmatch(str(text))
    if not found:
        raise HoursRefused(f"{day}: {text!r} is not written like 08:00-12:00")
    begin, end = time(int(found[1]), int(found[2])), time(int(found[3]), int(found[4]))
    if begin >= end:
        raise HoursRefused(f"{day}: {text!r} ends before it begins")
    return begin, end


def _number(found: Mapping[str, Any], name: str, usual: int, least: int, most: int) -> int:
    value = found.get(name, usual)
    if not isinstance(value, int) or not least <= value <= most:
        raise HoursRefused(f"{name} is a number from {least} to {most}")
    return value
