"""The state of one evaluation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from formlos.law.evaluation.moving import Horizon
from formlos.law.values import ArithmeticDoubt, Facts

Frame = list[Any]


class Run:
    """Facts read, results kept, and what else was noticed on the way.

    likely: unknown facts are read as their usual answer. trace: pairs of compared values, if wanted.
    """

    __slots__ = ("facts", "get", "horizon", "likely", "memo", "notes", "trace")

    def __init__(self, facts: Facts, *, likely: bool = False, trace: list[tuple[Any, Any]] | None = None) -> None:
        self.facts = facts
        self.get = facts.values_by_path.get
        self.memo: dict[str, Any] = {}
        self.horizon = Horizon()
        self.notes: set[ArithmeticDoubt] = set()
        self.likely = likely
        self.trace = trace


Closure = Callable[[Run, Frame], Any]
NO_FRAME: Frame = []
