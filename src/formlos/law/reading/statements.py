"""Reads the body of a rule: statements become one expression tree of `let` and `if`."""

from __future__ import annotations

import ast

from formlos.law.reading import expressions
from formlos.law.reading.scope import Node, Scope
from formlos.law.types import Type

Reading = tuple[Node, Type]

# An `if` that falls through copies what follows into both branches; more copies than this are a mistake.
MOST_STATEMENTS = 400


def read_body(function: ast.FunctionDef, scope: Scope) -> Reading:
    """Return tree and type of a function body without its docstring."""
    statements = function.body[1:] if ast.get_docstring(function) is not None else function.body
    return _read(statements, scope, function, [0])


def _read(statements: list[ast.stmt], scope: Scope, place: ast.AST, count: list[int]) -> Reading:
    if not statements:
        scope.refuse(place, "no_return", "a path through this rule ends without `return`")
    count[0] += 1
    if count[0] > MOST_STATEMENTS:
        scope.refuse(place, "too_branched", "too many branches: split the rule, one legal idea each")
    first, rest = statements[0], statements[1:]
    if isinstance(first, ast.Return):
        return _return(first, rest, scope)
    if isinstance(first, ast.If):
        if rest and _always_returns(first):
            scope.refuse(rest[0], "unreachable", "nothing may follow when every branch returns")
        return expressions.choice(
            first,
            scope,
            first.test,
            lambda inner: _read(_followed(first.body, rest), inner, first, count),
            lambda inner: _read(_followed(first.orelse, rest), inner, first, count),
        )
    if isinstance(first, (ast.Assign, ast.AnnAssign)):
        return _let(first, rest, scope, place, count)
    shown = ast.unparse(first).splitlines()[0]
    scope.refuse(first, "not_in_language", f"`{shown}` is no statement of the rule language")


def _followed(block: list[ast.stmt], rest: list[ast.stmt]) -> list[ast.stmt]:
    return block if block and _always_returns(block[-1]) else [*block, *rest]


def _always_returns(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.If):
        blocks = (statement.body, statement.orelse)
        return all(block and _always_returns(block[-1]) for block in blocks)
    return isinstance(statement, ast.Return)


def _return(statement: ast.Return, rest: list[ast.stmt], scope: Scope) -> Reading:
    if rest:
        scope.refuse(rest[0], "unreachable", "nothing may follow a `return`")
    if statement.value is None:
        scope.refuse(statement, "no_return", "`return` needs a value")
    return expressions.read(statement.value, scope)


def _let(
    statement: ast.Assign | ast.AnnAssign, rest: list[ast.stmt], scope: Scope, place: ast.AST, count: list[int]
) -> Reading:
    targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
    target = targets[0]
    if len(targets) != 1 or not isinstance(target, ast.Name) or statement.value is None:
        scope.refuse(statement, "not_in_language", "assign one value to one local name")
    value, kind = expressions.read(statement.value, scope)
    slot = scope.new_slot()
    inner = scope.with_name(target.id, {"op": "local", "slot": slot}, kind)
    body, body_kind = _read(rest, inner, place, count)
    return {"op": "let", "slot": slot, "value": value, "in": body}, body_kind
