"""Reads one expression: Python syntax in, typed JSON tree out."""

from __future__ import annotations

import ast
from collections.abc import Callable

from formlos.law.reading import calls
from formlos.law.reading.operators import COMPARISONS, RESULTS, SIGNS, comparable
from formlos.law.reading.scope import Node, Scope, is_none_literal, presence
from formlos.law.types import BOOL, NOTHING, Type, assignable, joined

Reading = tuple[Node, Type]


def read(expression: ast.expr, scope: Scope) -> Reading:
    """Return the tree and the type of an expression. Raises LawError for what the language does not have."""
    reader = _READERS.get(type(expression))
    if reader is None:
        scope.refuse(expression, "not_in_language", f"`{ast.unparse(expression)}`: {_WHY.get(type(expression), _NO)}")
    return reader(expression, scope)


def read_as(expression: ast.expr, kind: Type, scope: Scope, what: str) -> Node:
    """Return the tree of an expression that must have the given type."""
    node, actual = read(expression, scope)
    if not assignable(actual, kind):
        scope.refuse(expression, "type", f"{what} must be {kind}, but `{ast.unparse(expression)}` is {actual}")
    return node


def _name(expression: ast.Name, scope: Scope) -> Reading:
    if expression.id not in scope.names:
        reason = f"`{expression.id}` is neither a parameter nor a local name of this rule"
        scope.refuse(expression, "unknown_name", reason)
    scope.used.add(expression.id)
    node, kind = scope.names[expression.id]
    return node, kind.required() if expression.id in scope.present else kind


def _constant(expression: ast.Constant, scope: Scope) -> Reading:
    value = expression.value
    if value is None:
        return {"op": "const", "type": {"kind": "none"}, "value": {"none": True}}, NOTHING
    if isinstance(value, bool):
        kind = BOOL
    elif isinstance(value, str):
        kind = Type("enum", (value,))
    elif isinstance(value, int) and value in (0, 1):
        kind = Type("int")
    else:
        reason = f"{value!r} in a rule: only 0 and 1; every other number is a dated parameter with its source"
        scope.refuse(expression, "number_in_rule", reason)
    return {"op": "const", "type": kind.to_data(), "value": value}, kind


def _attribute(expression: ast.Attribute, scope: Scope) -> Reading:
    of, kind = read(expression.value, scope)
    if kind.optional:
        reason = f"`{ast.unparse(expression.value)}` may be none: check `is not None` first"
        scope.refuse(expression, "may_be_none", reason)
    parts = {"date": ("year", "month", "day"), "days": ("days",)}
    if expression.attr in parts.get(kind.kind, ()):
        return {"op": "part", "name": expression.attr, "of": of}, Type("int")
    fields = scope.records.get(kind.name, {}) if kind.kind == "record" else {}
    if expression.attr not in fields:
        scope.refuse(expression, "unknown_field", f"{kind} has no field {expression.attr!r}")
    found = fields[expression.attr]
    there = ast.unparse(expression) in scope.present
    node = {"op": "field", "record": kind.name, "name": expression.attr, "of": of}
    return node, found.required() if there else found


def _not_or_minus(expression: ast.UnaryOp, scope: Scope) -> Reading:
    if isinstance(expression.op, ast.Not):
        return {"op": "not", "of": read_as(expression.operand, BOOL, scope, "`not` of")}, BOOL
    if isinstance(expression.op, ast.USub):
        of, kind = read(expression.operand, scope)
        if kind.kind in ("int", "decimal", "days") and not kind.optional:
            return {"op": "neg", "of": of}, kind
    scope.refuse(expression, "type", f"`{ast.unparse(expression)}` is not computable")


def _and_or(expression: ast.BoolOp, scope: Scope) -> Reading:
    conjunction = isinstance(expression.op, ast.And)
    nodes = []
    for value in expression.values:
        nodes.append(read_as(value, BOOL, scope, "an operand of and/or"))
        there, absent = presence(value)
        scope = scope.with_present(there if conjunction else absent)
    return {"op": "and" if conjunction else "or", "args": nodes}, BOOL


def _arithmetic(expression: ast.BinOp, scope: Scope) -> Reading:
    left, left_kind = read(expression.left, scope)
    right, right_kind = read(expression.right, scope)
    sign = SIGNS.get(type(expression.op), "?")
    if left_kind.optional or right_kind.optional:
        scope.refuse(expression, "may_be_none", "a value that may be none is computed with: check it first")
    result = RESULTS.get((left_kind.kind, sign, right_kind.kind))
    if result is None:
        hint = " (use Decimal: there is no float)" if sign == "/" else ""
        scope.refuse(expression, "type", f"no `{sign}` between {left_kind} and {right_kind}{hint}")
    return {"op": "calc", "how": sign, "left": left, "right": right}, Type(result)


def _compare(expression: ast.Compare, scope: Scope) -> Reading:
    operands = [expression.left, *expression.comparators]
    nodes = [
        _one_comparison(expression, left, how, right, scope)
        for left, how, right in zip(operands, expression.ops, operands[1:], strict=False)
    ]
    return (nodes[0] if len(nodes) == 1 else {"op": "and", "args": nodes}), BOOL


