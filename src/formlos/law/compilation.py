"""Compiled evaluation: the rules as Python source, generated once, for cases in which all is known.

The generated code knows no unknown values. Whatever it cannot handle (a fact that is missing after all, an
incomplete list, an error) is left to the interpreted reading, so that both always agree.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from formlos.law import language
from formlos.law.evaluation.closures import FUNCTIONS
from formlos.law.language import NONE
from formlos.law.types import Type, decode
from formlos.law.values import Facts, ListOf

if TYPE_CHECKING:
    from formlos.law.law import Law

Node = Mapping[str, Any]
SIMPLE = ("bool", "int", "decimal", "text", "enum", "date", "days")


class NotCompilable(Exception):
    """Raised by generated code where only the interpreted reading knows what to do."""


def compile_goals(law: Law, goals: tuple[str, ...]) -> Callable[[Mapping[str, Any]], dict[str, Any]]:
    """Return a function from facts to the known goals' values, equal to `law.evaluate(facts, goals).values`."""
    writer = _Writer(law)
    simple = all(law.document.type_of(goal).kind in SIMPLE for goal in goals)
    run = writer.finish(goals) if simple else None

    def evaluate(facts: Mapping[str, Any]) -> dict[str, Any]:
        if run is not None:
            try:
                values: dict[str, Any] = run(facts.values_by_path if isinstance(facts, Facts) else facts)
                return values
            except (NotCompilable, LookupError, ArithmeticError, TypeError, ValueError, AttributeError):
                pass
        known = facts if isinstance(facts, Facts) else Facts(facts)
        return dict(law.evaluate(known, goals).values)

    return evaluate


def _members(facts: Mapping[str, Any], path: str) -> list[str]:
    found = facts[path]
    if found is NONE:
        return []
    if not isinstance(found, ListOf) or not found.complete:
        raise NotCompilable
    return [f"{path}/{key}" for key in found.keys]


def _texts(facts: Mapping[str, Any], path: str) -> list[str]:
    found = facts[path]
    return [] if found is NONE else list(found.keys) if found.complete else _refuse()


def _truth(value: Any) -> bool:
    if value is True or value is False:
        return bool(value)
    raise NotCompilable


def _refuse() -> Any:
    raise NotCompilable


