"""A whole node for tests: a database, towns in it, and its web, exchange and worker processes.

Waiting is short by settings: a dead worker is noticed after two seconds, not after thirty.
"""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connections
from django.test import override_settings

from formlos.base import clock
from formlos.base.tenancy import Municipality, acting_for, municipality_by_ags, within
from formlos.cases import queries as cases
from formlos.config import databases, processes
from formlos.config.demo import evidence
from formlos.config.environment import read_environment
from formlos.config.municipalities import add_municipality
from formlos.exchange import queries as exchange
from formlos.exchange import roots
from formlos.exchange.directory import Directory, Entry, compose, sign_directory
from formlos.exchange.kinds import KINDS
from formlos.exchange.operations import directories
from formlos.identity import demo_issuer
from formlos.registers.operations.demo import ensure_demo_people

STUTTGART, MUNICH = ("08111000", "Stuttgart"), ("09162000", "München")
IN_A_HURRY = {
    "FORMLOS_WEB_WORKERS": "1",
    "FORMLOS_EXCHANGE_WORKERS": "1",
    "FORMLOS_JOB_POLL_SECONDS": "0.1",
    "FORMLOS_HEARTBEAT_SECONDS": "0.5",
    "FORMLOS_STALLED_SECONDS": "2",
    "FORMLOS_SWEEP_SECONDS": "1",
    "FORMLOS_EXCHANGE_TIMEOUT_SECONDS": "3",
    "FORMLOS_EXCHANGE_RETRY_SECONDS": "0.2",
    "FORMLOS_EXCHANGE_LONGEST_RETRY_SECONDS": "1",
    "FORMLOS_LOG_LEVEL": "WARNING",
    "FORMLOS_DEMO": "1",
}
ROLES = ("web", "exchange", "worker")
LONG_AGO = timedelta(days=30)
"""Towns are founded so long before the test, so that people can have told of a move before it."""


class Node:
    """One node. ``at_hand`` lets the code of the test act on it directly, as one more of its processes."""

    def __init__(self, home: Path, database: Mapping[str, str], **more: str) -> None:
        self.home = home
        web, exchange_address = processes.free_address(), processes.free_address()
        self.web, self.exchange = f"http://{web}", f"http://{exchange_address}"
        self.environment = {
            **{name: value for name, value in database.items() if name not in IN_A_HURRY},
            **IN_A_HURRY,
            "FORMLOS_HOME": str(home),
            "FORMLOS_NODE_KEY_FILE": str(settings.NODE_KEY_FILE),
            "FORMLOS_SECRET_KEY": settings.SECRET_KEY,
            "FORMLOS_PUBLIC_URL": self.web,
            "FORMLOS_EXCHANGE_URL": self.exchange,
            "FORMLOS_WEB_BIND": web,
            "FORMLOS_EXCHANGE_BIND": exchange_address,
            **more,
        }
        self.more_settings: dict[str, Any] = {}
        self._running: dict[str, tuple[ExitStack, subprocess.Popen[bytes]]] = {}

    @contextmanager
    def at_hand(self) -> Iterator[Node]:
        """For the block, database connections and settings of this process are the node's."""
        addresses = databases.databases(read_environment(self.environment))
        mine = {"HOME": self.home, "DEMO": True, "PUBLIC_URL": self.web, "EXCHANGE_URL": self.exchange}
        mine |= self.more_settings
        before = {alias: dict(connections[alias].settings_dict) for alias in addresses}
        with override_settings(**mine):
            _connect(addresses)
            try:
                yield self
            finally:
                _connect(before)

    def found(self, *towns: tuple[str, str]) -> None:
        """Found towns with their demonstration streets, by now a month old."""
        with self.at_hand(), clock.frozen(clock.now() - LONG_AGO):
            for ags, name in towns:
                with within(add_municipality(ags=ags, name=name)):
                    ensure_demo_people()

    def trust_the_demo_issuer(self) -> None:
        """Let invented people identify themselves on this node."""
        with self.at_hand(), clock.frozen(clock.now() - LONG_AGO):
            demo_issuer.enable()

    def entries(self) -> list[Entry]:
        """What a directory says of this node's towns."""
        with self.at_hand():
            return [
                directories.entry_of(town, endpoint=f"{self.exchange}/exchange/{town.ags}", services=tuple(KINDS))
                for town in Municipality.objects.all()
            ]

    def take_over(self, directory: Directory, root: Any) -> None:
        """Trust the root and use its directory."""
        with self.at_hand():
            roots.pin_root(root.as_public())
            directories.import_directory(token=sign_directory(directory, key=root.key))

    def start(self, *names: str) -> None:
        """Start processes by role, side by side; ``worker2`` is one more worker."""
        roles = {name: name.rstrip("0123456789") for name in names or ROLES}
        for name, role in roles.items():
            stack = ExitStack()
            starting = processes.starting(role, environment=self.environment, log=self._log(name))
            self._running[name] = (stack, stack.enter_context(starting))
        for name, role in roles.items():
            processes.wait_until_ready(role, self._running[name][1], self.environment, self._log(name))

    def stop(self, *names: str) -> None:
        """End processes in good order, side by side."""
        ended = [self._running.pop(name) for name in names or tuple(self._running)]
        for _, process in ended:
            process.terminate()
        for stack, _ in ended:
            stack.close()

    def kill(self, *names: str) -> None:
        """Kill processes and their children with signal 9, as a power cut would."""
        for name in names:
            stack, process = self._running.pop(name)
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            stack.close()

    def end_of_log(self, name: str) -> str:
        return self._log(name).read_text(errors="replace")[-3000:]

    def _log(self, name: str) -> Path:
        return self.home / f"{name}.log"

    def restart_what_ended(self) -> list[str]:
        """What an operator's process manager does; returns the names of processes that had ended by themselves."""
        ended = [name for name, (_, process) in self._running.items() if process.poll() is not None]
        self.stop(*ended) if ended else None
        self.start(*ended) if ended else None
        return ended


