"""Starting the processes of a node beside this one, for the demonstration and for tests."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

PATIENCE_SECONDS = 30


class ProcessFailed(Exception):
    """A process ended before it was ready."""

    code = "process_failed"


@contextmanager
def running(
    role: str, *arguments: str, environment: Mapping[str, str] = os.environ, log: Path
) -> Iterator[subprocess.Popen[bytes]]:
    """``formlos ROLE`` for the length of a block: ready when it begins, stopped in good order when it ends.

    Output goes to the file ``log``. Web and exchange are ready when they listen; a worker has no such moment.
    """
    command = [sys.executable, "-c", "from formlos.config.cli import app; app(prog_name='formlos')", role, *arguments]
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
        if role in ("web", "exchange"):
            _wait_for(environment[f"FORMLOS_{role.upper()}_BIND"], process, log)
        yield process
    finally:
        stop(process)


def stop(process: subprocess.Popen[bytes]) -> None:
    """Ask the process to finish what it is doing; after ``PATIENCE_SECONDS`` end it."""
    process.terminate()
    try:
        process.wait(PATIENCE_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def free_address() -> str:
    """HOST:PORT on this machine where nobody listens at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
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
