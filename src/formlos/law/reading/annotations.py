"""Reads the annotations of fields, parameters and results."""

from __future__ import annotations

import ast

from formlos.law.reading.scope import is_none_literal
from formlos.law.types import Type

PLAIN = {"bool": "bool", "int": "int", "Decimal": "decimal", "str": "text", "date": "date", "timedelta": "days"}


def read_annotation(node: ast.expr, records: frozenset[str]) -> Type | None:
    """Return the type that an annotation names, or None if it names none of the rule language."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr) and is_none_literal(node.right):
        found = read_annotation(node.left, records)
        return found.maybe() if found else None
    if isinstance(node, ast.Name):
        if node.id in PLAIN:
            return Type(PLAIN[node.id])
        return Type("record", name=node.id) if node.id in records else None
    if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name):
        return _generic(node.value.id, node.slice, records)
    return None


def _generic(name: str, inner: ast.expr, records: frozenset[str]) -> Type | None:
    if name == "Literal":
        choices = inner.elts if isinstance(inner, ast.Tuple) else [inner]
        values = [choice.value for choice in choices if isinstance(choice, ast.Constant)]
        texts = tuple(value for value in values if isinstance(value, str))
        return Type("enum", texts) if texts and len(texts) == len(choices) else None
    if name == "list":
        item = read_annotation(inner, records)
        return Type("list", item=item) if item else None
    if name == "frozenset" and ast.unparse(inner) == "date":
        return Type("dates")
    if name == "dict" and isinstance(inner, ast.Tuple) and len(inner.elts) == 2:
        keys, item = (read_annotation(part, records) for part in inner.elts)
        if keys and item and keys.kind in ("text", "int"):
            return Type("table", item=item, keys=keys.kind)
    return None
