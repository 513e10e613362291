"""The town that a sentence says one moves to, to notice when it is another one."""

from __future__ import annotations

import re

from formlos.catalogue.finder.text import normalised, spelled_out

_TOWN = r"(?P<town>[A-ZÄÖÜ][\wäöüß-]+)"
_TO = re.compile(
    rf"\b(?:[Zz]ieh\w*|[Uu]mzug|[Mm]oving|[Mm]oved?)\b(?:\s+[\w.]+){{0,6}}?\s+(?:nach|to)\s+{_TOWN}"
    rf"|\bnach\s+(?P<town2>[A-ZÄÖÜ][\wäöüß-]+)\s+(?:um)?(?:gezogen|ziehen|zieh\w*)"
)
_NO_TOWNS = {"hause", "deutschland", "germany", "the", "my", "a"}


def town_in(text: str) -> str:
    """The town's name as written; empty if none is said."""
    hit = _TO.search(text)
    name = (hit["town"] or hit["town2"]) if hit else ""
    return "" if normalised(name) in _NO_TOWNS else name


def is_town(said: str, name: str) -> bool:
    """Whether what was said may be this town (``Stuttgart``, ``Landeshauptstadt Stuttgart``)."""
    return spelled_out(normalised(said)) in spelled_out(normalised(name))
