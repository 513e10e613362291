"""The state of one evaluation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from formlos.law.evaluation.moving import Horizon
from formlos.law.values import ArithmeticDoubt, Facts

Frame = list[Any]


class Run:
    """Facts read, results kept (`memo`, and `absent` for facts that are not here), and what else was noticed.

    likely: unknown facts are read as their usual answer. guess: and where none is declared, as an answer of
    their type. trace: pairs of compared values, if wanted.
    """

    __slots__ = ("absent", "facts", "get", "guess", "horizon", "likely", "memo", "notes", "trace")

    def __init__(
        self,
        facts: Facts,
        *,
        likely: bool = False,
        guess: bool = False,
        trace: list[tuple[Any, Any]] | None = None,
    ) -> None:
        self.facts = facts
        self.get = facts.values_by_path.get
        self.memo: dict[str, Any] = {}
        self.absent: dict[str, Any] = {}
        self.horizon = Horizon()
        self.notes: set[ArithmeticDoubt] = set()
        self.likely = likely or guess
        self.guess = guess
        self.trace = trace


Closure = Callable[[Run, Frame], Any]
NO_FRAME: Frame = []