class Root:
    """A root key for directories, kept in a folder of the test."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "root.json"
        self._public = roots.create_root(self._path)
        self.key = roots.load_root(self._path)

    def as_public(self) -> dict[str, Any]:
        return self._public

    def directory(self, entries: Iterable[Entry], *, serial: int = 1, days: int = 30) -> Directory:
        issued = clock.now() - LONG_AGO
        return compose(entries, serial=serial, issued=issued, expires=clock.now() + timedelta(days=days))


def stuttgart() -> Municipality:
    return municipality_by_ags(STUTTGART[0])


def munich() -> Municipality:
    return municipality_by_ags(MUNICH[0])


def eventually(condition: Callable[[], object], *, seconds: float = 40, otherwise: Callable[[], object] = str) -> None:
    """Wait for what other processes do; fails with the words of ``otherwise`` when it does not happen."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"it did not happen within {seconds:g} s: {otherwise()}"
        time.sleep(0.05)


def settled(*towns: Municipality, seconds: float = 40) -> None:
    """Wait until no town has anything left to do by itself."""
    eventually(
        lambda: not any(evidence.unsettled(town) for town in towns),
        seconds=seconds,
        otherwise=lambda: {town.name: evidence.unsettled(town) for town in towns},
    )


def kinds_sent(town: Municipality, case: Any) -> list[str]:
    """Kinds of messages that a case sent, oldest first."""
    with within(town):
        return [row.kind.removeprefix("xmeld:") for row in exchange.messages_of(str(case))]


def services_run(town: Municipality) -> list[str]:
    """Services of all cases of a town, oldest first."""
    with acting_for(town):
        return [line.service for line in reversed(cases.cases_of_municipality(limit=1000))]


def all_journals_intact(*towns: Municipality) -> bool:
    for town in towns:
        with acting_for(town):
            lines = cases.cases_of_municipality(limit=1000)
            if not all(cases.verify_journal(line.id).intact for line in lines):
                return False
    return True


def _connect(addresses: Mapping[str, Mapping[str, Any]]) -> None:
    for alias, address in addresses.items():
        connections[alias].close()
        connections.settings[alias].update(address)
        connections[alias].settings_dict.update(address)
    exchange.look_again()
