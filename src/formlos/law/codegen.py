"""Writes the rules of a program as Python source: one function per rule that is read more than once.

Nothing of a document is pasted into the source but whole numbers and words that `formlos.law.tree_shape` knows. All
texts and other values lie in a table of constants that the source names `c1`, `c2` and so on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from formlos.law.evaluation.closures import FUNCTIONS
from formlos.law.evaluation.periods import day
from formlos.law.evaluation.program import Program
from formlos.law.language import NONE
from formlos.law.support import children
from formlos.law.types import Type, decode
from formlos.law.values import ListOf

Node = Mapping[str, Any]
Compiled = Callable[[Mapping[str, Any]], dict[str, Any]]

# Per-record rules up to this size are written out where they are read: a call costs more than they do.
SMALL = 16
TRUTHS = frozenset({"cmp", "and", "or", "not", "is_none", "any", "all"})


class NotCompilable(Exception):
    """Raised by generated code where only the interpreted reading knows what to do."""


class Writer:
    """Writes functions `r…(f, m)` and `r…(f, m, p)`: f are the facts, m the memory of a run, p a record's path."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.document = program.document
        self.lines: list[str] = []
        self.names: dict[tuple[str, str], str] = {}
        self.memory = 0
        self.owner, self.prefix = "p", "x"
        self.texts: dict[str, str] = {}
        self.lists = frozenset(path for path, kind in self.document.fact_types.items() if kind.is_record_list)
        self.own_fields = {path.rpartition("/")[2] for path in self.document.fact_types if "/" in path}
        self.reads = Counter(node["name"] for rule in self.document.rules for node in _every(rule["body"], "ref"))
        self.constants: dict[str, Any] = {
            **FUNCTIONS,
            "NONE": NONE,
            "ZERO": Decimal(0),
            # Python's own truth must never decide about NONE, and this is the fastest way to refuse it.
            "TRUTH": {True: True, False: False},
            "members": self.members,
            "optional": self.optional,
            "refuse": refuse,
        }

    def finish(self, goals: tuple[str, ...]) -> Compiled:
        """Compile everything that the goals need; return the function from facts to goals."""
        values = ", ".join(f"{self.constant(goal)}: {self.reference(goal)}" for goal in goals)
        self.lines += ["def goals(f):", f"    m = [None] * {self.memory}", f"    return {{{values}}}"]
        code = compile("\n".join(self.lines), "<law>", "exec")
        exec(code, self.constants)  # noqa: S102  (source written here, see above)
        function: Compiled = self.constants["goals"]
        return function

    def members(self, facts: Mapping[str, Any], path: str) -> list[str]:
        """Return the members of a list fact: the paths of its records, or the keys that are its values."""
        found = facts[path]
        if found is NONE:
            return []
        if not isinstance(found, ListOf) or not found.complete:
            raise NotCompilable
        in_records = self.document.fact_type(path).is_record_list
        return [f"{path}/{key}" for key in found.keys] if in_records else list(found.keys)

    def optional(self, facts: Mapping[str, Any], path: str) -> Any:
        """Return a field that is none where its list's record has arrived without it."""
        if path in facts:
            return facts[path]
        return NONE if path.partition("/")[0] in self.lists else refuse()

    def constant(self, value: Any) -> str:
        """Return the code of a value: a whole number or the name of a constant."""
        if type(value) is int:
            return f"({value:d})"
        if type(value) is str and value in self.texts:
            return self.texts[value]
        name = f"c{len(self.constants)}"
        self.constants[name] = value
        if type(value) is str:
            self.texts[value] = name
        return name

    def known_text(self, code: str) -> str | None:
        """Return the text that a code stands for, if it is the name of a constant text."""
        value = self.constants.get(code)
        return value if isinstance(value, str) else None

    def reference(self, name: str) -> str:
        """Return the code that reads a rule, parameter, fact or field of a single record."""
        if ("", name) in self.program.versions:
            rules = self.program.versions["", name]
            if self.reads[name] == 1 and _is_expression(rules):
                return self.inlined(rules[0]["body"], "p")
            return f"{self.rule('', name)}(f, m)"
        if name in self.program.parameters:
            return self.parameter(name)
        if name in self.document.fact_types:
            return self.fact(self.constant(name), self.document.fact_types[name])
        base, _, field = name.partition("/")
        return self.field(self.document.fact_types[base].name, field, self.constant(base))

    def fact(self, path: str, kind: Type) -> str:
        """Return the code that reads the fact at a path (itself code)."""
        if kind.kind == "record":
            return "refuse()" if kind.optional else path
        if kind.kind != "list":
            return f"f[{path}]"
        if self.known_text(path) is None:
            return f"members(f, {path})"
        if ("list", path) not in self.names:
            self._remembered(self._named("list", path), f"members(f, {path})")
        return f"{self.names['list', path]}(f, m)"

    def field(self, record: str, name: str, owner: str) -> str:
        """Return the code that reads a field of the record whose path is `owner` (itself code)."""
        rules = self.program.rules_of(record, name)
        if rules:
            small = sum(1 for _ in _every(rules[0]["body"])) <= SMALL
            if small and owner.isidentifier() and _is_expression(rules):
                return self.inlined(rules[0]["body"], owner)
            return f"{self.rule(rules[0]['record'], name)}(f, m, {owner})"
        kind = self.program.field_type(record, name)
        known = self.known_text(owner)
        path = f"{owner} + {self.constant('/' + name)}" if known is None else self.constant(f"{known}/{name}")
        if kind.optional and kind.kind != "record" and name not in self.own_fields:
            return f"optional(f, {path})"
        return self.fact(path, kind)

    def inlined(self, body: Node, owner: str) -> str:
        """Return a rule's code in the place where it is read, with local names of its own."""
        outer = self.owner, self.prefix
        self.owner, self.prefix = owner, f"{self.prefix}_"
        code = f"({self.code(body)})"
        self.owner, self.prefix = outer
        return code

    def _named(self, record: str, name: str) -> str:
        self.names[record, name] = f"r{len(self.names)}"
        return self.names[record, name]

    def _remembered(self, function: str, code: str) -> None:
        slot, self.memory = self.memory, self.memory + 1
        self.lines += [f"def {function}(f, m):", f"    v = m[{slot}]", "    if v is None:"]
        self.lines += [f"        v = m[{slot}] = {code}", "    return v"]

    def rule(self, record: str, name: str) -> str:
        """Return the name of a rule's function, written once."""
        if (record, name) in self.names:
            return self.names[record, name]
        function = self._named(record, name)
        outer = self.owner, self.prefix
        self.owner, self.prefix = "p", "x"
        rules = self.program.versions[record, name]
        if not record and _is_expression(rules):
            self._remembered(function, self.code(rules[0]["body"]))
        else:
            self._write_body(function, record, rules)
        self.owner, self.prefix = outer
        return function

    def _write_body(self, function: str, record: str, rules: list[dict[str, Any]]) -> None:
        body: list[str] = []
        dated = any(rule["since"] or rule["until"] for rule in rules)
        if dated:
            body.append(f"    k = {self.reference(self.program.key_date_of(rules[0]))}")
        for rule in reversed(rules):
            body += self._in_force(day(rule["since"]), day(rule["until"]))
            self._block(rule["body"], 2, body)
        if rules[0]["since"]:
            self._block(rules[0]["body"], 1, body)
        inner = f"{function}_" if not record else function
        self.lines += [f"def {inner}(f, m{', p' if record else ''}):", *body]
        if not record:
            self._remembered(function, f"{inner}(f, m)")

    def _in_force(self, since: Any, until: Any) -> list[str]:
        lines = [f"    if k >= {self.constant(since)}:" if since else "    if True:"]
        return [*lines, f"        if k > {self.constant(until)}: refuse()"] if until else lines

    def parameter(self, name: str) -> str:
        """Return the code that reads a parameter."""
        versions = self.program.parameters[name]
        if all(since is None and until is None for since, until, _ in versions):
            return self.constant(versions[0][2])
        if ("param", name) not in self.names:
            function = self._named("param", name)
            key = self.reference(self.program.key_date_of(self.document.data["params"][name]))
            lines = [f"def {function}_(f, m):", f"    k = {key}"]
            for since, until, value in reversed(versions):
                lines += [*self._in_force(since, until), f"        return {self.constant(value)}"]
            self.lines += [*lines, f"    return {self.constant(versions[0][2])}"]
            self._remembered(function, f"{function}_(f, m)")
        return f"{self.names['param', name]}(f, m)"

    def _block(self, node: Node, depth: int, body: list[str]) -> None:
        space = "    " * depth
        if node["op"] == "let":
            body.append(f"{space}{self.prefix}{node['slot']} = {self.code(node['value'])}")
            self._block(node["in"], depth, body)
        elif node["op"] == "if":
            body.append(f"{space}if {self.condition(node['test'])}:")
            self._block(node["then"], depth + 1, body)
            self._block(node["else"], depth, body)
        else:
            body.append(f"{space}return {self.code(node)}")

    def condition(self, node: Node) -> str:
        """Return the code of a condition that is true or false, and refuses NONE."""
        code = self.code(node)
        return code if self._is_truth(node) else f"TRUTH[{code}]"

    def _is_truth(self, node: Node) -> bool:
        """Tell whether a tree can only be true or false."""
        if node["op"] == "if":
            return self._is_truth(node["then"]) and self._is_truth(node["else"])
        if node["op"] == "let":
            return self._is_truth(node["in"])
        if node["op"] == "ref":
            rules = self.program.versions.get(("", node["name"]), [])
            return bool(rules) and all(self._is_truth(rule["body"]) for rule in rules)
        if node["op"] == "field":
            rules = self.program.rules_of(node["record"], node["name"])
            return bool(rules) and all(self._is_truth(rule["body"]) for rule in rules)
        return node["op"] in TRUTHS or (node["op"] == "const" and isinstance(node["value"], bool))

    def code(self, node: Node) -> str:
        """Return the code of an expression."""
        return _CODES[node["op"]](self, node)

    def items(self, node: Node, take: Callable[[Node], str]) -> str:
        """Return the inside of a comprehension."""
        where = f" if {self.condition(node['where'])}" if "where" in node else ""
        return f"{take(node['take'])} for {self.prefix}{node['slot']} in {self.code(node['over'])}{where}"

    def quantified(self, node: Node) -> str:
        """Return the code of any or all."""
        over = node["over"]
        if over["op"] == "map":
            return f"{node['op']}({self.items(over, self.condition)})"
        return f"{node['op']}(TRUTH[v] for v in {self.code(over)})"


