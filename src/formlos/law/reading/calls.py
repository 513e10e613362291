"""Reads calls of the fixed functions, and comprehensions over lists."""

from __future__ import annotations

import ast
from collections.abc import Callable
from decimal import Decimal, InvalidOperation

from formlos.law.reading import expressions
from formlos.law.reading.operators import ORDERED
from formlos.law.reading.scope import Node, Scope, presence
from formlos.law.types import BOOL, DATE, DATES, DAYS, DECIMAL, INT, Type, joined

Reading = tuple[Node, Type]

SIGNATURES: dict[str, tuple[tuple[Type, ...], Type]] = {
    "age_on": ((DATE, DATE), INT),
    "next_working_day": ((DATE, DATES), DATE),
    "add_months": ((DATE, INT), DATE),
    "days_between": ((DATE, DATE), INT),
    "round_half_up": ((DECIMAL, INT), DECIMAL),
}


def read_call(call: ast.Call, scope: Scope) -> Reading:
    """Return tree and type of a call."""
    name = call.func.id if isinstance(call.func, ast.Name) else ""
    if name not in _READERS and name not in SIGNATURES:
        reason = f"`{ast.unparse(call.func)}` is none of the fixed functions"
        scope.refuse(call, "unknown_function", reason)
    if any(isinstance(argument, ast.Starred) for argument in call.args):
        scope.refuse(call, "not_in_language", "no starred arguments")
    if call.keywords and name != "timedelta":
        scope.refuse(call, "not_in_language", "the fixed functions take no keyword arguments")
    return _READERS.get(name, _fixed)(call, scope)


def _fixed(call: ast.Call, scope: Scope) -> Reading:
    assert isinstance(call.func, ast.Name)
    wanted, result = SIGNATURES[call.func.id]
    if len(call.args) != len(wanted):
        scope.refuse(call, "arguments", f"{call.func.id} takes {len(wanted)} arguments")
    pairs = zip(call.args, wanted, strict=True)
    nodes = [expressions.read_as(given, kind, scope, f"this argument of {call.func.id}") for given, kind in pairs]
    return {"op": "call", "name": call.func.id, "args": nodes}, result


def _is_none(call: ast.Call, scope: Scope) -> Reading:
    of, kind = expressions.read(_only(call, scope), scope)
    if not kind.optional and ast.unparse(call.args[0]) not in scope.present:
        scope.refuse(call, "type", f"`{ast.unparse(call.args[0])}` is {kind} and never none")
    return {"op": "is_none", "of": of}, BOOL


def _timedelta(call: ast.Call, scope: Scope) -> Reading:
    values = [*call.args, *(keyword.value for keyword in call.keywords)]
    if len(values) != 1 or any(keyword.arg != "days" for keyword in call.keywords):
        scope.refuse(call, "arguments", "a duration is timedelta(days=…)")
    node = expressions.read_as(values[0], INT, scope, "the number of days")
    return {"op": "call", "name": "timedelta", "args": [node]}, DAYS


def _decimal(call: ast.Call, scope: Scope) -> Reading:
    value = _only(call, scope)
    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        return _decimal_literal(call, value.value, scope), DECIMAL
    node = expressions.read_as(value, INT, scope, "Decimal of")
    return {"op": "call", "name": "Decimal", "args": [node]}, DECIMAL


def _decimal_literal(call: ast.Call, text: str, scope: Scope) -> Node:
    try:
        value = Decimal(text)
    except InvalidOperation:
        scope.refuse(call, "type", f"{text!r} is no number")
    if value not in (0, 1):
        reason = f"{text} in a rule: only 0 and 1; every other number is a dated parameter with its source"
        scope.refuse(call, "number_in_rule", reason)
    return {"op": "const", "type": DECIMAL.to_data(), "value": text}


def _any_all(call: ast.Call, scope: Scope) -> Reading:
    node, kind = expressions.read(_only(call, scope), scope)
    _check_list(call, kind, ("bool",), scope)
    return {"op": _function(call), "over": node}, BOOL


def _sum(call: ast.Call, scope: Scope) -> Reading:
    node, kind = expressions.read(_only(call, scope), scope)
    item = _check_list(call, kind, ("int", "decimal"), scope)
    return {"op": "sum", "over": node, "zero": item.kind}, item


def _len(call: ast.Call, scope: Scope) -> Reading:
    node, kind = expressions.read(_only(call, scope), scope)
    if kind.kind != "list" or kind.optional:
        scope.refuse(call, "type", f"len needs a list, not {kind}")
    return {"op": "len", "over": node}, INT


def _min_max(call: ast.Call, scope: Scope) -> Reading:
    if len(call.args) == 1:
        node, kind = expressions.read(call.args[0], scope)
        item = _check_list(call, kind, ORDERED, scope)
        return {"op": _function(call), "over": node}, item
    nodes, kinds = zip(*(expressions.read(value, scope) for value in call.args), strict=True)
    found: Type | None = kinds[0]
    for kind in kinds:
        found = joined(found, kind) if found else None
    if found is None or found.optional or found.kind not in ORDERED:
        scope.refuse(call, "type", f"`{ast.unparse(call)}` compares values of different types")
    return {"op": "call", "name": _function(call), "args": list(nodes)}, found


def _check_list(call: ast.Call, kind: Type, kinds: tuple[str, ...], scope: Scope) -> Type:
    item = kind.item
    if kind.kind != "list" or item is None or item.kind not in kinds or item.optional or kind.optional:
        scope.refuse(call, "type", f"{_function(call)} needs a list of {' or '.join(kinds)}, not {kind}")
    return item


def _function(call: ast.Call) -> str:
    assert isinstance(call.func, ast.Name)
    return call.func.id


def _only(call: ast.Call, scope: Scope) -> ast.expr:
    if len(call.args) != 1:
        scope.refuse(call, "arguments", f"{ast.unparse(call.func)} takes one argument")
    return call.args[0]


def read_comprehension(expression: ast.ListComp | ast.GeneratorExp, scope: Scope) -> Reading:
    """Return tree and type of `[… for x in list if …]` with one `for`."""
    part = expression.generators[0]
    if len(expression.generators) != 1 or part.is_async or not isinstance(part.target, ast.Name):
        scope.refuse(expression, "not_in_language", "a comprehension has one `for` over one name")
    over, kind = expressions.read(part.iter, scope)
    if kind.kind != "list" or kind.item is None or kind.optional:
        scope.refuse(part.iter, "type", f"`{ast.unparse(part.iter)}` is {kind}, not a list")
    slot = scope.new_slot()
    inner = scope.with_name(part.target.id, {"op": "local", "slot": slot}, kind.item)
    tests = []
    for test in part.ifs:
        tests.append(expressions.read_as(test, BOOL, inner, "the condition of a comprehension"))
        inner = inner.with_present(presence(test)[0])
    take, item = expressions.read(expression.elt, inner)
    node: Node = {"op": "map", "slot": slot, "over": over, "take": take}
    if tests:
        node["where"] = tests[0] if len(tests) == 1 else {"op": "and", "args": tests}
    return node, Type("list", item=item)


_READERS: dict[str, Callable[[ast.Call, Scope], Reading]] = {
    "is_none": _is_none,
    "timedelta": _timedelta,
    "Decimal": _decimal,
    "any": _any_all,
    "all": _any_all,
    "sum": _sum,
    "len": _len,
    "min": _min_max,
    "max": _min_max,
}