def _one_comparison(place: ast.Compare, left: ast.expr, how: ast.cmpop, right: ast.expr, scope: Scope) -> Node:
    if isinstance(how, (ast.Is, ast.IsNot)):
        return _is_none(place, left, how, right, scope)
    if isinstance(how, (ast.In, ast.NotIn)):
        node = _membership(place, left, right, scope)
        return {"op": "not", "of": node} if isinstance(how, ast.NotIn) else node
    if is_none_literal(right) or is_none_literal(left):
        scope.refuse(place, "type", "compare with None by `is None` or `is not None`")
    sign = COMPARISONS[type(how)]
    first, first_kind = read(left, scope)
    second, second_kind = read(right, scope)
    reason = comparable(sign, first_kind, second_kind)
    if reason:
        scope.refuse(place, "type", f"`{ast.unparse(place)}`: {reason}")
    return {"op": "cmp", "how": sign, "left": first, "right": second}


def _is_none(place: ast.Compare, left: ast.expr, how: ast.cmpop, right: ast.expr, scope: Scope) -> Node:
    if not is_none_literal(right):
        scope.refuse(place, "not_in_language", "`is` is for None only")
    of, kind = read(left, scope)
    if not kind.optional and ast.unparse(left) not in scope.present:
        scope.refuse(place, "type", f"`{ast.unparse(left)}` is {kind} and never none")
    node: Node = {"op": "is_none", "of": of}
    return {"op": "not", "of": node} if isinstance(how, ast.IsNot) else node


def _membership(place: ast.Compare, left: ast.expr, right: ast.expr, scope: Scope) -> Node:
    item, kind = read(left, scope)
    if isinstance(right, (ast.Tuple, ast.List, ast.Set)):
        choices = [read(choice, scope) for choice in right.elts]
        reasons = [comparable("==", kind, other) for _, other in choices]
        reason = next((reason for reason in reasons if reason), None)
        if reason:
            scope.refuse(place, "type", f"`{ast.unparse(place)}`: {reason}")
        equal = [{"op": "cmp", "how": "==", "left": item, "right": node} for node, _ in choices]
        return equal[0] if len(equal) == 1 else {"op": "or", "args": equal}
    days, days_kind = read(right, scope)
    if days_kind.kind != "dates" or kind != Type("date"):
        scope.refuse(place, "type", "`in` needs a tuple of values, or a date and a set of dates")
    return {"op": "call", "name": "is_one_of", "args": [item, days]}


def _if(expression: ast.IfExp, scope: Scope) -> Reading:
    return choice(
        expression,
        scope,
        expression.test,
        lambda inner: read(expression.body, inner),
        lambda inner: read(expression.orelse, inner),
    )


def choice(
    place: ast.AST,
    scope: Scope,
    test: ast.expr,
    then: Callable[[Scope], Reading],
    otherwise: Callable[[Scope], Reading],
) -> Reading:
    """Return the tree of an `if` whose branches are read in the scope that the test leaves them."""
    condition = read_as(test, BOOL, scope, "the condition of an `if`")
    there, absent = presence(test)
    first, first_kind = then(scope.with_present(there))
    second, second_kind = otherwise(scope.with_present(absent))
    kind = joined(first_kind, second_kind)
    if kind is None:
        scope.refuse(place, "type", f"one branch is {first_kind}, the other {second_kind}")
    return {"op": "if", "test": condition, "then": first, "else": second}, kind


def _subscript(expression: ast.Subscript, scope: Scope) -> Reading:
    table, kind = read(expression.value, scope)
    if kind.kind != "table" or kind.item is None:
        scope.refuse(expression, "type", f"`{ast.unparse(expression.value)}` is {kind}, not a table")
    key = read_as(expression.slice, Type(kind.keys), scope, "the key of this table")
    return {"op": "lookup", "table": table, "key": key}, kind.item


def _list(expression: ast.List, scope: Scope) -> Reading:
    if expression.elts:
        scope.refuse(expression, "not_in_language", "only the empty list may be written out")
    return {"op": "empty"}, Type("list")


_NO = "not part of the rule language"
_WHY: dict[type[ast.expr], str] = {
    ast.JoinedStr: "texts belong in texts/, not in rules",
    ast.Lambda: "no functions inside rules",
    ast.Await: "nothing to wait for in a rule",
    ast.Dict: "tables are parameters with a source",
    ast.DictComp: "tables are parameters with a source",
    ast.NamedExpr: "assign local names on their own line",
}
_READERS: dict[type[ast.expr], Callable[..., Reading]] = {
    ast.Name: _name,
    ast.Constant: _constant,
    ast.Attribute: _attribute,
    ast.UnaryOp: _not_or_minus,
    ast.BoolOp: _and_or,
    ast.BinOp: _arithmetic,
    ast.Compare: _compare,
    ast.IfExp: _if,
    ast.Subscript: _subscript,
    ast.List: _list,
    ast.Call: lambda expression, scope: calls.read_call(expression, scope),
    ast.ListComp: lambda expression, scope: calls.read_comprehension(expression, scope),
    ast.GeneratorExp: lambda expression, scope: calls.read_comprehension(expression, scope),
}