def refuse() -> Any:
    """Leave the case to the interpreted reading."""
    raise NotCompilable


def _every(node: Node, kind: str | None = None) -> list[Node]:
    found = [one for child in children(node) for one in _every(child, kind)]
    return [node, *found] if kind in (None, node["op"]) else found


def _is_expression(rules: list[dict[str, Any]]) -> bool:
    """Tell whether a rule is one undated version without local names."""
    only = rules[0]
    return len(rules) == 1 and not only["since"] and not only["until"] and not _every(only["body"], "let")


_CODES: dict[str, Callable[[Writer, Node], str]] = {
    "const": lambda w, n: w.constant(decode(Type.from_data(n["type"]), n["value"])),
    "ref": lambda w, n: w.reference(n["name"]),
    "self": lambda w, n: w.owner,
    "local": lambda w, n: f"{w.prefix}{n['slot']}",
    "field": lambda w, n: w.field(n["record"], n["name"], w.code(n["of"])),
    "if": lambda w, n: f"({w.code(n['then'])} if {w.condition(n['test'])} else {w.code(n['else'])})",
    "and": lambda w, n: "(" + " and ".join(w.condition(one) for one in n["args"]) + ")",
    "or": lambda w, n: "(" + " or ".join(w.condition(one) for one in n["args"]) + ")",
    "not": lambda w, n: f"(not {w.condition(n['of'])})",
    "is_none": lambda w, n: f"({w.code(n['of'])} is NONE)",
    "cmp": lambda w, n: f"({w.code(n['left'])} {n['how']} {w.code(n['right'])})",
    "calc": lambda w, n: f"({w.code(n['left'])} {n['how']} {w.code(n['right'])})",
    "neg": lambda w, n: f"(-{w.code(n['of'])})",
    "part": lambda w, n: f"{w.code(n['of'])}.{n['name']}",
    "lookup": lambda w, n: f"{w.code(n['table'])}[{w.code(n['key'])}]",
    "call": lambda w, n: f"{n['name']}({', '.join(w.code(one) for one in n['args'])})",
    "map": lambda w, n: f"[{w.items(n, w.code)}]",
    "any": Writer.quantified,
    "all": Writer.quantified,
    "sum": lambda w, n: f"sum({w.code(n['over'])}, {'ZERO' if n['zero'] == 'decimal' else '0'})",
    "min": lambda w, n: f"min({w.code(n['over'])})",
    "max": lambda w, n: f"max({w.code(n['over'])})",
    "len": lambda w, n: f"len({w.code(n['over'])})",
    "empty": lambda w, n: "[]",
}
