"""One service's law, ready to answer for one municipality."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

from formlos.law.document import Document
from formlos.law.effects import EffectReader, PlannedEffect
from formlos.law.evaluation.assembly import read
from formlos.law.evaluation.program import Program
from formlos.law.evaluation.run import NO_FRAME, Run
from formlos.law.values import ArithmeticDoubt, Facts, Unknown

if TYPE_CHECKING:
    from formlos.law.counterfactual import Counterfactual
    from formlos.law.explanation import Explanation
    from formlos.law.plan import Plan


@dataclass(frozen=True)
class Outcome:
    """What is known now.

    values: every known goal. unknown: per open goal (and per open effect, as `effect:<id>`) the facts that may
    still matter. errors: what cannot be computed though all is known, for a clerk. next_change: the next
    date of today on which any of this could change without a new fact.
    """

    values: Mapping[str, Any]
    unknown: Mapping[str, frozenset[str]]
    next_change: date | None
    errors: tuple[ArithmeticDoubt, ...]

    @property
    def known(self) -> bool:
        """Tell whether all goals are known, and all that their effects need."""
        return not self.unknown


class Law:
    """A document with a municipality's Land and local parameters. Reading it never changes it.

    Raises LawError: `cycle`, `unknown_land`, `local_not_allowed`, `local_out_of_bounds`, `local_value`,
    `local_unknown`.
    """

    def __init__(self, document: Document, land: str | None = None, local: Mapping[str, Any] | None = None) -> None:
        self.document = document
        self.land = land
        self.local = dict(local or {})
        self.program = Program(document, land, self.local)
        self.effect_reader = EffectReader(self.program)

    def evaluate(self, facts: Facts, goals: Collection[str] | None = None) -> Outcome:
        """Return what is known of `goals`; by default of the service's goals and its effects."""
        return self.outcome(Run(facts), goals)

    def outcome(self, run: Run, goals: Collection[str] | None = None) -> Outcome:
        """Return what a run finds out about goals."""
        values: dict[str, Any] = {}
        unknown: dict[str, frozenset[str]] = {}
        errors: set[ArithmeticDoubt] = set()
        for goal in self.document.goals if goals is None else goals:
            value = read(self.program, run, goal)
            if value.__class__ is not Unknown:
                values[goal] = value
                continue
            unknown[goal] = value.needs
            errors.update(value.doubts if not value.needs else ())
        if goals is None:
            for name, value in self.effect_reader.open_effects(run).items():
                unknown[f"effect:{name}"] = value.needs
                errors.update(value.doubts if not value.needs else ())
            self._read_needs(run, unknown.values())
        return Outcome(values, unknown, run.horizon.next_change, tuple(sorted(errors | run.notes)))

    def _read_needs(self, run: Run, unknown: Iterable[frozenset[str]]) -> None:
        """Read what the sources of open facts need, so that the run notes when that could change."""
        paths = {self.document.declared(path) for path in frozenset().union(*unknown)}
        names = {name for path in paths for name in self.document.data["facts"][path]["sources"]}
        for name in sorted(names):
            for need in self.document.data["sources"][name]["needs"]:
                self.program.reference(need)(run, NO_FRAME)

    def value(self, facts: Facts, name: str) -> Any:
        """Return the value of a fact, rule, parameter or path (`personen/7/ist_kind`), or Unknown.

        Records are dicts, lists are lists. Raises LawError (`unknown_name`).
        """
        return read(self.program, Run(facts), name)

    def effects(self, facts: Facts) -> list[PlannedEffect]:
        """Return the effects that the facts set in motion, arguments in JSON form.

        Raises LawError (`effect_undecided`) while it is open whether an effect happens, or with what.
        """
        return self.effect_reader.planned(Run(facts))

    def explain(self, facts: Facts, goal: str) -> Explanation:
        """Return why a rule, field or fact has its value now."""
        from formlos.law.explanation import explain

        return explain(self, facts, goal)

    def counterfactuals(self, facts: Facts, goal: str) -> list[Counterfactual]:
        """Return the changes of a single fact that would change the goal."""
        from formlos.law.counterfactual import counterfactuals

        return counterfactuals(self, facts, goal)

    def plan(self, facts: Facts, tried: Mapping[str, Mapping[str, str]] | None = None) -> Plan:
        """Return what to get next and from whom."""
        from formlos.law.plan import make_plan

        return make_plan(self, facts, tried or {})

    def compiled(self, goals: Collection[str] | None = None) -> Callable[[Mapping[str, Any]], dict[str, Any]]:
        """Return a function from facts to goals that is as fast as Python gets, for when all is known."""
        from formlos.law.compilation import compile_goals

        return compile_goals(self, tuple(goals or self.document.goals))

    @cached_property
    def tracing_program(self) -> Program:
        """The same program, noting what was compared with what."""
        return Program(self.document, self.land, self.local, tracing=True)
