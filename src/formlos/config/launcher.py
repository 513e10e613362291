"""The embedded PostgreSQL: a private cluster in the home folder, started and stopped by Formlos.

The server listens on a private socket only, never on the network, and every role has a random password. With
``keep=False`` a cluster is made for speed and thrown away, even when the process that started it is killed.
An operator's own server (``DATABASE_URL``) needs nothing of this module.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shlex
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from formlos.base.secret_files import read_or_create, secret_folder
from formlos.config import tuning
from formlos.config.binaries import SYSTEM_PLACE, Account, account_for, find_binaries

SUPERUSER = "postgres"
PORT = "5432"  # names the socket file; the server is not reachable by network
PATIENCE_SECONDS = 60


class DatabaseFailed(Exception):
    """The embedded PostgreSQL could not be made, started or stopped."""

    code = "database_failed"


@dataclass(frozen=True)
class Cluster:
    """A cluster of the home folder ``home``, running or not.

    ``socket`` is the folder to give as PostgreSQL host. Connect with ``address`` plus a role and its password.
    """

    home: Path
    place: Path
    socket: Path
    binaries: Path
    account: Account | None

    @property
    def data(self) -> Path:
        return self.place / "data"

    @property
    def log(self) -> Path:
        return self.place / "postgres.log"

    @property
    def superuser_password(self) -> str:
        secret: str = read_or_create(secret_folder(self.home) / "postgres-superuser")
        return secret

    def address(self, database: str = "postgres") -> dict[str, Any]:
        """Host, port and database as psycopg takes them."""
        return {"host": str(self.socket), "port": PORT, "dbname": database}

    def answers(self) -> bool:
        """Whether a server accepts connections on the socket."""
        with socket.socket(socket.AF_UNIX) as probe:
            return probe.connect_ex(str(self.socket / f".s.PGSQL.{PORT}")) == 0


def cluster_of(home: Path) -> Cluster:
    """Where the cluster of ``home`` is or will be; touches nothing but a note of its place."""
    home = home.resolve()
    place = _place_of(home)
    account = account_for(place / "data")
    short = hashlib.sha256(str(place).encode()).hexdigest()[:12]
    return Cluster(home, place, Path("/tmp") / f"formlos-{short}", find_binaries(account), account)  # noqa: S108


def start(home: Path, *, fast: bool = False) -> Cluster:
    """Make the cluster of ``home`` if there is none and start it if it is not running.

    ``fast`` gives up durability and suits only data that may be lost. Raises ``DatabaseFailed``.
    """
    cluster = cluster_of(home)
    with _alone(cluster):
        if not cluster.answers():
            _make_folders(cluster)
            if not (cluster.data / "PG_VERSION").exists():
                _make(cluster)
            _clear_stale_locks(cluster)
            (cluster.data / "formlos.conf").write_text(tuning.configuration(cluster.socket, fast=fast))
            _start_server(cluster)
    return cluster


def stop(home: Path, *, immediately: bool = False) -> bool:
    """Stop the server of ``home``; false when none was running. ``immediately`` leaves recovery to the next start."""
    cluster = cluster_of(home)
    with _alone(cluster):
        if not cluster.answers():
            return False
        _run(cluster, *_stopping(cluster, immediately=immediately))
    return True


def status(home: Path) -> Cluster | None:
    """The cluster of ``home`` if its server answers."""
    cluster = cluster_of(home)
    return cluster if cluster.answers() else None


@contextmanager
def running(home: Path, *, keep: bool = True) -> Iterator[Cluster]:
    """A started cluster for the length of a block, stopped with it even when this process is killed.

    A server that was already running stays running. ``keep=False`` starts it fast and removes its data afterwards.
    """
    if status(home):
        yield start(home)
        return
    with ending_with_this_process(home, keep=keep):
        yield start(home, fast=not keep)


@contextmanager
def ending_with_this_process(home: Path, *, keep: bool) -> Iterator[None]:
    """Stop whatever server of ``home`` was started meanwhile when the block or this process ends, killed or not."""
    cluster = cluster_of(home)
    watch = _watch_this_process(cluster, keep=keep)
    try:
        yield
    finally:
        watch.communicate()
        if not keep:
            _forget(cluster)


def remove(home: Path) -> None:
    """Stop the server of ``home`` and delete its data for good."""
    stop(home, immediately=True)
    _forget(cluster_of(home))


def _forget(cluster: Cluster) -> None:
    for folder in (cluster.place, cluster.socket):
        shutil.rmtree(folder, ignore_errors=True)
    (cluster.home / "postgres.place").unlink(missing_ok=True)


def _place_of(home: Path) -> Path:
    """Inside the home, unless root works where the server's account cannot enter; the note keeps it findable."""
    inside, note = home / "postgres", home / "postgres.place"
    if note.exists():
        return Path(note.read_text().strip())
    account = account_for(inside / "data")
    if account is None or inside.exists() or account.can_enter(home):
        return inside
    clusters = SYSTEM_PLACE / "clusters"
    clusters.mkdir(mode=0o755, parents=True, exist_ok=True)
    os.chown(clusters, account.uid, account.gid)
    place = Path(tempfile.mkdtemp(dir=clusters))
    home.mkdir(parents=True, exist_ok=True)
    note.write_text(f"{place}\n")
    return place


