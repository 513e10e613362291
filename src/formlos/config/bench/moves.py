"""Whole moves on a running node: how many in a second, how long one takes, and what each costs."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from statistics import median, quantiles

from django.db import connection

from formlos.base.tenancy import Municipality, municipality_by_ags, within
from formlos.config.bench import load
from formlos.config.bench.node import STATISTICS_ARRIVE, Counted, counted
from formlos.config.bench.people import Mover, family, movers
from formlos.config.demo import evidence
from formlos.config.demo.node import Node
from formlos.config.demo.towns import TOWNS

WARM_UP, LOOK_EVERY = 20, 0.25
LAST_EFFECT = """
SELECT sent.case_id, extract(epoch FROM got.processed_at)
FROM exchange_received got JOIN cases_correspondence sent ON sent.message = got.reply_to
WHERE got.kind = 'xmeld:0203' AND got.state = 'processed' AND sent.case_id = ANY(%s)
"""
SEALED = "SELECT case_id, extract(epoch FROM sealed_at) FROM notices_notice WHERE case_id = ANY(%s)"


@dataclass(frozen=True)
class Run:
    """One measured run, or what is typical of ``rounds``. ``cost``: milliseconds of processor time per move by kind of
    process.
    """

    moves: int
    at_once: int
    seconds: float
    cost: Mapping[str, float]
    commits: float
    syncs: float
    jobs: float
    calls: float
    busy: float
    others: float
    rounds: int = 1

    @property
    def rate(self) -> float:
        """Complete moves per second."""
        return self.moves / self.seconds


@dataclass(frozen=True)
class Latency:
    """Seconds from submission to the last effect of a move that has the machine to itself."""

    moves: int
    p50: float
    p95: float
    person: float


@dataclass(frozen=True)
class Stage:
    """The node, its two towns and the people who will move."""

    node: Node
    here: Municipality
    there: Municipality
    people: list[Mover]
    family: Mover

    @classmethod
    def set(cls, node: Node, *, moves: int) -> Stage:
        here, there = (municipality_by_ags(ags) for ags, _ in TOWNS)
        people = movers(there=there, here=here, count=moves)
        return cls(node, here, there, people, family(there=there, here=here, beside=moves))

    def take(self, count: int) -> list[Mover]:
        taken, self.people[:count] = self.people[:count], []
        return taken

    def play(self, people: Sequence[Mover], *, at_once: int) -> list[load.Played]:
        """Let them move and wait until nothing is left to do in either town."""
        played = load.play_all(people, web=self.node.web, ags=self.here.ags, at_once=at_once, look_every=LOOK_EVERY)
        until = time.monotonic() + load.PATIENCE
        while any(evidence.unsettled(town) for town in (self.here, self.there)):
            if time.monotonic() > until:
                raise load.MoveFailed("cases are left unfinished; see the logs of the node")
            time.sleep(0.1)
        return played


def throughput(stage: Stage, *, moves: int, at_once: int) -> Run:
    """``moves`` single people, ``at_once`` at a time: from the first submission to the last effect of the last one."""
    before = _settled_count(stage)
    played = stage.play(stage.take(moves), at_once=at_once)
    used = _settled_count(stage).since(before)
    ends = finished(stage.here, [one.case for one in played])
    busy, total = used.machine
    return Run(
        moves=moves,
        at_once=at_once,
        seconds=max(ends.values()) - min(one.begun for one in played),
        cost={name: 1000 * seconds / moves for name, seconds in used.used.items()},
        commits=used.commits / moves,
        syncs=used.syncs / moves,
        jobs=used.jobs / moves,
        calls=sum(one.calls for one in played) / moves,
        busy=busy / total,
        others=max(0.0, busy - sum(used.used.values())) / total,
    )


def typical(rounds: Sequence[Run]) -> Run:
    """The median of every figure of several runs of the same size."""
    middle = {
        field.name: median(getattr(run, field.name) for run in rounds)
        for field in fields(Run)
        if field.name not in ("moves", "at_once", "cost", "rounds")
    }
    cost = {name: median(run.cost[name] for run in rounds) for name in rounds[0].cost}
    return replace(rounds[0], cost=cost, rounds=len(rounds), **middle)


def latency(stage: Stage, *, moves: int) -> Latency:
    """One move after the other."""
    took, person = [], []
    for mover in stage.take(moves):
        (played,) = stage.play([mover], at_once=1)
        took.append(finished(stage.here, [played.case])[played.case] - played.begun)
        person.append(played.reviewed - played.begun)
    return Latency(moves, median(took), quantiles(took, n=20)[-1], median(person))


def finished(town: Municipality, cases: Sequence[str]) -> dict[str, float]:
    """When each case's last effect was there: answer 0203 processed and confirmation sealed; seconds since 1970.

    Waits for messages that are still between two tables. Raises ``MoveFailed`` unless every case gets both.
    """
    until = time.monotonic() + load.PATIENCE
    while True:
        ends = [_ends(town, question, cases) for question in (LAST_EFFECT, SEALED)]
        if all(set(found) == set(cases) for found in ends):
            return {case: max(found[case] for found in ends) for case in cases}
        if time.monotonic() > until:
            raise load.MoveFailed(f"of {len(cases)} moves {[len(found) for found in ends]} were answered and sealed")
        time.sleep(0.1)


def _ends(town: Municipality, question: str, cases: Sequence[str]) -> dict[str, float]:
    with within(town), connection.cursor() as cursor:
        cursor.execute(question, [list(cases)])
        return {str(case): float(moment) for case, moment in cursor.fetchall()}


def _settled_count(stage: Stage) -> Counted:
    time.sleep(STATISTICS_ARRIVE)
    return counted(stage.node)
