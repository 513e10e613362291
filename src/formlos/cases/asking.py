"""Who may answer which question now, and on what the answer rests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from formlos.cases.values import encode
from formlos.cases.work import Work
from formlos.law import Unknown
from formlos.law.plan import Plan
from formlos.law.service.parties import PARTY

PERSON, CLERK = "applicant", "clerk"


@dataclass(frozen=True)
class Asked:
    """A question's source and the inputs whoever answers has before them; changed inputs withdraw the answer."""

    source: str
    inputs: Mapping[str, Any]


def asked_of_person(work: Work) -> dict[str, Asked]:
    """What the person may answer: what is asked now and, while the review is not sent, all they said or may add.

    A record is one question; its path stands for its fields.
    """
    paths = {path: page["source"] for page in work.state.asked for path in page["facts"]}
    if not work.state.reviewed or work.state.unsent:
        paths = {**_may_add(work), **_said_before(work), **paths}
    paths = {**_other_ways(work), **paths}
    return {path: Asked(source, inputs_of(work, source)) for path, source in paths.items()}


def asked_of_clerk(work: Work, plan: Plan, path: str) -> Asked:
    """As which source a clerk answers; doubts that no source declares are answered as the clerk's own."""
    for step in plan.steps:
        if step.kind == CLERK and path in step.facts:
            return Asked(step.source, inputs_of(work, step.source))
    return Asked(CLERK, {})


def inputs_of(work: Work, source: str) -> dict[str, Any]:
    """The inputs of a source that are known now, as JSON values."""
    facts = work.facts()
    names = work.service["sources"][source].get("inputs", {})
    found = {name: work.law.value(facts, fact) for name, fact in names.items()}
    return {name: encode(value) for name, value in found.items() if not isinstance(value, Unknown)}


def _other_ways(work: Work) -> dict[str, str]:
    """While somebody else is asked, the person may choose another way, even after the review."""
    facts, sources = work.service["facts"], work.service["sources"]
    if work.state.decision or work.state.ended:
        return {}
    asked = [sources[name] for name in work.state.replies if sources.get(name, {}).get("kind") == PARTY]
    return {one["instead"]: facts[one["instead"]]["sources"][0] for one in asked if "instead" in one}


def _may_add(work: Work) -> dict[str, str]:
    """Facts with a declared default."""
    facts = work.service["facts"]
    return {name: fact["sources"][0] for name, fact in facts.items() if "default" in fact}


def _said_before(work: Work) -> dict[str, str]:
    sources, found = work.service["sources"], {}
    for path, assertion in work.state.facts.items():
        if sources.get(assertion.source, {}).get("kind") == PERSON:
            declared = work.law.document.declared(path)
            is_field = work.law.document.fact_types[declared].kind == "record"
            found[declared if is_field else path] = assertion.source
    return found
