"""The values of one rule's tree, for a reader who goes down the tree and looks at every node on the way.

A closure computes all that lies below its node, so asking each node's own would compute the leaves once for every
level above them. Here only the leaves are computed by their closures; truth values are put together from them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from formlos.law.evaluation.program import Program
from formlos.law.evaluation.run import Frame, Run
from formlos.law.evaluation.unknowns import Listing
from formlos.law.support import Node
from formlos.law.values import Unknown

OPEN = Unknown()


class TreeValues:
    """Values in one run with one set of local values (`frame`); each node is computed once.

    Where a truth value is open, it is some unknown value: what it needs is for the walk to find out.
    """

    __slots__ = ("_known", "frame", "program", "run")

    def __init__(self, program: Program, run: Run, frame: Frame) -> None:
        self.program = program
        self.run = run
        self.frame = frame
        self._known: dict[int, Any] = {}

    def having(self, slot: int, value: Any) -> TreeValues:
        """Return a reading of what lies inside a comprehension, for one of its members."""
        inside = TreeValues(self.program, self.run, [*self.frame])
        inside.frame[slot] = value
        return inside

    def of(self, node: Node) -> Any:
        """Return the value of a tree node."""
        key = id(node)
        if key not in self._known:
            self._known[key] = self._value(node)
        return self._known[key]

    def _value(self, node: Node) -> Any:
        special: Callable[[TreeValues, Node], Any] | None = _SPECIAL.get(node["op"])
        return special(self, node) if special else self._computed(node)

    def _computed(self, node: Node) -> Any:
        return self.program.nodes[id(node)](self.run, self.frame)

    def _connected(self, node: Node) -> Any:
        decisive = node["op"] == "or"
        found: Any = not decisive
        for argument in node["args"]:
            value = self.of(argument)
            if value is decisive:
                return decisive
            if value is not found:
                found = OPEN
        return found

    def _negated(self, node: Node) -> Any:
        value = self.of(node["of"])
        return not value if value is True or value is False else OPEN

    def _chosen(self, node: Node) -> Any:
        test = self.of(node["test"])
        if test is True or test is False:
            return self.of(node["then"] if test else node["else"])
        then, other = self.of(node["then"]), self.of(node["else"])
        if then.__class__ is Listing or other.__class__ is Listing:
            return self._computed(node)
        return then if then.__class__ is other.__class__ is not Unknown and then == other else OPEN

    def _named(self, node: Node) -> Any:
        self.frame[node["slot"]] = self.of(node["value"])
        return self.of(node["in"])


_SPECIAL: dict[str, Callable[[TreeValues, Node], Any]] = {
    "and": TreeValues._connected,
    "or": TreeValues._connected,
    "not": TreeValues._negated,
    "if": TreeValues._chosen,
    "let": TreeValues._named,
}
