"""Facts and questions in the words of their service, in one of its languages or in German."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _

from formlos.base.ui.languages import GERMAN, PLAIN, completed
from formlos.cases.state import EFFECT
from formlos.cases.values import type_of
from formlos.law import Document
from formlos.law.checks import referenced

MOST_RULES = 3
TOLD = ("title", "applicants", "needs", "fee")
"""What a service tells of itself before somebody begins; ``service`` in its texts translates it."""


@dataclass(frozen=True)
class Question:
    """A fact somebody must supply. ``options``: values in words; ``warning``: what the law wants said; ``basis``: the norm
    on which it is asked; ``form``: ``file`` or ``long`` where a line of text is not enough, ``code`` for one with a check
    symbol; ``together``: the question when it is asked of members of a list; ``optional``: fields of a record that may
    stay empty; ``official``: the warning in German, where ``warning`` translates it; ``otherwise``: answers given before
    that may be changed where this one cannot be given, each with the words for that; ``at_once``: what a choice asks
    next, a path by the choice, so that a page can ask both; ``rules``: those that read it, each with its sentence.
    """

    path: str
    kind: str
    label: str
    question: str
    why: str
    hint: str
    warning: str
    options: Mapping[str, str]
    fields: Mapping[str, str]
    basis: str = ""
    form: str = ""
    together: str = ""
    optional: tuple[str, ...] = ()
    official: str = ""
    otherwise: Mapping[str, str] = field(default_factory=dict)
    at_once: Mapping[str, str] = field(default_factory=dict)
    rules: Mapping[str, str] = field(default_factory=dict)


def title_in(document: Document, language: str) -> str:
    title: str = document.data["service"]["title"]
    return title if language == "de" else texts_in(document, language).get("service", {}).get("title", title)


def service_in(document: Document, language: str) -> Mapping[str, Any]:
    """What is declared of the service as a whole, in words of this language where it has them: who applies, what for, at what cost."""
    declared: Mapping[str, Any] = document.data["service"]
    german = {name: declared[name] for name in TOLD if name in declared}
    if language == GERMAN:
        return declared
    said = {name: words for name, words in texts_in(document, language).get("service", {}).items() if name in german}
    return {**declared, **completed(said, german, mark=language != PLAIN)}


def stuck_question(path: str, reason: str) -> Question:
    """Whether what keeps an effect from happening is out of the way. reason: what the register or outbox said."""
    name = path.removeprefix(EFFECT)
    return Question(
        path=path,
        kind="bool",
        label=name,
        question=_("„{effect}“ lässt sich nicht ausführen. Ist die Ursache behoben?").format(effect=name),
        why=_("Dagegen spricht: {reason}. Mit Ja wird es noch einmal versucht.").format(reason=reason or "–"),
        hint="",
        warning="",
        options={},
        fields={},
    )


def question_in(document: Document, path: str, language: str) -> Question:
    texts = texts_in(document, language)
    words, kind = words_of(texts, path), type_of(document, path)
    options = texts.get("values", {}).get(declared_name(path), {})
    values = (kind.values or tuple(options if kind.kind == "list" else ())) if kind else ()
    fact = document.data["facts"].get(declared_name(path), {})
    fields = document.stored_fields[kind.name] if kind and kind.kind == "record" else ()
    asked = [name for name in fields if f"{path}/{name}" not in document.fact_types]
    warning = texts.get("warnings", {}).get(declared_name(path), "")
    official = texts_in(document, GERMAN).get("warnings", {}).get(declared_name(path), "")
    return Question(
        path=path,
        kind=kind.kind if kind else "text",
        label=words.get("label", path),
        question=words.get("question", words.get("label", path)),
        why=words.get("why", ""),
        hint=words.get("hint", ""),
        warning=warning,
        options={value: options.get(value, value) for value in values},
        fields={name: words_of(texts, f"{path}/{name}").get("label", name) for name in asked},
        basis=fact.get("basis", ""),
        form=fact.get("form", ""),
        together=words.get("together", ""),
        optional=tuple(name for name in asked if kind and document.record_types[kind.name][name].optional),
        official=official if official != warning else "",
        otherwise=words.get("otherwise", {}),
        at_once=words.get("at_once", {}),
        rules=_rules_in_words(document, declared_name(path), texts),
    )


def _rules_in_words(document: Document, path: str, texts: Mapping[str, Any]) -> dict[str, str]:
    """The first few rules that read a fact, in the order of the statute; without the place of a value in their words."""
    said = texts.get("rules", {})
    found = {name: said.get(name) or doc for name, doc in _readers_of(document, path)[:MOST_RULES]}
    return {name: sentence.replace("{value}.", "…").replace("{value}", "…") for name, sentence in found.items()}


@lru_cache(maxsize=4096)
def _readers_of(document: Document, path: str) -> list[tuple[str, str]]:
    base, _, name = path.partition("/")
    kind = document.fact_types.get(base)
    record = kind and (kind.item.name if kind.item else kind.name)
    read = {path, f"{record}.{name}" if name else base}
    rules = {rule["name"]: rule["doc"] for rule in document.rules if read & referenced(document, rule)}
    return list(rules.items())


def texts_in(document: Document, language: str) -> Mapping[str, Any]:
    """All texts of the service; what it lacks in this language is in German, and marked so."""
    return _texts_in(document, language)


@lru_cache(maxsize=256)
def _texts_in(document: Document, language: str) -> Mapping[str, Any]:
    texts: Mapping[str, Any] = document.data["texts"]
    german = texts.get(GERMAN, {"facts": {}})
    if language == GERMAN:
        return german
    found: Mapping[str, Any] = completed(texts.get(language), german, mark=language != PLAIN)
    return found


def words_of(texts: Mapping[str, Any], path: str) -> Mapping[str, str]:
    return texts.get("facts", {}).get(declared_name(path), {})


def declared_name(path: str) -> str:
    """The name a path is declared under: ``personen/p1/zieht_mit`` is ``personen/zieht_mit``."""
    parts = path.split("/")
    return f"{parts[0]}/{parts[-1]}" if len(parts) > 1 else path
