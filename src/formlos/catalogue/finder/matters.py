"""What people come for, as data: services that are digital here and matters that are not yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from formlos.catalogue.finder.text import LANGUAGES
from formlos.law.errors import LawError
from formlos.law.yamltext import read_mapping

FURTHER = "anliegen.yaml"
OF_SERVICE = "finder.yaml"
Titles = tuple[str, str, str]  # name of a service, its German title, its English one
PARTS = ("date", "address")  # what a sentence can fill
_KEYS = {"leika", "office", "situations", "held", "facts", *LANGUAGES}
_KEYS_OF_LANGUAGE = {"title", "how", "words", "phrases"}


@dataclass(frozen=True)
class Wording:
    """What a matter is called in one language; ``how`` is empty where the service itself leads on."""

    title: str
    how: str
    words: tuple[str, ...]
    phrases: tuple[str, ...]


@dataclass(frozen=True)
class Matter:
    """``service``: its name if it is one of the platform's services. ``facts``: part of a sentence -> fact path."""

    name: str
    service: str
    leika: str
    office: str
    situations: tuple[str, ...]
    held: bool
    facts: Mapping[str, str]
    wordings: Mapping[str, Wording]

    def wording(self, language: str) -> Wording:
        return self.wordings.get(language) or self.wordings["de"]


@dataclass(frozen=True)
class Matters:
    """All matters in the order of the files, life situations and offices with their names by language.

    ``frequent``: names of the few matters that the start page shows.
    """

    all: tuple[Matter, ...]
    frequent: tuple[str, ...]
    situations: Mapping[str, Mapping[str, str]]
    offices: Mapping[str, Mapping[str, str]]

    def named(self, name: str) -> Matter | None:
        return next((matter for matter in self.all if matter.name == name), None)


@lru_cache(maxsize=8)
def matters_of(folder: Path) -> Matters:
    """Read the matters below a folder of services. Raises ``LawError`` (``finder``) for what has no shape."""
    further = read_mapping(folder / FURTHER)
    services = [_of_service(file) for file in sorted(folder.glob(f"*/{OF_SERVICE}"))]
    others = [_matter(folder / FURTHER, name, entry) for name, entry in further.get("matters", {}).items()]
    frequent = tuple(further.get("frequent", ()))
    found = Matters((*services, *others), frequent, further.get("situations", {}), further.get("offices", {}))
    _known(folder, FURTHER, "matter", set(frequent) - {matter.name for matter in found.all})
    for matter in found.all:
        _known(folder, matter.name, "situation", set(matter.situations) - set(found.situations))
        _known(folder, matter.name, "office", {matter.office} - set(found.offices))
    return found


def titled(name: str, de: str, en: str) -> Matter:
    """A service that has no ``finder.yaml``: found by its title."""
    wordings = {"de": Wording(de, "", (), (de,)), "en": Wording(en, "", (), (en,))}
    return Matter(name, name, "", "", (), False, {}, wordings)


def _of_service(file: Path) -> Matter:
    name = file.parent.name
    return _matter(file, name, read_mapping(file), service=name)


def _matter(file: Path, name: str, entry: Any, *, service: str = "") -> Matter:
    if not isinstance(entry, Mapping) or not set(entry) <= _KEYS or "de" not in entry:
        raise LawError("finder", f"{name}: the keys of a matter are {', '.join(sorted(_KEYS))}", file=str(file))
    facts = dict(entry.get("facts", {}))
    if not set(facts) <= set(PARTS):
        raise LawError("finder", f"{name}: a sentence can fill {', '.join(PARTS)}", file=str(file))
    return Matter(
        name=name,
        service=service,
        leika=entry.get("leika", ""),
        office=entry.get("office", ""),
        situations=tuple(entry.get("situations", ())),
        held=entry.get("held") == "true",
        facts=facts,
        wordings={language: _wording(file, name, entry[language]) for language in LANGUAGES if language in entry},
    )


def _wording(file: Path, name: str, entry: Any) -> Wording:
    if not isinstance(entry, Mapping) or not set(entry) <= _KEYS_OF_LANGUAGE or not entry.get("title"):
        raise LawError("finder", f"{name}: a wording has a title, how, words and phrases", file=str(file))
    words, phrases = entry.get("words") or [], entry.get("phrases") or []
    if not all(isinstance(each, str) for each in (*words, *phrases)):
        raise LawError("finder", f"{name}: words and phrases are lists of texts", file=str(file))
    return Wording(entry["title"], entry.get("how", ""), tuple(words), tuple(phrases))


def _known(folder: Path, place: str, what: str, unknown: set[str]) -> None:
    if unknown:
        raise LawError("finder", f"{place}: no such {what}: {', '.join(sorted(unknown))}", file=str(folder))