@contextmanager
def _alone(cluster: Cluster) -> Iterator[None]:
    """One process at a time starts or stops a cluster."""
    cluster.home.mkdir(parents=True, exist_ok=True)
    with (cluster.home / "postgres.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _make_folders(cluster: Cluster) -> None:
    owner = cluster.account.uid if cluster.account else os.geteuid()
    for folder, mode in ((cluster.place, 0o755), (cluster.data, 0o700), (cluster.socket, 0o700)):
        folder.mkdir(mode=mode, parents=True, exist_ok=True)
        if cluster.account and folder.stat().st_uid == 0:
            os.chown(folder, cluster.account.uid, cluster.account.gid)
        if folder.is_symlink() or folder.stat().st_uid != owner:
            raise DatabaseFailed(f"{folder} belongs to somebody else; remove it or run as its owner")


def _make(cluster: Cluster) -> None:
    """Create the cluster; the superuser's password passes through a file only the server's account can read."""
    with tempfile.NamedTemporaryFile("w", dir=cluster.place) as password:
        password.write(cluster.superuser_password)
        password.flush()
        if cluster.account:
            os.chown(password.name, cluster.account.uid, cluster.account.gid)
        _run(
            cluster,
            *(cluster.binaries / "initdb", "-D", cluster.data, "--username", SUPERUSER, "--encoding=UTF8"),
            *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", "--data-checksums"),
            *("--auth=scram-sha-256", f"--pwfile={password.name}", "--no-sync", "--no-instructions"),
        )
    with (cluster.data / "postgresql.conf").open("a") as settings:
        settings.write("include 'formlos.conf'\n")


def _clear_stale_locks(cluster: Cluster) -> None:
    """Remove lock files whose process is dead, never collected (as in a container) or another program by now."""
    for lock in (cluster.data / "postmaster.pid", cluster.socket / f".s.PGSQL.{PORT}.lock"):
        if lock.exists() and str(cluster.data) not in _command_of(lock.read_text().split("\n", 1)[0].strip()):
            lock.unlink()


def _command_of(process: str) -> str:
    """The command line of a process number; empty when there is none or it is dead."""
    if Path("/proc/self/cmdline").exists():
        command = Path("/proc") / process / "cmdline"
        return command.read_text().replace("\0", " ") if process and command.exists() else ""
    return subprocess.run(["ps", "-o", "args=", "-p", process], capture_output=True, text=True, check=False).stdout


def _start_server(cluster: Cluster) -> None:
    """Start and wait. After a kill the old server's children may hold its memory a moment longer: try again then."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            command = [cluster.binaries / "pg_ctl", "start", "-w", "-s", "-t", PATIENCE_SECONDS, "-D", cluster.data]
            _run(cluster, *command, "-l", cluster.log)
            return
        except DatabaseFailed:
            if "is still in use" not in _end_of(cluster.log) or time.monotonic() > deadline:
                raise
            time.sleep(0.3)


def _stopping(cluster: Cluster, *, immediately: bool) -> list[str]:
    mode = "immediate" if immediately else "fast"
    return [str(cluster.binaries / "pg_ctl"), "stop", "-s", "-w", "-m", mode, "-D", str(cluster.data)]


def _watch_this_process(cluster: Cluster, *, keep: bool) -> subprocess.Popen[bytes]:
    """A shell that waits for this process to close its end of a pipe (or to die) and then stops the server."""
    after = shlex.join(_stopping(cluster, immediately=not keep))
    if not keep:
        after += "; " + shlex.join(["rm", "-rf", str(cluster.place), str(cluster.socket)])
    return subprocess.Popen(
        ["/bin/sh", "-c", f"read line; {after}"],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        **_as_account(cluster),
    )


def _run(cluster: Cluster, *command: object) -> None:
    done = subprocess.run(
        [str(word) for word in command], capture_output=True, text=True, check=False, **_as_account(cluster)
    )
    if done.returncode:
        said = "\n".join(filter(None, [done.stderr.strip(), _end_of(cluster.log)]))
        raise DatabaseFailed(f"{Path(str(command[0])).name} failed; its last words, from {cluster.log}:\n{said}")


def _as_account(cluster: Cluster) -> dict[str, Any]:
    """Change to the server's account; none of the caller's PG… variables or locale may leak into the server."""
    environment = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}
    options: dict[str, Any] = {"cwd": "/", "env": environment}
    if cluster.account:
        options |= {"user": cluster.account.uid, "group": cluster.account.gid, "extra_groups": []}
    return options


def _end_of(log: Path) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-5:]) if log.exists() else ""
