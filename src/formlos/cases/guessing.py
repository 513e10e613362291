"""Codes that prove something are not to be guessed: wrong ones are counted, for each case and each address on the network.

A guess is an answer after which a register says anew that a code is not good: another code, or the same one with
another dwelling, day or name. Who has guessed too often waits, for these answers only; every other way stays open.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from formlos.base.limits import Limit
from formlos.cases.state import ANSWERED
from formlos.cases.work import Work

CODES_OF_A_CASE = Limit("wrong code of a case", most=10, within=timedelta(hours=1))
CODES_OF_AN_ADDRESS = Limit("wrong code of an address", most=60, within=timedelta(hours=1))
"""Houses and libraries share addresses, so that it is higher. At the counter staff type, who are known."""
CODE = "code"


@dataclass(frozen=True)
class Guess:
    """An answer that may turn out to be a guess. ``entries``: how long the journal was before it."""

    keys: tuple[tuple[Limit, str], ...]
    entries: int

    def end(self, work: Work) -> None:
        """Count it if a code was wrong. Raises ``TooMany`` if others from the same address were quicker."""
        if self.keys and _is_wrong(work, self.entries):
            for limit, key in self.keys:
                limit.count(key)


def begun(work: Work, answers: Iterable[str], *, client: str) -> Guess:
    """To be ended when the case has advanced; ``answers`` are the paths that are answered.

    client: the address that the answer came from; empty where staff type. Raises ``TooMany``.
    """
    concerned = {path.partition("/")[0] for path in answers} & _looked_at(work)
    keys = [(CODES_OF_A_CASE, str(work.case.id))] if concerned else []
    keys += [(CODES_OF_AN_ADDRESS, client)] if concerned and client else []
    for limit, key in keys:
        limit.check(key)
    return Guess(tuple(keys), len(work.chain.entries))


def _sources(work: Work) -> dict[str, set[str]]:
    """Sources that check a code, each with the facts that it looks at."""
    facts = work.service["facts"]
    inputs = {name: set(dict(one.get("inputs", {})).values()) for name, one in work.service["sources"].items()}
    return {name: used for name, used in inputs.items() if any(facts.get(p, {}).get("form") == CODE for p in used)}


def _looked_at(work: Work) -> set[str]:
    return {path for used in _sources(work).values() for path in used}


def _is_wrong(work: Work, entries: int) -> bool:
    """Whether a source said after so many entries that a code is not what such codes usually are."""
    facts, sources = work.service["facts"], _sources(work)
    said: list[dict[str, Any]] = [
        entry.payload or {} for entry in work.chain.entries[entries:] if entry.kind == ANSWERED
    ]
    return any(
        value != facts[path].get("usual", value)
        for payload in said
        if payload["source"] in sources
        for path, value in payload["values"].items()
    )
