"""Everything in one run, in an order in which nothing disturbs what comes after."""

from __future__ import annotations

import os
import platform
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from formlos.config.bench import engine, processor
from formlos.config.bench.report import Measured, Place
from formlos.config.demo.node import Node, demo_node
from formlos.config.environment import read_environment

if TYPE_CHECKING:  # needs Django to be set up
    from formlos.config.bench.pages import Visit

SHOWN = ("django", "psycopg", "procrastinate", "joserfc", "typst", "pyhanko", "zen-engine")
SETTINGS = {"FORMLOS_WEB_WORKERS": "2", "FORMLOS_EXCHANGE_WORKERS": "1", "FORMLOS_JOB_CONCURRENCY": "2"}
FURTHER_WORKERS = 0  # beside the one of the demo node: what was found best on two cores


@dataclass(frozen=True)
class Size:
    """How much of everything. ``runs``: moves by how many people move at once, each ``rounds`` times; ``visitors`` go
    through the pages.
    """

    residents: int
    runs: Mapping[int, int]
    rounds: int
    alone: int
    deliveries: int
    jobs: int
    seconds: float
    visitors: int


SIZES = {
    "full": Size(
        residents=30_000, runs={4: 60, 8: 60}, rounds=3, alone=30, deliveries=200, jobs=1000, seconds=1.0, visitors=30
    ),
    "quick": Size(residents=4_000, runs={4: 20}, rounds=1, alone=8, deliveries=50, jobs=200, seconds=0.3, visitors=6),
}


def measure(*, home: Path, size: Size, people: int, command: str, told: Callable[[str], None]) -> Measured:
    """Measure the engine, then moves on a node made for it, then the limits of that node while its worker rests."""
    load_before = ", ".join(f"{load:.2f}" for load in os.getloadavg())
    os.environ |= SETTINGS
    told("the engine")
    services: Path = read_environment()["FORMLOS_SERVICES"]
    law = engine.measure(services)
    with demo_node(home=home, residents=size.residents, told=told) as node:
        from formlos.catalogue.finder import measuring  # needs Django to be set up

        told("the finder")
        sentences = measuring.measure(services)
        place = _place(size, load_before, command)
        return replace(_on_node(node, place, law, size, people, told), finder=sentences)


def _on_node(
    node: Node, place: Place, law: engine.Engine, size: Size, people: int, told: Callable[[str], None]
) -> Measured:
    from formlos.config.bench import costs, lighthouse, limits, moves, pages
    from formlos.config.bench.node import more_workers, resting_workers

    with more_workers(node, FURTHER_WORKERS):
        told("people who will move")
        stage = moves.Stage.set(
            node, moves=size.rounds * sum(size.runs.values()) + size.alone + moves.WARM_UP + size.visitors
        )
        stage.play(stage.take(moves.WARM_UP), at_once=2)
        told("one move after the other")
        alone = moves.latency(stage, moves=size.alone)
        told("the pages")
        seen = pages.measure(stage, people=size.visitors, times=4 * size.visitors)
        told("Lighthouse")
        audited = lighthouse.audit(web=node.web, pages=_audited(seen.visit), cookie=seen.visit.cookie)
        runs = []
        for at_once, count in size.runs.items():
            told(f"{size.rounds} times {count} moves, {at_once} at once")
            rounds = [moves.throughput(stage, moves=count, at_once=at_once) for _ in range(size.rounds)]
            runs.append(moves.typical(rounds))
    with resting_workers():
        told("cryptography, paper, raw limits, population")
        costed = costs.measure(here=stage.here, there=stage.there, deliveries=size.deliveries)
        raw = limits.measure(web=node.web, jobs=size.jobs, seconds=size.seconds)
        town = limits.populate(residents=people)
    best = max(runs, key=lambda run: run.rate)
    return Measured(place, law, runs, best, alone, costed, raw, town, pages=seen, audited=audited)


def _audited(visit: Visit) -> dict[str, str]:
    return {"start": "/", "dialogue": visit.question, "status": visit.status}


def _place(size: Size, load_before: str, command: str) -> Place:
    from django.db import connection

    from formlos.config.bench.node import durability

    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        versions = {"Python": platform.python_version(), "PostgreSQL": cursor.fetchone()[0]}
    workers = f"{1 + FURTHER_WORKERS} worker with {SETTINGS['FORMLOS_JOB_CONCURRENCY']} jobs at a time"
    return Place(
        day=date.today().isoformat(),
        machine=f"{processor.model()}, {os.cpu_count()} cores, {processor.memory_gib():.0f} GiB, {platform.system()}",
        versions=versions | {name: version(name) for name in SHOWN},
        load_before=load_before,
        durability=durability(),
        processes=f"{SETTINGS['FORMLOS_WEB_WORKERS']} web, {SETTINGS['FORMLOS_EXCHANGE_WORKERS']} exchange, {workers}",
        residents=size.residents,
        command=command,
    )
