"""A service's rules as a tree to unfold: from the decision down to the facts it rests on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from formlos.dialogue.words import Texts, day_in_words, label_of
from formlos.law import Law
from formlos.portals.citizen.statute import only_clerk, parameter_label


@dataclass(frozen=True)
class Need:
    """Something a rule looks at that is explained elsewhere on the page, at ``anchor``."""

    label: str
    anchor: str


@dataclass(frozen=True)
class Rule:
    """A rule once in the tree: ``parts`` are the rules it rests on, ``needs`` all else it looks at."""

    name: str
    sentence: str
    norm: str
    period: str
    parts: list[Rule]
    needs: list[Need]


@dataclass(frozen=True)
class Chapter:
    """The trees below the decision, below its consequences, and what is left (rules about single persons)."""

    goals: list[Rule]
    consequences: list[Rule]
    others: list[Rule]


def chapters(law: Law, texts: Texts) -> Chapter:
    tree, data = _Tree(law, texts), law.document.data
    return Chapter(
        goals=tree.below(data["service"]["goals"]),
        consequences=tree.below([effect["when"] for effect in data["effects"]]),
        others=tree.below([rule["name"] for rule in sorted(data["rules"], key=lambda rule: rule["line"])]),
    )


class _Tree:
    """Draws every rule once, at the first place that needs it; later places point there."""

    def __init__(self, law: Law, texts: Texts) -> None:
        self.law = law
        self.texts = texts
        self.rules: dict[str, list[Mapping[str, Any]]] = {}
        for rule in law.document.rules:
            self.rules.setdefault(rule["name"], []).append(rule)
        self.drawn: set[str] = set()

    def below(self, names: list[str]) -> list[Rule]:
        return [self._rule(name) for name in dict.fromkeys(names) if name in self.rules and name not in self.drawn]

    def _rule(self, name: str) -> Rule:
        self.drawn.add(name)
        newest = self.rules[name][-1]
        parts, needs = [], []
        for needed in newest["parameters"]:
            if needed in self.rules and needed not in self.drawn:
                parts.append(self._rule(needed))
            else:
                needs.append(self._need(needed))
        return Rule(name, self._sentence(name), newest["source"], _period(newest), parts, needs)

    def _sentence(self, name: str) -> str:
        sentence = self.texts.get("rules", {}).get(name) or self.rules[name][-1]["doc"]
        return sentence.replace("{value}.", "…").replace("{value}", "…")

    def _need(self, name: str) -> Need:
        if name in self.rules:
            return Need(self._sentence(name).rstrip("."), f"r-{name}")
        if name in self.law.document.param_types:
            return Need(parameter_label(name, self.texts), f"p-{name}")
        clerk = only_clerk(self.law, self.law.document.data["facts"][name])
        return Need(label_of(name, self.texts), "mensch" if clerk else f"f-{name}")


def _period(rule: Mapping[str, Any]) -> str:
    said = ((_("seit %(day)s"), rule["since"]), (_("bis %(day)s"), rule["until"]))
    return " ".join(words % {"day": day_in_words(date.fromisoformat(day))} for words, day in said if day)
