"""Compiled evaluation: the rules as Python source, generated once, for cases in which all is known.

The generated code knows no unknown values. Whatever it cannot handle (a fact that is missing after all, an
incomplete list, an error) is left to the interpreted reading, so that both always agree.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from formlos.law.codegen import NotCompilable, Writer
from formlos.law.types import SCALARS
from formlos.law.values import Facts

if TYPE_CHECKING:
    from formlos.law.law import Law

LEFT_TO_INTERPRETER = (NotCompilable, LookupError, ArithmeticError, TypeError, ValueError, AttributeError)


def compile_goals(law: Law, goals: tuple[str, ...]) -> Callable[[Mapping[str, Any]], dict[str, Any]]:
    """Return a function from facts to the known goals' values, equal to `law.evaluate(facts, goals).values`."""
    single = all(law.document.type_of(goal).kind in SCALARS for goal in goals)
    run = Writer(law.program).finish(goals) if single else None

    def evaluate(facts: Mapping[str, Any]) -> dict[str, Any]:
        if run is not None:
            try:
                return run(facts.values_by_path if isinstance(facts, Facts) else facts)
            except LEFT_TO_INTERPRETER:
                pass
        known = facts if isinstance(facts, Facts) else Facts(facts)
        return dict(law.evaluate(known, goals).values)

    return evaluate
