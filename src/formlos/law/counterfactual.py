"""What if: the changes of a single fact that would change a result."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import TYPE_CHECKING, Any

from formlos.law.evaluation.assembly import read
from formlos.law.evaluation.run import Run
from formlos.law.explanation import explain
from formlos.law.types import Type
from formlos.law.values import Facts, Unknown

if TYPE_CHECKING:
    from formlos.law.law import Law

UNITS: dict[str, Any] = {"int": 1, "decimal": Decimal("0.01"), "date": timedelta(days=1), "days": timedelta(days=1)}


@dataclass(frozen=True)
class Counterfactual:
    """If the fact at `path` were `changed` instead of `now`, the goal would be `result`."""

    path: str
    now: Any
    changed: Any
    result: Any


def counterfactuals(law: Law, facts: Facts, goal: str) -> list[Counterfactual]:
    """Return single-fact changes that change a known goal; none while it is unknown.

    Tried are the facts that determine the result: the other truth value, the other values of an enum, and for
    numbers, dates and durations the nearest values on either side of a comparison's turning point.
    """
    now = law.value(facts, goal)
    if now.__class__ is Unknown:
        return []
    found = []
    for leaf in explain(law, facts, goal).leaves():
        if leaf.kind == "fact" and leaf.known and leaf.path in facts:
            found += _of_fact(law, facts, goal, now, leaf.path, leaf.type)
    return found


def _of_fact(law: Law, facts: Facts, goal: str, now: Any, path: str, kind: Type) -> list[Counterfactual]:
    value = facts[path]
    if kind.kind not in UNITS or value.__class__ not in (int, Decimal, date, timedelta):
        return [
            Counterfactual(path, value, other, result)
            for other in _other_values(kind, value)
            if _differs(now, result := law.value(facts.but({path: other}), goal))
        ]
    return list(_nearest(law, facts, goal, now, path, kind))


def _other_values(kind: Type, value: Any) -> Iterator[Any]:
    if kind.kind == "bool" and isinstance(value, bool):
        yield not value
    if kind.kind == "enum":
        yield from (other for other in kind.values if other != value)


def _differs(now: Any, result: Any) -> bool:
    return result.__class__ is not Unknown and bool(result != now)


def _nearest(law: Law, facts: Facts, goal: str, now: Any, path: str, kind: Type) -> Iterator[Counterfactual]:
    value, unit = facts[path], UNITS[kind.kind]
    steps = sorted(set(_turning_points(law, facts, goal, path, unit)))
    for side in ([step for step in steps if step > 0], [step for step in reversed(steps) if step < 0]):
        for step in side:
            try:
                other = value + step * unit
            except OverflowError:
                break
            result = law.value(facts.but({path: other}), goal)
            if _differs(now, result):
                yield Counterfactual(path, value, other, result)
                break


def _turning_points(law: Law, facts: Facts, goal: str, path: str, unit: Any) -> Iterator[int]:
    """Yield by how many units a fact would have to change to meet, pass or fall short of what it is compared with.

    Two runs, one unit apart, show how fast each comparison's two sides approach each other.
    """
    gaps = _gaps(law, facts, goal)
    moved = _gaps(law, facts.but({path: facts[path] + unit}), goal)
    for gap, other in zip(gaps, moved, strict=False):
        if gap is not None and other is not None and gap != other:
            steps = floor(gap / (gap - other))
            yield from (steps - 1, steps, steps + 1, steps + 2)


def _gaps(law: Law, facts: Facts, goal: str) -> list[Fraction | None]:
    trace: list[tuple[Any, Any]] = []
    read(law.tracing_program, Run(facts, trace=trace), goal)
    return [_gap(left, right) for left, right in trace]


def _gap(left: Any, right: Any) -> Fraction | None:
    if isinstance(left, bool) or isinstance(right, bool):
        return None
    if isinstance(left, date) and isinstance(right, date):
        return Fraction((right - left).days)
    if isinstance(left, timedelta) and isinstance(right, timedelta):
        return Fraction((right - left).days)
    if isinstance(left, (int, Decimal)) and isinstance(right, (int, Decimal)):
        return Fraction(right) - Fraction(left)
    return None
