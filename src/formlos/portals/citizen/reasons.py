"""Why it was decided so: the explanation frozen with the decision, in words, as a tree to unfold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from formlos.law.types import Type
from formlos.portals.citizen.facts import is_hidden
from formlos.portals.citizen.words import Texts, declared, label_of, value_in_words


@dataclass(frozen=True)
class Reason:
    """One rule, fact or parameter. ``answer`` is its value in words, ``sentence`` what the norm says."""

    answer: str
    sentence: str
    norm: str
    kind: str
    parts: list[Reason] = field(default_factory=list)


def reasons(explanations: Mapping[str, Any], texts: Texts, hidden: frozenset[str]) -> list[Reason]:
    """One tree per goal, as ``Explanation.to_data`` stored it; nothing about hidden records."""
    return [_reason(node, texts, hidden) for node in explanations.values()]


def _reason(node: Mapping[str, Any], texts: Texts, hidden: frozenset[str]) -> Reason:
    parts = [_reason(child, texts, hidden) for child in node["children"] if not is_hidden(child["path"], hidden)]
    name, value = declared(node["path"]), _visible(node["value"], hidden)
    options = texts.get("values", {}).get(name, {})
    words = value_in_words(value, Type.from_data(node["type"]), options)
    said_itself = str(value).lower() in options and node["kind"] == "rule"
    template = texts.get("rules", {}).get(node["name"]) or node["text"]
    return Reason(
        answer=words if said_itself else f"{label_of(name, texts)}: {words}",
        sentence=template.replace("{value}", words),
        norm=node["source"],
        kind=node["kind"],
        parts=parts,
    )



def _visible(value: Any, hidden: frozenset[str]) -> Any:
    """A list without the keys of hidden records: not even their number shows."""
    if not isinstance(value, Mapping) or "keys" not in value:
        return value
    secret = {path.rpartition("/")[2] for path in hidden}
    return {**value, "keys": [key for key in value["keys"] if str(key) not in secret]}
