"""Starting the processes of a node beside this one, for the demonstration and for tests."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

PATIENCE_SECONDS = 30
ROLES = ("web", "exchange", "worker")


class ProcessFailed(Exception):
    """A process ended before it was ready."""

    code = "process_failed"


@contextmanager
def running(
    role: str, *arguments: str, environment: Mapping[str, str] = os.environ, log: Path
) -> Iterator[subprocess.Popen[bytes]]:
    """``formlos ROLE`` for the length of a block: ready when it begins, stopped in good order when it ends.

    Output goes to the file ``log``. Servers are ready when they listen; a worker has no such moment.
    """
    with starting(role, *arguments, environment=environment, log=log) as process:
        wait_until_ready(role, process, environment, log)
        yield process


@contextmanager
def node_running(
    *, environment: Mapping[str, str] = os.environ, logs: Path, roles: Sequence[str] = ROLES
) -> Iterator[None]:
    """The processes of one node for the length of a block, started side by side; logs in a folder."""
    logs.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        started = {
            role: stack.enter_context(starting(role, environment=environment, log=logs / f"{role}.log"))
            for role in roles
        }
        for role, process in started.items():
            wait_until_ready(role, process, environment, logs / f"{role}.log")
        yield


@contextmanager
def starting(
    role: str, *arguments: str, environment: Mapping[str, str], log: Path
) -> Iterator[subprocess.Popen[bytes]]:
    """Like ``running``, but ready only after ``wait_until_ready``: so that several start side by side."""
    command = [sys.executable, "-m", "formlos", role, *arguments]
    with log.open("ab") as output:
        process = subprocess.Popen(
            command,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        stop(process)


def wait_until_ready(role: str, process: subprocess.Popen[bytes], environment: Mapping[str, str], log: Path) -> None:
    """Raises ``ProcessFailed``."""
    if role != "worker":
        _wait_for(environment[f"FORMLOS_{role.upper()}_BIND"], process, log)


def stop(process: subprocess.Popen[bytes]) -> None:
    """Ask the process to finish what it is doing; after ``PATIENCE_SECONDS`` end it."""
    process.terminate()
    try:
        process.wait(PATIENCE_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def free_address(preferred: int = 0) -> str:
    """HOST:PORT on this machine where nobody listens at the moment; the preferred port where that is free."""
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", preferred))
        except OSError:
            return free_address()
        return f"127.0.0.1:{probe.getsockname()[1]}"


def _wait_for(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    host, port = address.rsplit(":", 1)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        with socket.socket() as probe, contextlib.suppress(OSError, OverflowError):
            probe.connect((host, int(port)))
            return
        time.sleep(0.05)
    last_words = "\n".join(log.read_text(errors="replace").splitlines()[-15:])
    raise ProcessFailed(f"the process for {address} is not ready; its last words:\n{last_words}")
