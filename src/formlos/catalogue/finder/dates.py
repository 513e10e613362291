"""Days in a sentence. An own small grammar: what is not surely one day ("Anfang März", "03/04") is no day."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from formlos.catalogue.finder import words
from formlos.catalogue.finder.text import written_words
from formlos.law.language import add_months

Span = tuple[int, int]

_MONTHS = {
    **dict.fromkeys(("januar", "jänner", "january", "jan"), 1),
    **dict.fromkeys(("februar", "february", "feb"), 2),
    **dict.fromkeys(("märz", "maerz", "march", "mrz", "mar"), 3),
    **dict.fromkeys(("april", "apr"), 4),
    **dict.fromkeys(("mai", "may"), 5),
    **dict.fromkeys(("juni", "june", "jun"), 6),
    **dict.fromkeys(("juli", "july", "jul"), 7),
    **dict.fromkeys(("august", "aug"), 8),
    **dict.fromkeys(("september", "sept", "sep"), 9),
    **dict.fromkeys(("oktober", "october", "okt", "oct"), 10),
    **dict.fromkeys(("november", "nov"), 11),
    **dict.fromkeys(("dezember", "december", "dez", "dec"), 12),
}
_WEEKDAYS = {
    name: number
    for number, names in enumerate(
        (
            ("montag", "monday"),
            ("dienstag", "tuesday"),
            ("mittwoch", "wednesday"),
            ("donnerstag", "thursday"),
            ("freitag", "friday"),
            ("samstag", "sonnabend", "saturday"),
            ("sonntag", "sunday"),
        )
    )
    for name in names
}
_NUMBERS = {
    **dict.fromkeys(("ein", "eine", "einer", "einem", "a", "an", "one"), 1),
    **{
        name: n
        for n, names in enumerate(["zwei two", "drei three", "vier four", "fünf five", "sechs six"], 2)
        for name in names.split()
    },
    **{
        name: n
        for n, names in enumerate(["sieben seven", "acht eight", "neun nine", "zehn ten"], 7)
        for name in names.split()
    },
}
_ORDINALS = {"ersten": 1, "erster": 1, "erste": 1, "first": 1, "zweiten": 2, "dritten": 3}
_NEAR = {
    **dict.fromkeys(("heute", "today"), 0),
    **dict.fromkeys(("übermorgen", "uebermorgen", "the day after tomorrow"), 2),
    **dict.fromkeys(("morgen", "tomorrow"), 1),
    **dict.fromkeys(("vorgestern", "the day before yesterday"), -2),
    **dict.fromkeys(("gestern", "yesterday"), -1),
}


def _any(table: dict[str, int]) -> str:
    return "|".join(sorted(map(re.escape, table), key=len, reverse=True))


_MONTH, _NUMBER, _ORDINAL = _any(_MONTHS), _any(_NUMBERS), _any(_ORDINALS)
_UNIT = r"(?P<unit>tag|woche|monat|day|week|month)(?:e?n|s)?"
_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?<![\d.])(?P<y>\d{4})-(?P<m>\d{2})-(?P<d>\d{2})(?!\d)",
        r"(?<![\d.])(?P<d>\d{1,2})\.\s?(?P<m>\d{1,2})\.(?:\s?(?P<y>\d{4}|\d{2}))?(?!\d)",
        rf"(?<![\d.])(?:(?P<d>\d{{1,2}})(?:\.|st|nd|rd|th)?|\b(?P<o>{_ORDINAL}))\s*(?:of\s+)?(?P<n>{_MONTH})\b\.?(?:,?\s+(?P<y>\d{{4}}))?",
        rf"\b(?P<n>{_MONTH})\s+(?:the\s+)?(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\b(?!\.\d)(?:,?\s+(?P<y>\d{{4}}))?",
        rf"\b(?P<sign>in|vor)\s+(?P<k>\d{{1,2}}|{_NUMBER})\s+{_UNIT}\b(?!\s+(?:ago|alt|old))",
        rf"\b(?P<k>\d{{1,2}}|{_NUMBER})\s+{_UNIT}\s+(?P<sign>ago)\b",
        r"\b(?P<how>nächste[nr]?|naechste[nr]?|kommende[nr]?|diese[nr]?|letzte[nr]?|vergangene[nr]?|seit|am|next|last|this|on|since)"
        rf"\s+(?P<w>{_any(_WEEKDAYS)})\b",
        rf"(?<!guten )(?<!good )(?<!am )\b(?P<near>{_any(_NEAR)})\b",
        r"\b(?:am|zum|ab)\s+(?:dem\s+)?(?P<d>\d{1,2})\.(?!\s?\d)",
    )
)
LATELY = timedelta(days=31)  # people say "ich ziehe am 1. März" on the tenth
_BACK = ("letzte", "vergangene", "seit", "last", "since")


@dataclass(frozen=True)
class Day:
    """A day and where the text says it."""

    day: date
    span: Span


def days_in(text: str, *, today: date) -> list[Day]:
    """The days that the text surely means, in its order; a date without year is the one that the tense suggests."""
    tense = _tense(text)
    taken: list[Span] = []
    found = []
    for pattern in _PATTERNS:
        for hit in pattern.finditer(text):
            if any(hit.start() < end and start < hit.end() for start, end in taken):
                continue
            taken.append(hit.span())
            if day := _read(hit, today, tense):
                found.append(Day(day, hit.span()))
    return sorted(found, key=lambda one: one.span)


def _tense(text: str) -> int:
    """-1 if the text tells of the past, 1 if of the future, 0 if it may be either."""
    said = set(written_words(text))
    return bool(said & words.FUTURE) - bool(said & words.PAST)


def _read(hit: re.Match[str], today: date, tense: int) -> date | None:
    parts = {name: value.lower() for name, value in hit.groupdict().items() if value}
    try:
        if "near" in parts:
            return today + timedelta(days=_NEAR[parts["near"]])
        if "w" in parts:
            return _weekday(parts, today, tense)
        if "unit" in parts:
            return _away(parts, today)
        return _calendar_day(parts, today, tense)
    except (ValueError, OverflowError):
        return None


def _weekday(parts: dict[str, str], today: date, tense: int) -> date:
    back = parts["how"].startswith(_BACK) or (parts["how"] in ("am", "on") and tense < 0)
    ahead = (_WEEKDAYS[parts["w"]] - today.weekday()) % 7 or 7
    return today + timedelta(days=ahead - 7 if back and ahead < 7 else -7 if back else ahead)


def _away(parts: dict[str, str], today: date) -> date:
    count = int(parts["k"]) if parts["k"].isdigit() else _NUMBERS[parts["k"]]
    count = count if parts["sign"] == "in" else -count
    if parts["unit"] in ("monat", "month"):
        return add_months(today, count)
    return today + timedelta(days=count * (7 if parts["unit"] in ("woche", "week") else 1))


def _calendar_day(parts: dict[str, str], today: date, tense: int) -> date | None:
    day = int(parts["d"]) if "d" in parts else _ORDINALS[parts["o"]]
    if "y" in parts:
        year = int(parts["y"]) + (2000 if len(parts["y"]) == 2 else 0)
        return date(year, _month(parts), day)
    candidates = list(_candidates(parts, day, today))
    if tense < 0 and (past := [one for one in candidates if one <= today]):
        return max(past)
    without_month = "m" not in parts and "n" not in parts
    earliest = today if without_month else today - LATELY
    if (tense > 0 or without_month) and (coming := [one for one in candidates if one >= earliest]):
        return min(coming)
    return min(candidates, key=lambda one: abs(one - today), default=None)


def _candidates(parts: dict[str, str], day: int, today: date) -> Iterator[date]:
    """The day in the years around today, or, if no month is said, in the months around it."""
    if "m" in parts or "n" in parts:
        places = [(year, _month(parts)) for year in (today.year - 1, today.year, today.year + 1)]
    else:
        near = [add_months(today.replace(day=1), away) for away in (-1, 0, 1)]
        places = [(one.year, one.month) for one in near]
    for year, month in places:
        try:
            yield date(year, month, day)
        except ValueError:
            continue


def _month(parts: dict[str, str]) -> int:
    return _MONTHS[parts["n"]] if "n" in parts else int(parts["m"])
