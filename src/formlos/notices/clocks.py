"""When a notice takes effect and until when one can object. Pure: the days stand in ``clocks.yaml``.

The four ways are ``post``, ``direct`` (transmitted electronically), ``portal`` (retrieved from this platform) and
``inbox`` (Postfach of a user account, § 2 Abs. 7 OZG). Only days that the law counts are counted: whether a letter
really came later or never (§ 41 Abs. 2 Satz 3 VwVfG) is a question to a person.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from formlos.law.language import add_months, next_working_day
from formlos.law.yamltext import read_mapping

DATA = Path(__file__).parent / "clocks.yaml"
POST, DIRECT, PORTAL, INBOX = WAYS = ("post", "direct", "portal", "inbox")


class NoClock(LookupError):
    """The law knows no such way of making an act known, or no such remedy; see ``clocks.yaml``."""

    code = "no_clock"


@dataclass(frozen=True)
class Delivery:
    """How an act went out. ``provided``: the day it could first be retrieved, or was written; ``sent``: the day it was
    posted or transmitted, or the message left that it can be retrieved; ``retrieved``: the first time the person did.
    """

    way: str
    procedural_law: str
    land: str
    provided: date
    sent: date | None = None
    retrieved: date | None = None


@dataclass(frozen=True)
class Effect:
    """``day`` of effect, ``None`` while it is open. ``retrieve_by``: the last day on which retrieving still counts.

    ``failed``: that day has passed, nothing was made known, the act must be served again (§ 41 Abs. 2a Satz 4, 5 VwVfG).
    """

    day: date | None
    norm: str
    retrieve_by: date | None = None
    failed: bool = False


@dataclass(frozen=True)
class Deadline:
    """The last day to object, and the norm that says so."""

    last_day: date
    norm: str


def effect_of(delivery: Delivery, *, holidays: frozenset[date], today: date) -> Effect:
    """When the act counts as made known. Raises ``NoClock``."""
    clock = _clock(delivery.way, delivery.procedural_law, delivery.land)
    retrieve_by = _retrieve_by(clock, delivery.sent, holidays)
    start: date | None = getattr(delivery, clock["starts"])
    if retrieve_by and (start is None or start > retrieve_by):
        return Effect(None, clock["norm"], retrieve_by, failed=today > retrieve_by)
    if start is None:
        return Effect(None, clock["norm"], retrieve_by)
    day = start + timedelta(days=int(clock["days"]))  # § 187 Abs. 1 BGB: the day of the event is not counted
    if clock.get("shift") == "true":
        day = next_working_day(day, holidays)
    return Effect(day, clock["norm"], retrieve_by)


def deadline_of(
    day: date, *, remedy: str, procedural_law: str, instructed: bool, holidays: frozenset[date]
) -> Deadline:
    """The last day to object to what took effect on ``day`` (§ 188 Abs. 2 and 3, § 193 BGB). Raises ``NoClock``.

    instructed: whether the notice said rightly how, where and until when one can object.
    """
    for entry in _data()["remedies"]:
        if (entry["remedy"], entry["law"]) == (remedy, procedural_law):
            months = int(entry["months" if instructed else "uninstructed"])
            return Deadline(next_working_day(add_months(day, months), holidays), entry["norm"])
    raise NoClock(f"{remedy} under {procedural_law}")


def holidays_of(calendars: Path, land: str) -> frozenset[date]:
    """Public holidays of a Land from the folder of calendars; of all Länder where its own are not listed."""
    return _holidays(calendars / "feiertage.yaml", land)


def _retrieve_by(clock: Mapping[str, Any], sent: date | None, holidays: frozenset[date]) -> date | None:
    if "within" not in clock or sent is None:
        return None
    return next_working_day(sent + timedelta(days=int(clock["within"])), holidays)  # § 31 Abs. 3 VwVfG


def _clock(way: str, procedural_law: str, land: str) -> Mapping[str, Any]:
    found = [one for one in _data()["clocks"] if (one["way"], one["law"]) == (way, procedural_law)]
    for wanted in (land, ""):
        for one in found:
            if one.get("land", "") == wanted:
                clock: Mapping[str, Any] = one
                return clock
    raise NoClock(f"{way} under {procedural_law}")


@cache
def _data() -> dict[str, Any]:
    return read_mapping(DATA)


@cache
def _holidays(file: Path, land: str) -> frozenset[date]:
    days = read_mapping(file)["land"]
    return frozenset(date.fromisoformat(day) for day in [*days["alle"], *days.get(land, [])])
