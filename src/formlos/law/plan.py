"""What to get next and from whom: the steps that are open now, and how many questions are likely to follow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

from formlos.law.demand import Demand, Paths
from formlos.law.evaluation.program import guessed
from formlos.law.evaluation.run import NO_FRAME, Run
from formlos.law.routing import Router, Tried
from formlos.law.types import decode
from formlos.law.values import Facts, ListOf

if TYPE_CHECKING:
    from formlos.law.law import Law, Outcome

ORDER = {"ready": 0, "waiting": 1, "blocked": 2}
MOST_STAGES = 100


@dataclass(frozen=True)
class Step:
    """Facts to get from one source together.

    state: `ready` to be tried, `waiting` (asked already, down, or not before `until`), or `blocked` until other
    steps have supplied what the source needs. inputs: the known inputs of the source in their full form.
    """

    source: str
    kind: str
    facts: tuple[str, ...]
    inputs: Mapping[str, Any]
    state: str
    until: date | None


@dataclass(frozen=True)
class Plan:
    """What is open now.

    outcome: what is known already. steps: ready ones first, then by rank. missing: needed facts that no source is
    left for. next_change: the next date on which plan or result could change without a new fact.
    """

    outcome: Outcome
    steps: tuple[Step, ...]
    missing: tuple[str, ...]
    next_change: date | None
    _law: Law
    _stage: Stage

    @cached_property
    def remaining_questions(self) -> int:
        """How many questions the applicant still has to answer on the likely course."""
        return count_questions(self._law, self._stage)


@dataclass(frozen=True)
class Stage:
    """What is known with some facts, and from whom what is needed next comes."""

    facts: Facts
    run: Run
    outcome: Outcome
    router: Router

    @classmethod
    def of(cls, law: Law, run: Run, tried: Tried, likely: Run | None = None) -> Stage:
        outcome = law.outcome(run)
        return cls(run.facts, run, outcome, _route(law, run, outcome, tried, likely))

    def then(self, law: Law, supplied: Mapping[str, Any]) -> Stage:
        """Return the stage in which the likely answers in `supplied` are known too."""
        facts, changed = self.facts.but(supplied), {path.partition("/")[0] for path in supplied}
        likely = self.router.demand.likely.grown(facts, changed, likely=True)
        return Stage.of(law, self.run.grown(facts, changed), self.router.tried, likely)


def make_plan(law: Law, facts: Facts, tried: Tried) -> Plan:
    """Return the plan. tried: per fact path and source one of untried pending answered none refused down."""
    stage = Stage.of(law, Run(facts), tried)
    router, horizon = stage.router, stage.run.horizon
    sources = law.document.data["sources"]
    steps = [
        Step(source, sources[source]["kind"], tuple(paths), router.inputs(source), state, until)
        for (source, state, until), paths in router.assigned.items()
    ]
    steps.sort(key=lambda step: (ORDER[step.state], sources[step.source]["rank"]))
    dates = [step.until for step in steps if step.until]
    if horizon.next_change:
        dates.append(horizon.next_change)
    return Plan(stage.outcome, tuple(steps), tuple(router.missing), min(dates, default=None), law, stage)


def _route(law: Law, run: Run, outcome: Outcome, tried: Tried, likely: Run | None) -> Router:
    demand = Demand(law.program, run, likely)
    router = Router(law.program, run, demand, tried)
    needs = sorted(set().union(*outcome.unknown.values()))
    needed = needed_next(law, run, outcome, demand)
    router.route(path for path in needs if law.document.declared(path) in law.document.at_hand)
    router.route(needed if needed or not needs else dict.fromkeys(needs))
    router.add_company(needs)
    return router


def needed_next(law: Law, run: Run, outcome: Outcome, demand: Demand) -> Paths:
    """Return the facts needed next by the goals, and by the effects that happen or that a goal likely starts.

    What only decides about other effects comes when the goals are known.
    """
    found: Paths = {}
    open_goals = [goal for goal in law.document.goals if goal in outcome.unknown]
    for goal in open_goals:
        found.update(demand.of(goal))
    guess = demand.likely.grown(run.facts, law.document.data["facts"], guess=True)
    for effect in law.effect_reader.effects:
        if f"effect:{effect['id']}" not in outcome.unknown:
            continue
        when = law.program.reference(effect["when"])
        likely = effect["when"] in open_goals and when(guess, NO_FRAME) is True
        if likely or when(run, NO_FRAME) is True:
            found.update(_arguments(law, effect, demand))
        elif not open_goals:
            found.update(demand.of(effect["when"]))
    return found


def _arguments(law: Law, effect: Mapping[str, Any], demand: Demand) -> Paths:
    found: Paths = {}
    each = effect["for_each"]
    if each:
        fields = each["fields"] if "person" not in effect["with"] else []
        found.update(demand.of(each["of"], fields=fields))
    for given in effect["with"].values():
        base, _, field = given["of"].partition("/")
        if each and base == each["of"] and field:
            found.update(demand.of(base, fields=[field]))
        else:
            found.update(demand.of(given["of"], fields=given["fields"]))
    return found


def count_questions(law: Law, stage: Stage) -> int:
    """Play the likely course from a stage to its end and count the facts asked of the applicant, a record as one."""
    asked: set[str] = set()
    sources = law.document.data["sources"]
    for _ in range(MOST_STAGES):
        if stage.outcome.known:
            break
        facts, router = stage.facts, stage.router
        moving = {key: paths for key, paths in router.assigned.items() if key[1] != "blocked"} or router.assigned
        supplied: dict[str, Any] = {}
        for (source, _, _), paths in moving.items():
            if sources[source]["kind"] == "applicant":
                asked.update(law.document.declared(path) for path in paths)
            supplied.update(answer for path in paths for answer in _likely_answer(law, facts, path).items())
        supplied.update(answer for path in router.missing for answer in _likely_answer(law, facts, path).items())
        if not supplied:
            break
        stage = stage.then(law, supplied)
    return len(asked)


def _likely_answer(law: Law, facts: Facts, path: str) -> dict[str, Any]:
    """Return the usual answer to a fact (a record: to its fields), or some answer of its type."""
    document = law.document
    kind = document.fact_type(path)
    entry = document.data["facts"][document.declared(path)]
    today = facts.get(law.program.clock_fact or "")
    if kind.kind == "record":
        fields = document.stored_fields[kind.name]
        return {key: value for field in fields for key, value in _likely_answer(law, facts, f"{path}/{field}").items()}
    if kind.is_record_list and kind.item:
        return {path: ListOf(("1",)), **_list_answer(law, facts, f"{path}/1", kind.item.name)}
    if "usual" in entry and document.fact_types[document.declared(path)] == kind:
        return {path: decode(kind, entry["usual"])}
    return {path: guessed(kind, today)}


def _list_answer(law: Law, facts: Facts, path: str, record: str) -> dict[str, Any]:
    """Return likely fields of a list's member, without those that are asked on their own."""
    found: dict[str, Any] = {}
    for field in law.document.stored_fields[record]:
        if not law.document.declared(f"{path}/{field}").endswith("/" + field):
            found.update(_likely_answer(law, facts, f"{path}/{field}"))
    return found
