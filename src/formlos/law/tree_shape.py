"""What the tree of a rule looks like: known operations on known names, local values only where they are bound."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set
from typing import Any, NoReturn

from formlos.law.errors import LawError
from formlos.law.evaluation.closures import CALCULATIONS, COMPARISONS, FUNCTIONS

Node = Mapping[str, Any]
Slots = frozenset[int]

# Per operation: its trees, and its other keys. `args`, `where` and the slots of `let` and `map` are special.
TREES: Mapping[str, tuple[str, ...]] = {
    "const": (),
    "ref": (),
    "self": (),
    "local": (),
    "empty": (),
    "and": (),
    "or": (),
    "call": (),
    "field": ("of",),
    "not": ("of",),
    "is_none": ("of",),
    "neg": ("of",),
    "part": ("of",),
    "cmp": ("left", "right"),
    "calc": ("left", "right"),
    "lookup": ("table", "key"),
    "if": ("test", "then", "else"),
    "let": ("value", "in"),
    "map": ("over", "take"),
    **dict.fromkeys(("any", "all", "sum", "min", "max", "len"), ("over",)),
}
KEYS: Mapping[str, tuple[str, ...]] = {
    "const": ("type", "value"),
    "ref": ("name",),
    "local": ("slot",),
    "and": ("args",),
    "or": ("args",),
    "call": ("name", "args"),
    "field": ("record", "name"),
    "part": ("name",),
    "cmp": ("how",),
    "calc": ("how",),
    "let": ("slot",),
    "map": ("slot",),
    "sum": ("zero",),
}
WORDS: Mapping[tuple[str, str], Set[str]] = {
    ("cmp", "how"): frozenset(COMPARISONS),
    ("calc", "how"): frozenset(CALCULATIONS),
    ("call", "name"): frozenset(FUNCTIONS),
    ("part", "name"): frozenset({"year", "month", "day", "days"}),
    ("sum", "zero"): frozenset({"int", "decimal"}),
}
BRANCHES = {("let", "in"), ("if", "then"), ("if", "else")}  # where a statement's tree goes on with a statement
ONE_ARGUMENT = {"timedelta", "Decimal"}


class Tree:
    """The check of one rule. `names` may be referred to; `fields` are the attributes by record type."""

    def __init__(
        self,
        names: Set[str],
        fields: Mapping[str, Set[str]],
        rule: Mapping[str, Any],
        constant: Callable[[Node, str], None],
    ) -> None:
        self.names = names
        self.fields = fields
        self.rule = rule
        self.constant = constant

    def check(self, body: Any) -> None:
        """Raise LawError (`document`) unless this is a rule's body."""
        self._tree(body, frozenset(), statement=True)

    def _refuse(self, reason: str) -> NoReturn:
        raise LawError("document", f"rule {self.rule['name']}: {reason}")

    def _tree(self, node: Any, bound: Slots, *, statement: bool = False) -> None:
        operation = self._operation(node)
        if operation == "let" and not statement:
            self._refuse("a local name inside an expression")
        self._words(node, operation)
        if operation in ("let", "map"):
            self._slot(node)
        inner = bound | {node["slot"]} if operation in ("let", "map") else bound
        for key in TREES[operation]:
            bare = (operation, key) in {("let", "value"), ("map", "over")}
            self._tree(node[key], bound if bare else inner, statement=statement and (operation, key) in BRANCHES)
        if "where" in node:
            self._tree(node["where"], inner)
        for argument in node.get("args", ()):
            self._tree(argument, bound)
        self._meaning(node, operation, bound)

    def _operation(self, node: Any) -> str:
        operation = node.get("op") if isinstance(node, dict) else None
        if not isinstance(operation, str) or operation not in TREES:
            self._refuse("a part that is no operation")
        needed = {"op", *TREES[operation], *KEYS.get(operation, ())}
        if set(node) - ({"where"} if operation == "map" else set()) != needed:
            self._refuse(f"{operation} has other parts than {', '.join(sorted(needed))}")
        return operation

    def _words(self, node: Node, operation: str) -> None:
        for key in KEYS.get(operation, ()):
            allowed = WORDS.get((operation, key))
            if allowed is not None and not (isinstance(node[key], str) and node[key] in allowed):
                self._refuse(f"{operation} of an unknown kind")
            if key == "args" and not (isinstance(node[key], list) and node[key]):
                self._refuse(f"{operation} without arguments")

    def _slot(self, node: Node) -> None:
        slot = node["slot"]
        if type(slot) is not int or not 1 <= slot < self.rule["slots"]:
            self._refuse("a local value outside the rule's slots")

    def _meaning(self, node: Node, operation: str, bound: Slots) -> None:
        if operation == "const":
            self.constant(node, f"rule {self.rule['name']}")
        elif operation == "ref" and not _among(node["name"], self.names):
            self._refuse("refers to what is no fact, rule or parameter")
        elif operation == "self" and not self.rule["record"]:
            self._refuse("refers to a record, but belongs to none")
        elif operation == "local" and not (type(node["slot"]) is int and node["slot"] in bound):
            self._refuse("reads a local value that is not bound")
        elif operation == "field" and not (
            _among(node["record"], self.fields) and _among(node["name"], self.fields[node["record"]])
        ):
            self._refuse("reads a field that no record type has")
        elif operation == "call" and len(node["args"]) != _arguments(node):
            self._refuse(f"{node['name']} with {len(node['args'])} arguments")


def _among(value: Any, allowed: Any) -> bool:
    return isinstance(value, str) and value in allowed


def _arguments(node: Node) -> int:
    if node["name"] in ("min", "max"):
        return max(2, len(node["args"]))
    return 1 if node["name"] in ONE_ARGUMENT else 2
