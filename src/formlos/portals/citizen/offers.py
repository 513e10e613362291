"""Matters as pages show them, and what a sentence told of them, for the person to confirm."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from formlos.cases.queries import CaseView
from formlos.cases.wording import texts_in, title_in
from formlos.catalogue.finder import finding, suggestions
from formlos.catalogue.finder.finding import Finding, Offer
from formlos.catalogue.finder.towns import is_town
from formlos.dialogue.words import address_in_words, label_of, value_in_words
from formlos.law import Document
from formlos.law.types import encode
from formlos.portals.citizen import languages
from formlos.portals.citizen.towns import Town


@dataclass(frozen=True)
class Suggested:
    """One thing understood: a fact, or all fields of a record. ``name`` is its first step."""

    name: str
    label: str
    value: str


@dataclass(frozen=True)
class Shown:
    """``token`` carries what is ``suggested``; ``service`` is empty for what is not online here."""

    name: str
    title: str
    service: str
    office: str
    how: str
    because: tuple[str, ...]
    suggested: tuple[Suggested, ...]
    token: str

    @property
    def letter(self) -> str:
        return self.title[:1].upper().translate(str.maketrans("ÄÖÜ", "AOU"))


def shown(offer: Offer, town: Town) -> Shown:
    language = languages.current()
    wording = offer.matter.wording(language)
    values = offer.suggested or {}
    service = offer.matter.service if offer.document else ""
    return Shown(
        name=offer.matter.name,
        title=title_in(offer.document, language) if offer.document else wording.title,
        service=service,
        office=finding.office_in_words(offer.matter.office, language),
        how=wording.how,
        because=offer.because,
        suggested=suggested(offer.document, values) if offer.document else (),
        token=suggestions.signed(values, municipality=town.id, service=service) if values else "",
    )


def lead(offers: Iterable[Shown]) -> str:
    """The name of the offer whose way on is the page's main button: the first that is online here; else empty."""
    return next((one.name for one in offers if one.service), "")


def suggested(document: Document, values: Mapping[str, str]) -> tuple[Suggested, ...]:
    """What a person reads and ticks: records as one."""
    texts = texts_in(document, languages.current())
    found = []
    for name in dict.fromkeys(path.partition("/")[0] for path in values):
        fields = {path.partition("/")[2]: value for path, value in values.items() if path.partition("/")[0] == name}
        kind = document.fact_type(name)
        words = address_in_words(fields) if kind.kind == "record" else value_in_words(encode(fields[""]), kind, {})
        found.append(Suggested(name, label_of(name, texts), words))
    return tuple(found)


def remarks(found: Finding, town: Town) -> list[str]:
    """What to say about the sentence beside the offers: never a decision, only what the person may overlook."""
    said, notes = found.understood, []
    moving = any(offer.suggested is not None and offer.matter.facts for offer in found.offers)
    if said.along and moving:
        notes.append(
            _("Sie schreiben „%(words)s“. Wer mit umzieht, zeigen wir Ihnen, sobald das Register geantwortet hat.")
            % {"words": said.along.words}
        )
    if said.address and not said.address.registered and moving:
        notes.append(
            _(
                "Die Straße „%(street)s“ steht nicht im Straßenverzeichnis von %(town)s. Prüfen Sie bitte die Schreibweise."
            )
            % {"street": said.address.strasse, "town": town.name}
        )
    if (
        said.address
        and said.address.registered
        and said.address.hausnummer
        and not said.address.postleitzahl
        and moving
    ):
        notes.append(
            _("„%(house)s“ steht nicht im Adressregister von %(town)s. Prüfen Sie bitte die Hausnummer.")
            % {"house": f"{said.address.strasse} {said.address.hausnummer}", "town": town.name}
        )
    if said.town and moving and not is_town(said.town, town.name):
        notes.append(
            _(
                "Sie schreiben „%(said)s“. Anmelden müssen Sie sich dort, wohin Sie ziehen; dies ist die Seite von %(town)s."
            )
            % {"said": said.town, "town": town.name}
        )
    return notes


def by_letter(offers: Iterable[Offer], town: Town) -> list[tuple[str, list[Shown]]]:
    """All matters from A to Z in the language of the page."""
    groups: dict[str, list[Shown]] = {}
    for one in sorted((shown(offer, town) for offer in offers), key=lambda one: (one.letter, one.title.casefold())):
        groups.setdefault(one.letter, []).append(one)
    return list(groups.items())


@dataclass(frozen=True)
class Onward:
    """What a person may do next, and the matter it is, if the service names one: ``matter`` in addresses."""

    text: str
    matter: str = ""
    title: str = ""


def onward(sentences: Iterable[str], view: CaseView) -> list[Onward]:
    """What is offered after a decision, with the matters that effects name as ``anliegen``."""
    words = view.texts.get("effects", {})
    known = {one.name: one.wording(languages.current()).title for one in finding.names().all}
    meant = {words.get(one["id"].partition("/")[0]): one["arguments"].get("anliegen", "") for one in view.effects}
    found = ((text, meant.get(text, "")) for text in sentences)
    return [Onward(text, name, known[name]) if name in known else Onward(text) for text, name in found]


def situations() -> list[tuple[str, str]]:
    """Life situations: name in addresses, name for people."""
    language = languages.current()
    return [(name, words.get(language, words["de"])) for name, words in finding.names().situations.items()]


def frequent() -> list[tuple[str, str]]:
    """The few matters that people come for most: name in addresses, title."""
    language, known = languages.current(), finding.names()
    found = [known.named(name) for name in known.frequent]
    return [(one.name, one.wording(language).title) for one in found if one]
