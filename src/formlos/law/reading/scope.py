"""What the reader of one rule knows: names with their types, records, and which values are known to be there."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn

from formlos.law.errors import LawError
from formlos.law.types import Type

Node = dict[str, Any]
Records = Mapping[str, Mapping[str, Type]]


@dataclass
class Scope:
    """The scope of one rule while it is read. `slots` counts the local values that an evaluation must hold."""

    file: str
    records: Records
    names: dict[str, tuple[Node, Type]]
    present: frozenset[str] = frozenset()
    slots: list[int] = field(default_factory=lambda: [1])
    used: set[str] = field(default_factory=set)

    def refuse(self, place: ast.AST, code: str, reason: str) -> NoReturn:
        """Raise LawError at the place of a syntax node."""
        raise LawError(code, reason, file=self.file, line=getattr(place, "lineno", 0))

    def with_name(self, name: str, node: Node, kind: Type) -> Scope:
        """Return the scope with a local name (which hides what was narrowed of an older one)."""
        present = frozenset(p for p in self.present if p != name and not p.startswith(name + "."))
        names = {**self.names, name: (node, kind)}
        return Scope(self.file, self.records, names, present, self.slots, self.used)

    def with_present(self, places: frozenset[str]) -> Scope:
        """Return the scope in which the values at `places` (dotted names) are known to be there."""
        return Scope(self.file, self.records, self.names, self.present | places, self.slots, self.used)

    def new_slot(self) -> int:
        """Return the number of a fresh local value; slot 0 is the record of a per-record rule."""
        self.slots[0] += 1
        return self.slots[0] - 1


NOTHING_FOUND: tuple[frozenset[str], frozenset[str]] = (frozenset(), frozenset())


def presence(test: ast.expr) -> tuple[frozenset[str], frozenset[str]]:
    """Return the dotted names that are there if `test` is true, and those that are there if it is false."""
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        there, absent = presence(test.operand)
        return absent, there
    if isinstance(test, ast.BoolOp):
        found = [presence(value) for value in test.values]
        if isinstance(test.op, ast.And):
            return frozenset().union(*(there for there, _ in found)), frozenset()
        return frozenset(), frozenset().union(*(absent for _, absent in found))
    if isinstance(test, ast.Compare) and len(test.ops) == 1 and is_none_literal(test.comparators[0]):
        place = frozenset({ast.unparse(test.left)})
        if isinstance(test.ops[0], ast.IsNot):
            return place, frozenset()
        if isinstance(test.ops[0], ast.Is):
            return frozenset(), place
    if isinstance(test, ast.Call) and isinstance(test.func, ast.Name) and test.func.id == "is_none":
        return frozenset(), frozenset(ast.unparse(value) for value in test.args)
    return NOTHING_FOUND


def is_none_literal(node: ast.expr) -> bool:
    """Tell whether a syntax node is the literal None."""
    return isinstance(node, ast.Constant) and node.value is None
