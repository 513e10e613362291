"""What a sentence means: matters, and the facts it holds as suggestions by fact path. Nothing is an answer yet."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from formlos.catalogue.finder.dates import Span, days_in
from formlos.catalogue.finder.index import Index
from formlos.catalogue.finder.matching import LONGEST, Answer, match
from formlos.catalogue.finder.matters import Matter
from formlos.catalogue.finder.persons import Along, along_in
from formlos.catalogue.finder.streets import NO_STREETS, Address, Streets, address_in
from formlos.catalogue.finder.towns import town_in


@dataclass(frozen=True)
class Understood:
    """``day`` only if the sentence says exactly one; ``town``: where to, as written."""

    day: date | None
    address: Address | None
    along: Along | None
    town: str


@dataclass(frozen=True)
class Meaning:
    answer: Answer
    understood: Understood


class NothingSaid(ValueError):
    """The text has no letter: empty, or only signs and pictures."""

    code = "nothing_said"


class TooLong(ValueError):
    """The text has more than 1,000 signs."""

    code = "too_long"


def meaning(text: str, *, today: date, index: Index, streets: Streets = NO_STREETS) -> Meaning:
    """Read a sentence in German or English. Raises ``NothingSaid``, ``TooLong``."""
    clean = unicodedata.normalize("NFC", text).strip()
    if not any(sign.isalpha() for sign in clean):
        raise NothingSaid("there is no word in it")
    if len(clean) > LONGEST:
        raise TooLong(f"{len(clean)} signs")
    address = address_in(clean, streets)
    rest = _without(clean, [address.span] if address else [])
    along = along_in(rest)
    days = days_in(rest, today=today)
    spans = [*(one.span for one in days), *([along.span] if along else [])]
    only = {one.day for one in days}
    understood = Understood(only.pop() if len(only) == 1 else None, address, along, town_in(rest))
    told = {"date": understood.day, "address": understood.address}
    parts = frozenset(part for part, value in told.items() if value)
    return Meaning(match(_without(rest, spans), index=index, told=parts), understood)


def suggestions(matter: Matter, understood: Understood) -> dict[str, str]:
    """Fact path -> value as text (days in ISO form), as far as this matter declares what a sentence can fill."""
    found: dict[str, str] = {}
    if (path := matter.facts.get("date")) and understood.day:
        found[path] = understood.day.isoformat()
    if (path := matter.facts.get("address")) and understood.address:
        found |= {f"{path}/{field}": value for field, value in _fields(understood.address).items() if value}
    return found


def _fields(address: Address) -> Mapping[str, str]:
    return {
        "strasse": address.strasse,
        "hausnummer": address.hausnummer,
        "postleitzahl": address.postleitzahl,
        "ort": address.ort,
    }


def _without(text: str, spans: list[Span]) -> str:
    """The text with blanks where something was understood, so that places stay and words are not read twice."""
    for start, end in spans:
        text = text[:start] + " " * (end - start) + text[end:]
    return text
