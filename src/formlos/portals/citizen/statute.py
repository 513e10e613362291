"""What a service's law rests on, as a page shows it: facts with their sources, dated parameters, a clerk's doubts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from formlos.dialogue.words import Texts, day_in_words, label_of, value_in_words
from formlos.law import Law
from formlos.law.types import Type

BY_KIND = {
    "identity": gettext_noop("Ihr Online-Ausweis"),
    "applicant": gettext_noop("Sie selbst"),
    "clerk": gettext_noop("ein Mensch im Amt"),
    "message": gettext_noop("eine andere Behörde"),
    "trigger": gettext_noop("die Nachricht, die den Vorgang eröffnet"),
    "letter": gettext_noop("unser Brief an die neue Anschrift"),
    "clock": gettext_noop("der Kalender"),
    "case": gettext_noop("der Vorgang selbst"),
    "exchange.directory": gettext_noop("das Verzeichnis der Behörden"),
}


@dataclass(frozen=True)
class FactLine:
    name: str
    label: str
    why: str
    basis: str
    sources: list[str]


@dataclass(frozen=True)
class Version:
    value: str
    since: str
    source: str


@dataclass(frozen=True)
class Parameter:
    """``local`` says whether the municipality may set it, and whether it did."""

    name: str
    label: str
    versions: list[Version]
    local: str


@dataclass(frozen=True)
class Doubt:
    """What only a person decides."""

    question: str
    why: str
    basis: str


def facts(law: Law, texts: Texts) -> list[FactLine]:
    """Facts that stand for themselves; fields of records come with their record."""
    found = sorted(law.document.data["facts"].items(), key=lambda item: item[1]["order"])
    return [
        FactLine(
            name=name,
            label=label_of(name, texts),
            why=texts.get("facts", {}).get(name, {}).get("why", ""),
            basis=fact.get("basis", ""),
            sources=[_source(law, source) for source in law.document.sources_of(name)],
        )
        for name, fact in found
        if "/" not in name and not only_clerk(law, fact)
    ]


def doubts(law: Law, texts: Texts) -> list[Doubt]:
    """Questions that nobody but a clerk answers: what is not decided automatically."""
    found = sorted(law.document.data["facts"].items(), key=lambda item: item[1]["order"])
    return [_doubt(name, fact, texts) for name, fact in found if only_clerk(law, fact)]


def parameters(law: Law, texts: Texts) -> list[Parameter]:
    return [_parameter(law, name, entry, texts) for name, entry in sorted(law.document.data["params"].items())]


def _doubt(name: str, fact: Mapping[str, Any], texts: Texts) -> Doubt:
    words = texts.get("facts", {}).get(name, {})
    return Doubt(words.get("question", label_of(name, texts)), words.get("why", ""), fact.get("basis", ""))


def only_clerk(law: Law, fact: Mapping[str, Any]) -> bool:
    sources = law.document.data["sources"]
    return all(sources[source]["kind"] == "clerk" for source in fact["sources"])


def _source(law: Law, name: str) -> str:
    declared = law.document.data["sources"][name]
    kind = declared["kind"]
    words = _(BY_KIND[kind]) if kind in BY_KIND else _("das Register der Gemeinde")
    return f"{words} ({declared['basis']})" if declared.get("basis") else words


def _parameter(law: Law, name: str, entry: Mapping[str, Any], texts: Texts) -> Parameter:
    kind = Type.from_data(entry["type"])
    versions = [_version(version, kind) for version in entry["values"]]
    if "calendar" in entry:
        calendar = law.document.data["calendars"][entry["calendar"]]
        days = len(calendar["land"].get(law.land or "", ()))
        versions = [Version(_("%(days)d Tage in diesem Land") % {"days": days}, "", calendar["source"])]
    return Parameter(name, parameter_label(name, texts), versions, _local(law, name, entry, kind))


def _version(version: Mapping[str, Any], kind: Type) -> Version:
    since = _("seit %(day)s") % {"day": day_in_words(date.fromisoformat(version["since"]))} if version["since"] else ""
    return Version(_plain(version["value"], kind), since, version.get("source", ""))


def _plain(value: Any, kind: Type) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {_plain(item, kind.item or kind)}" for key, item in value.items())
    if isinstance(value, list):
        return ", ".join(_plain(item, Type("date")) for item in value)
    return value_in_words(value, kind, {})


def _local(law: Law, name: str, entry: Mapping[str, Any], kind: Type) -> str:
    if name in law.local:
        return _("Von der Gemeinde festgelegt: %(value)s") % {"value": _plain(law.local[name], kind)}
    return _("Die Gemeinde darf davon abweichen.") if entry.get("local") is not None else ""


def parameter_label(name: str, texts: Texts) -> str:
    return texts.get("params", {}).get(name) or label_of(name, texts)
