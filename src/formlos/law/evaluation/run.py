"""The state of one evaluation."""

from __future__ import annotations

from collections.abc import Callable, Container
from typing import Any

from formlos.law.evaluation.moving import Horizon, Moving
from formlos.law.evaluation.unknowns import Listing
from formlos.law.values import ArithmeticDoubt, Facts, Unknown

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

    def grown(self, facts: Facts, changed: Container[str], *, likely: bool = False, guess: bool = False) -> Run:
        """Return a run that knows more, with the results of this one that stay as they are.

        changed: the bases of all paths that may be known now and were not. What is known stays known, and what is
        unknown stays so if it needs none of them. When what was taken over could change is not noted again.
        """
        run = Run(facts, likely=likely, guess=guess)
        run.memo = {name: value for name, value in self.memo.items() if _stays(value, changed)}
        return run


def _stays(value: Any, changed: Container[str]) -> bool:
    kind = value.__class__
    if kind is Unknown:
        return not any(path.partition("/")[0] in changed for path in value.needs)
    if kind is Listing:
        return value.unknown is None and not any(member.__class__ is Unknown for member in value.sure)
    return kind is not Moving


Closure = Callable[[Run, Frame], Any]
NO_FRAME: Frame = []