class _Writer:
    """Writes one Python function per rule, and one for the goals."""

    def __init__(self, law: Law) -> None:
        self.law = law
        self.program = law.program
        self.document = law.document
        self.lines: list[str] = []
        self.written: dict[tuple[str, str], str] = {}
        self.constants: dict[str, Any] = {
            **FUNCTIONS,
            "NONE": NONE,
            "_members": _members,
            "_texts": _texts,
            "_optional": self._optional_reader(),
            "_truth": _truth,
            "_refuse": _refuse,
            "_zero": Decimal(0),
            "_none": language.is_none,
        }
        self.memos = 0

    def _optional_reader(self) -> Callable[[Mapping[str, Any], str], Any]:
        """Return the reader of fields that are none where their list's record has arrived without them."""
        lists = frozenset(path for path, kind in self.document.fact_types.items() if kind.is_record_list)

        def read(facts: Mapping[str, Any], path: str) -> Any:
            if path in facts:
                return facts[path]
            return NONE if path.partition("/")[0] in lists else _refuse()

        return read

    def finish(self, goals: tuple[str, ...]) -> Callable[[Mapping[str, Any]], dict[str, Any]]:
        """Compile everything that the goals need; return the function from facts to goals."""
        values = ", ".join(f"{goal!r}: {self.reference(goal)}" for goal in goals)
        self.lines += ["def _goals(f):", f"    m = [None] * {self.memos}", f"    return {{{values}}}"]
        source = "\n".join(self.lines)
        exec(compile(source, f"<law {self.document.name}>", "exec"), self.constants)  # noqa: S102 (own source)
        function: Callable[[Mapping[str, Any]], dict[str, Any]] = self.constants["_goals"]
        return function

    def constant(self, value: Any) -> str:
        """Return the name of a value in the generated code."""
        if value is True or value is False or isinstance(value, int):
            return repr(value)
        if isinstance(value, str):
            return repr(value)
        name = f"c{len(self.constants)}"
        self.constants[name] = value
        return name

    def reference(self, name: str) -> str:
        """Return the code that reads a rule, parameter or fact."""
        if ("", name) in self.program.versions:
            return f"{self.rule('', name)}(f, m)"
        if name in self.program.parameters:
            return self.parameter(name)
        if name not in self.document.fact_types:
            return self.field_of(name)
        return self.fact(repr(name), self.document.fact_types[name])

    def field_of(self, name: str) -> str:
        """Return the code that reads a field of a single record."""
        base, _, field = name.partition("/")
        return self.field(self.document.fact_types[base].name, field, repr(base))

    def fact(self, path: str, kind: Type) -> str:
        """Return the code that reads the fact at a path (itself code)."""
        if kind.kind == "record":
            return "_refuse()" if kind.optional else path
        if kind.kind == "list":
            return f"{'_members' if kind.is_record_list else '_texts'}(f, {path})"
        return f"f[{path}]"

    def field(self, record: str, name: str, owner: str) -> str:
        """Return the code that reads a record's field."""
        rules = self.program.rules_of(record, name)
        if rules:
            return f"{self.rule(rules[0]['record'], name)}(f, m, {owner})"
        kind = self.program.field_type(record, name)
        path = repr(f"{owner[1:-1]}/{name}") if owner[0] in "'\"" else f"{owner} + {'/' + name!r}"
        if kind.optional and kind.kind != "record":
            own = any(declared.endswith("/" + name) for declared in self.document.fact_types)
            return f"f[{path}]" if own else f"_optional(f, {path})"
        return self.fact(path, kind)

    def rule(self, record: str, name: str) -> str:
        """Return the name of a rule's function, written once."""
        key = (record, name)
        if key not in self.written:
            self.written[key] = f"r{len(self.written)}"
            self._write_rule(record, name)
        return self.written[key]

    def _write_rule(self, record: str, name: str) -> None:
        rules = self.program.versions[record, name]
        function = self.written[record, name]
        body: list[str] = []
        if len(rules) == 1 and not rules[0]["since"] and not rules[0]["until"]:
            self._block(rules[0]["body"], 1, body)
        else:
            self._versions(rules, body)
        if record:
            self.lines += [f"def {function}(f, m, p):", *body]
            return
        slot, self.memos = self.memos, self.memos + 1
        self.lines += [f"def {function}_(f, m):", *body]
        self.lines += [f"def {function}(f, m):", f"    v = m[{slot}]", "    if v is None:"]
        self.lines += [f"        v = m[{slot}] = {function}_(f, m)", "    return v"]

    def _versions(self, rules: list[dict[str, Any]], body: list[str]) -> None:
        body.append(f"    k = {self.reference(self.program.key_date_of(rules[0]))}")
        for rule in reversed(rules):
            since = self.constant(_date(rule["since"])) if rule["since"] else None
            body.append(f"    if k >= {since}:" if since else "    if True:")
            if rule["until"]:
                body.append(f"        if k > {self.constant(_date(rule['until']))}: _refuse()")
            self._block(rule["body"], 2, body)
        if rules[0]["since"]:
            self._block(rules[0]["body"], 1, body)

    def parameter(self, name: str) -> str:
        """Return the code that reads a parameter."""
        versions = self.program.parameters[name]
        if all(since is None and until is None for since, until, _ in versions):
            return self.constant(versions[0][2])
        if ("param", name) not in self.written:
            function = self.written["param", name] = f"r{len(self.written)}"
            key = self.reference(self.program.key_date_of(self.document.data["params"][name]))
            lines = [f"def {function}(f, m):", f"    k = {key}"]
            for since, until, value in reversed(versions):
                lines.append(f"    if k >= {self.constant(since)}:" if since else "    if True:")
                if until:
                    lines.append(f"        if k > {self.constant(until)}: _refuse()")
                lines.append(f"        return {self.constant(value)}")
            lines.append(f"    return {self.constant(versions[0][2])}")
            self.lines += lines
        return f"{self.written['param', name]}(f, m)"

    def _block(self, node: Node, depth: int, body: list[str]) -> None:
        space = "    " * depth
        if node["op"] == "let":
            body.append(f"{space}x{node['slot']} = {self.code(node['value'])}")
            self._block(node["in"], depth, body)
        elif node["op"] == "if":
            body.append(f"{space}if {self.condition(node['test'])}:")
            self._block(node["then"], depth + 1, body)
            self._block(node["else"], depth, body)
        else:
            body.append(f"{space}return {self.code(node)}")

    def code(self, node: Node) -> str:
        """Return the code of an expression."""
        written: str = getattr(self, f"_{_METHODS.get(node['op'], node['op'])}")(node)
        return written

    def _const(self, node: Node) -> str:
        return self.constant(decode(Type.from_data(node["type"]), node["value"]))

    def _ref(self, node: Node) -> str:
        return self.reference(node["name"])

    def _self(self, node: Node) -> str:
        return "p"

    def _local(self, node: Node) -> str:
        return f"x{node['slot']}"

    def _field(self, node: Node) -> str:
        return self.field(node["record"], node["name"], self.code(node["of"]))

    def _if(self, node: Node) -> str:
        return f"({self.code(node['then'])} if {self.condition(node['test'])} else {self.code(node['else'])})"

    def condition(self, node: Node) -> str:
        """Return the code of a condition: Python's own truth must never decide about NONE."""
        code = self.code(node)
        return code if self._is_truth(node) else f"_truth({code})"

    def _is_truth(self, node: Node) -> bool:
        """Tell whether a tree can only be true or false."""
        if node["op"] == "if":
            return self._is_truth(node["then"]) and self._is_truth(node["else"])
        if node["op"] == "let":
            return self._is_truth(node["in"])
        if node["op"] == "ref":
            rules = self.program.versions.get(("", node["name"]), [])
            return bool(rules) and all(self._is_truth(rule["body"]) for rule in rules)
        return node["op"] in _TRUE_OR_FALSE or (node["op"] == "const" and isinstance(node["value"], bool))

    def _and(self, node: Node) -> str:
        return "(" + f" {node['op']} ".join(self.condition(argument) for argument in node["args"]) + ")"

    def _not(self, node: Node) -> str:
        return f"(not {self.condition(node['of'])})"

    def _is_none(self, node: Node) -> str:
        return f"({self.code(node['of'])} is NONE)"

    def _cmp(self, node: Node) -> str:
        return f"({self.code(node['left'])} {node['how']} {self.code(node['right'])})"

    _calc = _cmp

    def _neg(self, node: Node) -> str:
        return f"(-{self.code(node['of'])})"

    def _part(self, node: Node) -> str:
        return f"{self.code(node['of'])}.{node['name']}"

    def _lookup(self, node: Node) -> str:
        return f"{self.code(node['table'])}[{self.code(node['key'])}]"

    def _call(self, node: Node) -> str:
        return f"{node['name']}({', '.join(self.code(argument) for argument in node['args'])})"

    def _map(self, node: Node) -> str:
        where = f" if {self.condition(node['where'])}" if "where" in node else ""
        return f"[{self.code(node['take'])} for x{node['slot']} in {self.code(node['over'])}{where}]"

    def _any(self, node: Node) -> str:
        over = node["over"]
        if over["op"] != "map":
            return f"{node['op']}(map(_truth, {self.code(over)}))"
        where = f" if {self.condition(over['where'])}" if "where" in over else ""
        items = f"{self.condition(over['take'])} for x{over['slot']} in {self.code(over['over'])}{where}"
        return f"{node['op']}({items})"

    def _sum(self, node: Node) -> str:
        return f"sum({self.code(node['over'])}, {'_zero' if node['zero'] == 'decimal' else '0'})"

    def _min(self, node: Node) -> str:
        return f"{node['op']}({self.code(node['over'])})"

    def _empty(self, node: Node) -> str:
        return "[]"


def _date(text: str) -> Any:
    return decode(Type("date"), text)


_TRUE_OR_FALSE = frozenset({"cmp", "and", "or", "not", "is_none", "any", "all"})
_METHODS = {"or": "and", "all": "any", "max": "min", "len": "min"}
