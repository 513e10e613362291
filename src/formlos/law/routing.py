"""From whom to get the facts that are needed: the best source that is left, and what it needs first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from formlos.law.demand import Demand
from formlos.law.document import ASKING, Document
from formlos.law.evaluation.assembly import assemble
from formlos.law.evaluation.moving import plain
from formlos.law.evaluation.program import Program
from formlos.law.evaluation.run import NO_FRAME, Run
from formlos.law.values import Unknown

Tried = Mapping[str, Mapping[str, str]]
OVER = frozenset({"answered", "none", "refused"})
RUNNING = frozenset({"pending", "down"})
MOST_TURNS = 60


@dataclass(frozen=True)
class Availability:
    """Whether a source can be tried: `ready`, `blocked` by facts to get first, or `waiting` for a date."""

    state: str
    until: date | None = None
    first: tuple[str, ...] = ()


class Router:
    """Assigns facts to sources within one run."""

    def __init__(self, program: Program, run: Run, demand: Demand, tried: Tried) -> None:
        self.program = program
        self.document: Document = program.document
        self.run = run
        self.demand = demand
        self.tried = tried
        self.assigned: dict[tuple[str, str, date | None], dict[str, None]] = {}
        self.missing: dict[str, None] = {}
        self._routed: set[str] = set()
        self._chain: list[str] = []
        self._availability: dict[str, Availability | None] = {}

    def route(self, paths: Iterable[str]) -> None:
        """Assign each fact to its best remaining source; facts without one become `missing`."""
        for path in paths:
            if path not in self._routed:
                self._routed.add(path)
                self._route(path)

    def _route(self, path: str) -> None:
        for source in self.document.sources_of(path):
            state = self.state(path, source)
            if state in OVER or source in self._chain:
                continue
            if state in RUNNING:
                self._assign(source, "waiting", None, path)
                return
            available = self.availability(source)
            if available is None:
                continue
            self._assign(source, available.state, available.until, path)
            self._chain.append(source)
            self.route(available.first)
            self._chain.pop()
            return
        self.missing[self.asked(path)] = None

    def _assign(self, source: str, state: str, until: date | None, path: str) -> None:
        self.assigned.setdefault((source, state, until), {})[self.asked(path)] = None

    def state(self, path: str, source: str) -> str:
        """Return how far a source has been tried for a fact: by its path, its record's or its list's."""
        for place in (path, self.asked(path), self.document.declared(path)):
            found = self.tried.get(place, {}).get(source)
            if found:
                return found
        return "untried"

    def asked(self, path: str) -> str:
        """Return the path under which a fact is asked: a field without own entry comes with its record.

        A field that a list's record lacks although the list has arrived is asked for by its own path.
        """
        declared = self.document.declared(path)
        if declared == path or declared.rpartition("/")[2] == path.rpartition("/")[2]:
            return path
        arrived = self.document.fact_types[declared].is_record_list and declared in self.run.facts
        return path if arrived else declared

    def availability(self, source: str) -> Availability | None:
        """Return whether a source can be tried now; None if what it needs is false and stays so."""
        if source not in self._availability:
            self._availability[source] = self._find_availability(source)
        return self._availability[source]

    def _find_availability(self, source: str) -> Availability | None:
        entry = self.document.data["sources"][source]
        first: dict[str, None] = {}
        until: date | None = None
        for need in entry["needs"]:
            value = self.program.reference(need)(self.run, NO_FRAME)
            if value.__class__ is Unknown and value.needs:
                first.update(self.demand.of(need))
            elif value is False and (turn := self.turn(need)) is not None:
                until = max(until, turn) if until else turn
            elif value is not True:
                return None
        for name in entry["inputs"].values():
            first.update(self.demand.of(name))
        state = "waiting" if until else "blocked" if first else "ready"
        return Availability(state, until, tuple(first))

    def turn(self, need: str) -> date | None:
        """Return the date on which a need that is false becomes true by the passing of time, or None."""
        clock, facts = self.program.clock_fact, self.run.facts
        if clock is None or clock not in facts:
            return None
        for _ in range(MOST_TURNS):
            run = Run(facts)
            value = self.program.reference(need)(run, NO_FRAME)
            if value is True:
                turned: date = facts[clock]
                return turned
            if run.horizon.next_change is None:
                return None
            facts = facts.but({clock: run.horizon.next_change})
        return None

    def add_company(self, needs: Iterable[str]) -> None:
        """Let machines that are asked anyway also supply what else may still matter."""
        asked = {
            source
            for source, state, _ in self.assigned
            if state == "ready" and self.document.data["sources"][source]["kind"] not in ASKING
        }
        for path in sorted(set(needs) - self._routed):
            left = [name for name in self.document.sources_of(path) if self.state(path, name) not in OVER]
            if left and left[0] in asked and self.state(path, left[0]) == "untried":
                self._assign(left[0], "ready", None, path)

    def inputs(self, source: str) -> dict[str, Any]:
        """Return the known inputs of a source in their full form."""
        found = {}
        for name, given in self.document.data["sources"][source]["inputs"].items():
            kind = self.document.type_of(given)
            raw = self.program.reference(given)(self.run, NO_FRAME)
            value = assemble(self.program, self.run, raw, kind, None, plain)
            if value.__class__ is not Unknown:
                found[name] = value
        return found
