"""The processes of a demo node: web, exchange and worker as an operator would run them, ended with this one."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx


class NotStarted(Exception):
    """A process of the node did not come up; its log says why."""

    code = "not_started"


@contextmanager
def running(roles: Mapping[str, str], *, logs: Path, environment: Mapping[str, str]) -> Iterator[None]:
    """Run one process per role for the block. ``roles`` maps role to the address that answers when it is up, or ""."""
    logs.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        for role in roles:
            stack.enter_context(_process(role, logs / f"{role}.log", environment))
        for role, address in roles.items():
            if address:
                _wait_for(address, role=role, log=logs / f"{role}.log")
        yield


def free_port(preferred: int) -> int:
    """The preferred port on loopback, or any free one when it is taken."""
    for port in (preferred, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise NotStarted("no free port on 127.0.0.1")


@contextmanager
def _process(role: str, log: Path, environment: Mapping[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "formlos", role]
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, stdout=output, stderr=output, env={**os.environ, **environment}, start_new_session=True
        )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_for(address: str, *, role: str, log: Path, patience: float = 60) -> None:
    until = time.monotonic() + patience
    while time.monotonic() < until:
        try:
            if httpx.get(address, timeout=2).status_code < 500:
                return
        except httpx.TransportError:
            time.sleep(0.05)
    raise NotStarted(f"{role} did not answer at {address}; see {log}")
