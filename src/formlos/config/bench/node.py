"""A demo node to measure on: what runs as which process, and what the database has counted."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import connection

from formlos.config import launcher, processes
from formlos.config.bench import processor
from formlos.config.demo.node import Node

ROLES = (*processes.ROLES, "idp", "wallet")
"""All that a demo node starts; what the simulated provider and wallet use is nobody's load."""
DURABLE = ("fsync", "synchronous_commit", "full_page_writes")
STATISTICS_ARRIVE = 1.2
"""Seconds until a server process has told the statistics what it did."""


@dataclass(frozen=True)
class Counted:
    """Readings of one moment; ``used``: processor seconds by kind of process. ``syncs``: writes of the log that waited for
    the disk; commits at the same time share one.
    """

    used: Mapping[str, float]
    machine: tuple[float, float]
    commits: int
    syncs: int
    jobs: int

    def since(self, before: Counted) -> Counted:
        return Counted(
            processor.difference(before.used, self.used),
            (self.machine[0] - before.machine[0], self.machine[1] - before.machine[1]),
            self.commits - before.commits,
            self.syncs - before.syncs,
            self.jobs - before.jobs,
        )


@contextmanager
def more_workers(node: Node, count: int) -> Iterator[None]:
    """Further worker processes beside the one of the demo node."""
    with ExitStack() as stack:
        for number in range(count):
            log = node.home / "logs" / f"worker-{number + 2}.log"
            stack.enter_context(processes.running("worker", environment=os.environ, log=log))
        yield


@contextmanager
def resting_workers() -> Iterator[None]:
    """The node's workers stand still for the block, so that nothing but the measured happens."""
    workers = [pid for pid, command in processor.children_of(os.getpid()) if command[-1] == "worker"]
    for pid in workers:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in workers:
            os.kill(pid, signal.SIGCONT)


def counted(node: Node) -> Counted:
    """Read every counter now."""
    used = processor.seconds_of(_roots(node))
    used["load"] -= sum(seconds for name, seconds in used.items() if name in ROLES)
    commits = _one("SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()")
    syncs = _one("SELECT sum(fsyncs)::int FROM pg_stat_io WHERE object = 'wal'")
    jobs = _one("SELECT n_tup_ins FROM pg_stat_user_tables WHERE relname = 'procrastinate_jobs'")
    return Counted(used, processor.machine(), commits, syncs, jobs)


def durability() -> dict[str, str]:
    """The server's settings that decide whether a commit survives a loss of power."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, setting FROM pg_settings WHERE name = ANY(%s)", [list(DURABLE)])
        return dict(cursor.fetchall())


def _roots(node: Node) -> dict[str, list[int]]:
    """The processes by kind: children of this one by their role, the database server, and this one as the load."""
    roots: dict[str, list[int]] = {role: [] for role in ROLES}
    for pid, command in processor.children_of(os.getpid()):
        if command[-1] in roots:
            roots[command[-1]].append(pid)
    postmaster = Path(launcher.cluster_of(node.home).data) / "postmaster.pid"
    return roots | {"postgres": [int(postmaster.read_text().split()[0])], "load": [os.getpid()]}


def _one(question: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(question)
        return cursor.fetchone()[0]
