"""The finder in a municipality: its streets, the services it has adopted, and all other matters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.conf import settings

from formlos.catalogue.finder.matching import Found, index_of
from formlos.catalogue.finder.matters import Matter, Matters, Titles, matters_of, titled
from formlos.catalogue.finder.sentence import Understood, meaning, suggestions
from formlos.catalogue.finder.streets import Streets
from formlos.catalogue.queries import adopted_services, document_by_digest
from formlos.law import Document, LawError
from formlos.law.types import decode
from formlos.registers.queries import addresses


@dataclass(frozen=True)
class Offer:
    """A matter in this municipality. ``document``: the service's, None if it is not online here.

    ``because``: the person's words that led to it. ``suggested``: fact path -> value as text, never an answer.
    """

    matter: Matter
    document: Document | None
    because: tuple[str, ...] = ()
    suggested: Mapping[str, str] | None = None


@dataclass(frozen=True)
class Finding:
    """``offers`` are at most three; if there are none, ``near`` may be what was meant."""

    offers: tuple[Offer, ...]
    near: tuple[Offer, ...]
    understood: Understood


def find(text: str, *, today: date) -> Finding:
    """What a sentence means in the municipality of the context. Raises ``NothingSaid``, ``TooLong``, ``LawError``.

    Nothing of the text is stored or logged.
    """
    online = _online()
    index = index_of(_folder(), _titles(online))
    streets = Streets.of(addresses.street_names(), _place)
    found = meaning(text, today=today, index=index, streets=streets)
    understood = found.understood
    offers = tuple(_offer(one, online, understood) for one in found.answer.found)
    return Finding(offers, tuple(_offer(one, online, understood) for one in found.answer.near), understood)


def all_matters() -> list[Offer]:
    """Everything that can be found in the municipality of the context."""
    online = _online()
    known = [*matters_of(_folder()).all, *(titled(*titles) for titles in sorted(_titles(online)))]
    return [Offer(matter, online.get(matter.service)) for matter in known]


def matter_named(name: str) -> Offer | None:
    return next((offer for offer in all_matters() if offer.matter.name == name), None)


def names() -> Matters:
    """Life situations and offices with their names by language."""
    return matters_of(_folder())


def office_in_words(name: str, language: str) -> str:
    """What people call an office, as far as the matters tell; else its short name."""
    said = names().offices.get(name, {})
    return said.get(language, said.get("de", name))


def acceptable(document: Document, values: Mapping[str, str]) -> dict[str, str]:
    """Of the suggested values those that the service asks the applicant for and that have the fact's type."""
    return {path: value for path, value in values.items() if _is_asked(document, path) and _fits(document, path, value)}


def _is_asked(document: Document, path: str) -> bool:
    try:
        sources = document.sources_of(document.declared(path))
    except LawError:
        return False
    return any(document.data["sources"][source]["kind"] == "applicant" for source in sources)


def _fits(document: Document, path: str, value: str) -> bool:
    try:
        decode(document.fact_type(path), value)
    except (LawError, TypeError, ValueError):
        return False
    return True


def _offer(found: Found, online: Mapping[str, Document], understood: Understood) -> Offer:
    document = online.get(found.matter.service)
    suggested = acceptable(document, suggestions(found.matter, understood)) if document else {}
    return Offer(found.matter, document, found.because, suggested)


def _online() -> dict[str, Document]:
    documents = {one.service: document_by_digest(one.document) for one in adopted_services()}
    return {name: found for name, found in documents.items() if found.data["service"].get("trigger") == "portal"}


def _titles(online: Mapping[str, Document]) -> frozenset[Titles]:
    described = {matter.service for matter in matters_of(_folder()).all}
    return frozenset(
        (name, found.data["service"]["title"], _english(found))
        for name, found in online.items()
        if name not in described
    )


def _english(document: Document) -> str:
    title: str = document.data["texts"].get("en", {}).get("service", {}).get("title", "")
    return title or document.data["service"]["title"]


def _place(street: str, number: str) -> tuple[str, str] | None:
    house = addresses.completed({"strasse": street, "hausnummer": number})
    postcode, town = house.get("postleitzahl"), house.get("ort")
    return (postcode, town) if postcode and town else None


def _folder() -> Path:
    folder: Path = settings.SERVICES_FOLDER
    return folder
