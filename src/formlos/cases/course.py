"""The course of a case for its person: what others have done in it, and what comes on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from formlos.cases.advance import MESSAGE, is_declared
from formlos.cases.parties import Party
from formlos.cases.state import CaseState
from formlos.cases.work import Work


@dataclass(frozen=True)
class Happened:
    """What others did in a case. ``what``: ``answered`` by another authority, ``confirmed`` or ``refused`` by a second
    party, ``settled`` by a clerk; ``who`` in words, empty for a clerk.
    """

    what: str
    who: str
    at: datetime


@dataclass(frozen=True)
class Then:
    """What the person is asked on a day to come."""

    day: date
    questions: int


def happened(work: Work, parties: list[Party]) -> list[Happened]:
    """The latest of each: what other authorities and second parties answered, and what a clerk settled."""
    state, sources = work.state, work.service["sources"]
    found = [
        Happened("answered", _supplier(state, name), reply.at)
        for name, reply in state.replies.items()
        if reply.state == "answered" and sources.get(name, {}).get("kind") == MESSAGE
    ]
    ended = [one for one in parties if one.state in ("confirmed", "refused") and one.source in state.replies]
    found += [Happened(one.state, one.name, state.replies[one.source].at) for one in ended]
    settled = [told.at for told in state.facts.values() if told.by_clerk]
    found += [Happened("settled", "", max(settled))] if settled else []
    return sorted(found, key=lambda one: one.at)


def _supplier(state: CaseState, source: str) -> str:
    told = [one.supplier for found in state.assertions.values() for one in found if one.source == source]
    return told[-1] if told else ""


def then(work: Work) -> Then | None:
    """The next day on which the person is asked something, while nothing is asked now."""
    state = work.state
    coming = [] if state.decision or state.ended or state.asked else state.evaluated.get("then", [])
    if not coming:
        return None
    first = min(one["on"] for one in coming)
    return Then(date.fromisoformat(first), sum(len(one["facts"]) for one in coming if one["on"] == first))


def is_a_tap(work: Work, asked: list[str]) -> bool:
    """Whether all that is left after sending is to say yes to what was announced."""
    if len(asked) != 1 or not is_declared(work):
        return False
    source = work.service["sources"][work.state.asked[0]["source"]]
    return source.get("confirms") == "true" and work.law.document.type_of(asked[0]).kind == "bool"
