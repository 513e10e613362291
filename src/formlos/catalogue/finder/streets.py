"""Addresses in a sentence, read with the town's own street register."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from formlos.catalogue.finder.dates import Span
from formlos.catalogue.finder.vocabulary import distance
from formlos.registers.queries.addresses import spelled

_MOST_WORDS = 6
_TOKEN = re.compile(r"[\w.'’-]+")
_ENDS = "straße|strasse|str|weg|gasse|allee|platz|steige|ring|pfad|hof|winkel|ufer|damm|chaussee|berg|halde|markt"
_END = re.compile(rf"(?:{_ENDS})$")
_NUMBER = re.compile(
    r"\s*,?\s*(?:(?:nr\.?|no\.?|number|hausnummer|nummer)\s*)?(\d{1,4}(?:\s?[a-z])?)(?![\w:])(?!\.\s?(?:\d|[a-zä]))",
    re.IGNORECASE,
)
_UNKNOWN = re.compile(
    rf"\b(?P<name>(?:[Ss]traße|[Pp]latz|[Aa]llee)\s+(?:des|der)\s+(?:\d{{1,2}}\.\s?)?[A-ZÄÖÜ][\w-]+"
    rf"|[A-ZÄÖÜ][\w-]*(?:{_ENDS})\b\.?|[A-ZÄÖÜ][\w-]+[- ][Ss]tr(?:aße|asse|\.))"
)


@dataclass(frozen=True)
class Address:
    """``hausnummer``, ``postleitzahl`` and ``ort`` may be empty; ``registered``: the town has such a street."""

    strasse: str
    hausnummer: str
    postleitzahl: str
    ort: str
    registered: bool
    span: Span


@dataclass(frozen=True)
class Streets:
    """A town's streets. ``place``: postcode and town of a house, None if there is no or no one such."""

    names: dict[str, str]
    place: Callable[[str, str], tuple[str, str] | None]

    @staticmethod
    def of(names: Iterable[str], place: Callable[[str, str], tuple[str, str] | None] = lambda *_: None) -> Streets:
        return Streets({spelled(name): name for name in names}, place)


NO_STREETS = Streets.of(())


def address_in(text: str, streets: Streets) -> Address | None:
    """The first address of the text. A street the register does not have counts only with a house number."""
    tokens = list(_TOKEN.finditer(text))
    for first in range(len(tokens)):
        for last in range(min(first + _MOST_WORDS, len(tokens)) - 1, first - 1, -1):
            span = (tokens[first].start(), tokens[last].end())
            if (name := streets.names.get(spelled(text[slice(*span)]))) and (
                found := _known(text, name, span, streets)
            ):
                return found
    return _slip(text, tokens, streets) or _unknown(text)


def _known(text: str, name: str, span: Span, streets: Streets) -> Address | None:
    number, end = _number(text, span[1])
    key = spelled(name)
    if not number and not (_END.search(key) and len(key) > 6):
        return None
    postcode, town = (streets.place(name, number) if number else None) or ("", "")
    return Address(name, number, postcode, town, True, (span[0], end))


def _slip(text: str, tokens: list[re.Match[str]], streets: Streets) -> Address | None:
    for token in tokens:
        key = spelled(token.group())
        if len(key) < 7 or not _END.search(key):
            continue
        most = 2 if len(key) >= 12 else 1
        alike = (
            (known, name)
            for known, name in streets.names.items()
            if known[:1] == key[0] and abs(len(known) - len(key)) <= most
        )
        near = [name for known, name in alike if distance(key, known, most) <= most]
        if len(near) == 1:
            return _known(text, near[0], token.span(), streets)
    return None


def _unknown(text: str) -> Address | None:
    for hit in _UNKNOWN.finditer(text):
        number, end = _number(text, hit.end())
        if number:
            return Address(hit["name"], number, "", "", False, (hit.start(), end))
    return None


def _number(text: str, start: int) -> tuple[str, int]:
    hit = _NUMBER.match(text, start)
    return (" ".join(hit[1].split()), hit.end()) if hit else ("", start)
