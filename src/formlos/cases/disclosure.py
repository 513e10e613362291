"""What a person may see of the own case: nothing of list members whom the service's own rule does not show (§ 51 BMG)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from formlos.cases.work import Work

BAR = "auskunftssperre"


@dataclass(frozen=True)
class Disclosure:
    """``listed``: name of the list; ``silent``: keys of its members who stay unmentioned; ``internal``: facts about
    others, such as who else lives at an address, which the law may weigh but nobody is told; ``shown``: keys of the
    members whom the case still knows and may name; ``acted_for``: a parent reads it, who never learns of a bar.

    The bare list, which tells how many there are, stays unmentioned too.
    """

    listed: str = ""
    silent: frozenset[str] = frozenset()
    internal: frozenset[str] = frozenset()
    shown: frozenset[str] = frozenset()
    acted_for: bool = False

    def hides(self, path: str) -> bool:
        name, _slash, rest = path.partition("/")
        if name in self.internal or (self.acted_for and path.endswith(BAR)):
            return True
        return bool(self.listed) and name == self.listed and (not rest or rest.partition("/")[0] in self.silent)

    def hides_in_journal(self, path: str) -> bool:
        """The same for what was once said: of list members only those are told whom the case names to this day."""
        name, _slash, rest = path.partition("/")
        return self.hides(path) or (
            bool(self.listed) and name == self.listed and rest.partition("/")[0] not in self.shown
        )

    def is_about_silent(self, effect: str) -> bool:
        """Whether an effect (``<name>/<key>``, where it happens for each member) concerns one of the silent."""
        return effect.partition("/")[2] in self.silent

    def rest_of(self, arguments: Any) -> Any:
        """Arguments of an effect, in JSON form, without the silent among lists of persons."""
        if isinstance(arguments, Mapping):
            told = {name: value for name, value in arguments.items() if not (self.acted_for and name == BAR)}
            return {name: self.rest_of(value) for name, value in told.items()}
        if isinstance(arguments, list):
            return [self.rest_of(one) for one in arguments if not self._is_silent(one)]
        return arguments

    def _is_silent(self, one: Any) -> bool:
        return isinstance(one, Mapping) and one.get("key") in self.silent

    def decision(self, decision: Mapping[str, Any]) -> dict[str, Any]:
        """A frozen decision without facts and reasons about the silent ones."""
        facts = {path: value for path, value in decision["facts"].items() if not self.hides(path)}
        reasons = {goal: self._reason(node) for goal, node in decision["explanation"].items()}
        return {**decision, "facts": facts, "explanation": reasons}

    def _reason(self, node: Mapping[str, Any]) -> dict[str, Any]:
        children = [self._reason(child) for child in node["children"] if not self.hides(child["path"])]
        value = node["value"]
        if isinstance(value, Mapping) and "keys" in value:
            value = {**value, "keys": [key for key in value["keys"] if key not in self.silent]}
        return {**node, "value": value, "children": children}


def disclosure(work: Work) -> Disclosure:
    """``shown_persons`` of the service names the rule as ``<list>/<rule>``; without it nobody is hidden."""
    internal = frozenset(name for name, fact in work.service["facts"].items() if fact.get("internal") == "true")
    listed, _slash, rule = work.service["service"].get("shown_persons", "").partition("/")
    if not rule:
        return Disclosure(internal=internal, acted_for=bool(work.case.representative))
    facts = work.facts()
    keys = {path.split("/")[1] for path in facts if path.startswith(f"{listed}/")}
    shown = {key for key in keys if work.law.value(facts, f"{listed}/{key}/{rule}") is True}
    return Disclosure(listed, frozenset(keys - shown), internal, frozenset(shown), bool(work.case.representative))
