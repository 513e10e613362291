"""Why it was decided so: the explanation frozen with the decision, in words, as a tree to unfold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from formlos.dialogue.words import Texts, declared, label_of, value_in_words
from formlos.law.types import Type


@dataclass(frozen=True)
class Reason:
    """One rule, fact or parameter: ``text`` says what it is about, ``value`` how it stands here, if ``text`` does not."""

    text: str
    value: str
    norm: str
    parts: list[Reason] = field(default_factory=list)


def reasons(explanations: Mapping[str, Any], texts: Texts) -> list[Reason]:
    """One tree per goal, as ``queries.decision`` gives it: only about whom the person may know of."""
    return [_reason(node, texts) for node in explanations.values()]


def _reason(node: Mapping[str, Any], texts: Texts) -> Reason:
    text, value = _said(node, texts)
    return Reason(text=text, value=value, norm=node["source"], parts=[_reason(one, texts) for one in node["children"]])


def _said(node: Mapping[str, Any], texts: Texts) -> tuple[str, str]:
    """A rule in the service's sentence for this very value, else in that for the rule; a fact by its label."""
    name, value = declared(node["path"]), node["value"]
    options = texts.get("values", {}).get(name, {})
    words = value_in_words(value, Type.from_data(node["type"]), options)
    if node["kind"] != "rule":
        return f"{label_of(name, texts)}:", words
    if isinstance(value, bool) and str(value).lower() in options:
        return "", words
    sentence = texts.get("rules", {}).get(node["name"]) or node["text"] or label_of(name, texts)
    return sentence.replace("{value}", words), "" if "{value}" in sentence else words
