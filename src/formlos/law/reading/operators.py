"""Which operators may join which types, and what comes out."""

from __future__ import annotations

import ast

from formlos.law.types import Type

SIGNS: dict[type[ast.operator], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.FloorDiv: "//",
    ast.Mod: "%",
}

COMPARISONS: dict[type[ast.cmpop], str] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
}

NUMBERS = ("int", "decimal")
ORDERED = ("int", "decimal", "date", "days")


def _table() -> dict[tuple[str, str, str], str]:
    table = {(left, sign, right): "decimal" for left in NUMBERS for right in NUMBERS for sign in "+-*/"}
    table.update({("int", sign, "int"): "int" for sign in ("+", "-", "*", "//", "%")})
    del table["int", "/", "int"]
    table.update(
        {
            ("date", "+", "days"): "date",
            ("days", "+", "date"): "date",
            ("date", "-", "days"): "date",
            ("date", "-", "date"): "days",
            ("days", "+", "days"): "days",
            ("days", "-", "days"): "days",
            ("days", "*", "int"): "days",
            ("int", "*", "days"): "days",
            ("days", "//", "days"): "int",
        }
    )
    return table


RESULTS = _table()


def comparable(how: str, left: Type, right: Type) -> str | None:
    """Return why two types cannot be compared by `how`, or None if they can."""
    if how in ("==", "!="):
        return _equality(left.required(), right.required())
    if left.optional or right.optional:
        return "a value that may be none must be checked with `is not None` first"
    if left.kind not in ORDERED or right.kind not in ORDERED:
        return f"{left} and {right} have no order"
    if left.kind != right.kind and not {left.kind, right.kind} <= set(NUMBERS):
        return f"{left} and {right} cannot be compared"
    return None


def _equality(left: Type, right: Type) -> str | None:
    kinds = {left.kind, right.kind}
    if left.kind == "enum" and right.kind == "enum":
        smaller, larger = sorted((left, right), key=lambda kind: len(kind.values))
        wrong = [value for value in smaller.values if value not in larger.values]
        return f"{', '.join(wrong)} is none of {', '.join(larger.values)}" if wrong else None
    if left == right or kinds <= {"text", "enum"} or kinds <= set(NUMBERS):
        return "lists and tables cannot be compared" if kinds & {"list", "table", "dates"} else None
    if "none" in kinds:
        return "use `is None` or `is not None`"
    return f"{left} and {right} are never equal"
