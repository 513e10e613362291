"""Why it was decided so: the explanation frozen with the decision, in words, as a tree to unfold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from formlos.law.types import Type
from formlos.portals.citizen.words import Texts, declared, label_of, value_in_words


@dataclass(frozen=True)
class Reason:
    """One rule, fact or parameter: ``text`` says what it is about, ``value`` how it stands here, if ``text`` does not."""

    text: str
    value: str
    norm: str
    parts: list[Reason] = field(default_factory=list)


def reasons(explanations: Mapping[str, Any], texts: Texts, members: frozenset[str]) -> list[Reason]:
    """One tree per goal, as ``Explanation.to_data`` stored it, about no other records of lists than ``members``."""
    return [_reason(node, texts, members) for node in explanations.values()]


def _reason(node: Mapping[str, Any], texts: Texts, members: frozenset[str]) -> Reason:
    parts = [_reason(child, texts, members) for child in node["children"] if _is_shown(child["path"], members)]
    text, value = _said(node, texts, _shown_value(node, members))
    return Reason(text=text, value=value, norm=node["source"], parts=parts)


def _said(node: Mapping[str, Any], texts: Texts, value: Any) -> tuple[str, str]:
    """A rule in the service's sentence for this very value, else in that for the rule; a fact by its label."""
    name = declared(node["path"])
    options = texts.get("values", {}).get(name, {})
    words = value_in_words(value, Type.from_data(node["type"]), options)
    if node["kind"] != "rule":
        return f"{label_of(name, texts)}:", words
    if isinstance(value, bool) and str(value).lower() in options:
        return "", words
    sentence = texts.get("rules", {}).get(node["name"]) or node["text"] or label_of(name, texts)
    return sentence.replace("{value}", words), "" if "{value}" in sentence else words


def _is_shown(path: str, members: frozenset[str]) -> bool:
    owner, _slash, _field = path.rpartition("/")
    return "/" not in owner or owner in members


def _shown_value(node: Mapping[str, Any], members: frozenset[str]) -> Any:
    """A list of records without those that are not shown: not even their number is."""
    if not Type.from_data(node["type"]).is_record_list or not node["known"]:
        return node["value"]
    shown = {member.rpartition("/")[2] for member in members}
    return {**node["value"], "keys": [key for key in node["value"]["keys"] if key in shown]}
