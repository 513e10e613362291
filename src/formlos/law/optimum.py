"""How good the plan is: on small graphs, compared with the best strategy that there is.

A strategy decides what to get next from what is known so far: facts of one source together, each from its best
source. A step costs its source's rank, and for every fact its burden where a person answers, a hundredth where a
machine does. The price is the average over all courses, each of which is played.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from formlos.law.document import ASKING
from formlos.law.law import Law
from formlos.law.types import Type, decode
from formlos.law.values import Facts

Domains = Mapping[str, Mapping[Any, float]]
USUAL = 0.8
MOST_STATES = 100_000


@dataclass(frozen=True)
class Gap:
    """The average price of the plan and of the best strategy on one graph."""

    plan: float
    optimum: float

    @property
    def ratio(self) -> float:
        """How many times the optimum the plan costs; 1.0 is as good as it gets."""
        return self.plan / self.optimum if self.optimum else 1.0


def domains_of(law: Law) -> Domains:
    """Return for each bool and enum fact its values with their chances: the usual one has `USUAL`."""
    found = {}
    for path, kind in law.document.fact_types.items():
        if kind.kind in ("bool", "enum"):
            values = (False, True) if kind.kind == "bool" else kind.values
            found[path] = _chances(values, kind, law.document.data["facts"][path])
    return found


def _chances(values: Iterable[Any], kind: Type, entry: Mapping[str, Any]) -> dict[Any, float]:
    every = tuple(values)
    if "usual" not in entry or len(every) == 1:
        return dict.fromkeys(every, 1 / len(every))
    usual = decode(kind, entry["usual"])
    return {value: USUAL if value == usual else (1 - USUAL) / (len(every) - 1) for value in every}


def price(law: Law, paths: Iterable[str]) -> float:
    """Return what it costs to get facts of one source together."""
    document = law.document
    entries = [(document.sources_of(path), document.data["facts"][document.declared(path)]) for path in paths]
    source = document.data["sources"][entries[0][0][0]]
    asks = source["kind"] in ASKING
    rank: float = source["rank"]
    return rank + sum(entry["burden"] if asks else 0.01 for _, entry in entries)


def plan_price(law: Law, domains: Domains, known: Facts | None = None) -> float:
    """Return the average price of following the plan, one step after the other.

    known: must hold all facts outside `domains`.
    """

    def ask(facts: Facts) -> list[str]:
        return [path for path in law.plan(facts).steps[0].facts if path in domains]

    return _price(law, domains, known or Facts(), ask)


def _price(law: Law, domains: Domains, facts: Facts, ask: Callable[[Facts], list[str]]) -> float:
    if law.evaluate(facts).known:
        return 0.0
    paths = [path for path in ask(facts) if path not in facts]
    if not paths:
        raise ValueError("the plan ends although something is open")
    total = price(law, paths)
    for answers, chance in _answers(domains, paths):
        total += chance * _price(law, domains, facts.but(answers), ask)
    return total


def _answers(domains: Domains, paths: list[str]) -> Iterable[tuple[dict[str, Any], float]]:
    if not paths:
        yield {}, 1.0
        return
    for answers, chance in _answers(domains, paths[1:]):
        for value, one in domains[paths[0]].items():
            yield {paths[0]: value, **answers}, chance * one


def brute_force_plan(law: Law, domains: Domains, known: Facts | None = None) -> tuple[float, tuple[str, ...]]:
    """Return the least average price of any strategy, and the facts that it gets first.

    Raises ValueError if there are more than `MOST_STATES` states of knowledge.
    """
    states = 1
    for chances in domains.values():
        states *= len(chances) + 1
    if states > MOST_STATES:
        raise ValueError(f"{states} states of knowledge are too many for brute force")
    return _best(law, domains, known or Facts(), {})


Found = dict[frozenset[Any], tuple[float, tuple[str, ...]]]


def _best(law: Law, domains: Domains, facts: Facts, found: Found) -> tuple[float, tuple[str, ...]]:
    key = frozenset(facts.items())
    if key not in found:
        found[key] = (0.0, ()) if law.evaluate(facts).known else _cheapest(law, domains, facts, found)
    return found[key]


def _cheapest(law: Law, domains: Domains, facts: Facts, found: Found) -> tuple[float, tuple[str, ...]]:
    prices = [
        (price(law, paths) + _rest(law, domains, facts, paths, found), paths)
        for paths in _pages(law, sorted(set(domains) - set(facts)))
    ]
    if not prices:
        raise ValueError("something is open although every fact is known")
    return min(prices)


def _rest(law: Law, domains: Domains, facts: Facts, paths: tuple[str, ...], found: Found) -> float:
    answers = _answers(domains, list(paths))
    return sum(chance * _best(law, domains, facts.but(values), found)[0] for values, chance in answers)


def _pages(law: Law, paths: list[str]) -> Iterable[tuple[str, ...]]:
    """Yield all groups of facts that have the same best source."""
    for size in range(1, len(paths) + 1):
        for group in combinations(paths, size):
            if len({law.document.sources_of(path)[0] for path in group}) == 1:
                yield group


def gap(law: Law, known: Facts | None = None) -> Gap:
    """Return how far the plan is from the optimum, over all bool and enum facts that are not known."""
    domains = {path: chances for path, chances in domains_of(law).items() if path not in (known or {})}
    return Gap(plan_price(law, domains, known), brute_force_plan(law, domains, known)[0])
