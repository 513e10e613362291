"""The town that a sentence says one moves to, or is about."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from formlos.catalogue.finder.text import normalised, spelled_out
from formlos.law.yamltext import read_mapping

_TOWN = r"(?P<town>[A-ZÄÖÜ][\wäöüß-]+)"
_TO = re.compile(
    rf"\b(?:[Zz]ieh\w*|[Uu]mzug|[Mm]oving|[Mm]oved?)\b(?:\s+[\w.]+){{0,6}}?\s+(?:nach|to)\s+{_TOWN}"
    rf"|\bnach\s+(?P<town2>[A-ZÄÖÜ][\wäöüß-]+)\s+(?:um)?(?:gezogen|ziehen|zieh\w*)"
)
_WORD = re.compile(r"[\wäöüÄÖÜß]+(?:-[\wäöüÄÖÜß]+)*")
_LEFT = {"aus", "von", "vom", "from", "leaving", "verlasse", "verlassen"}
_GERMAN_NAMES = read_mapping(Path(__file__).with_suffix(".yaml"))
_ENGLISH_NAMES = {german: english.capitalize() for english, german in _GERMAN_NAMES.items()}
_NO_TOWNS = {"hause", "deutschland", "germany", "the", "my", "a"}


def town_in(text: str) -> str:
    """The town's name as written; empty if none is said."""
    hit = _TO.search(text)
    name = (hit["town"] or hit["town2"]) if hit else ""
    return "" if normalised(name) in _NO_TOWNS else name


def is_town(said: str, name: str) -> bool:
    """Whether what was said may be this town (``Stuttgart``, ``Landeshauptstadt Stuttgart``; ``Munich``, ``München``)."""
    return _compared(said) in _compared(name)


def name_in(language: str, name: str) -> str:
    """The town's name as this language has it: ``München`` is ``Munich``."""
    return _ENGLISH_NAMES.get(normalised(name), name) if language == "en" else name


def town_meant(text: str, names: Iterable[str]) -> str:
    """The one of these towns that the sentence is about; not the one somebody comes from. Empty unless it is just one."""
    known = {_compared(name): name for name in names}
    words = [_compared(word) for word in _WORD.findall(text)]
    left = {after for before, after in zip(words, words[1:], strict=False) if before in _LEFT}
    meant = {known[word] for word in words if word in known and word not in left}
    return meant.pop() if len(meant) == 1 else ""


def _compared(name: str) -> str:
    """A town's German name without umlauts, whichever of its names was said."""
    said = normalised(name)
    return spelled_out(_GERMAN_NAMES.get(said, said))
