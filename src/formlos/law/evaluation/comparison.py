"""Comparisons where a side is unknown: bounds and options may still decide them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from formlos.law.evaluation.unknowns import options_of, together
from formlos.law.values import Unknown


def _bounds(value: Any) -> tuple[Any, Any]:
    return (value.low, value.high) if value.__class__ is Unknown else (value, value)


def compare_unknown(how: str, compare: Callable[[Any, Any], bool], first: Any, second: Any) -> Any:
    """Compare where a side is unknown: decided by bounds or by options that all agree."""
    low, high = _bounds(first)
    other_low, other_high = _bounds(second)
    if low is not None and other_high is not None and low > other_high:
        return how in (">", ">=", "!=")
    if high is not None and other_low is not None and high < other_low:
        return how in ("<", "<=", "!=")
    if how in (">=", "<") and low is not None and other_high is not None and low >= other_high:
        return how == ">="
    if how in ("<=", ">") and high is not None and other_low is not None and high <= other_low:
        return how == "<="
    return _compare_options(compare, first, second)


def _compare_options(compare: Callable[[Any, Any], bool], first: Any, second: Any) -> Any:
    """Compare all that either side can be; the truth value is known if it is always the same."""
    rest = together([value for value in (first, second) if value.__class__ is Unknown])
    ones, others = options_of(first), options_of(second)
    if ones is None or others is None or rest.doubts:
        return rest
    found: set[bool] = set()
    for one in ones:
        for other in others:
            try:
                found.add(compare(one, other))
            except TypeError:
                return rest
            if len(found) > 1:
                return rest
    return found.pop()
