import os
import signal
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from formlos.config import launcher
from formlos.config.binaries import Account, NoPostgres
from formlos.config.launcher import Cluster


@pytest.fixture
def home(tmp_path):
    yield tmp_path / "home"
    launcher.remove(tmp_path / "home")


def connect(cluster: Cluster) -> psycopg.Connection:
    return psycopg.connect(**cluster.address(), user="postgres", password=cluster.superuser_password)


def setting(cluster: Cluster, name: str) -> str:
    with connect(cluster) as connection:
        return connection.execute("SELECT current_setting(%s)", [name]).fetchone()[0]


@pytest.fixture
def kill(eventually):
    def kill(cluster: Cluster) -> None:
        os.kill(int((cluster.data / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
        eventually(lambda: not cluster.answers())

    return kill


def test_a_cluster_is_durable_private_and_utf8_by_default(home):
    cluster = launcher.start(home)
    assert [setting(cluster, name) for name in ("fsync", "synchronous_commit", "listen_addresses")] == ["on", "on", ""]
    assert setting(cluster, "server_encoding") == "UTF8"
    assert cluster.socket.stat().st_mode & 0o077 == 0
    assert len(str(cluster.socket)) < 80


def test_nobody_enters_without_the_password(home):
    cluster = launcher.start(home, fast=True)
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(**cluster.address(), user="postgres", password="wrong")  # noqa: S106


def test_starting_and_stopping_twice_is_harmless(home):
    assert launcher.status(home) is None
    assert launcher.start(home, fast=True) == launcher.start(home, fast=True) == launcher.status(home)
    assert launcher.stop(home)
    assert not launcher.stop(home)


def test_data_survive_a_killed_server(home, kill):
    cluster = launcher.start(home)
    with connect(cluster) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1 AS one")
    kill(cluster)
    with connect(launcher.start(home)) as connection:
        assert connection.execute("SELECT one FROM kept").fetchone() == (1,)


def test_a_lock_file_that_names_another_process_does_not_stop_the_start(home, kill):
    cluster = launcher.start(home, fast=True)
    kill(cluster)
    lock = cluster.data / "postmaster.pid"
    lock.write_text(f"{os.getpid()}\n{cluster.data}\n")
    assert launcher.start(home, fast=True).answers()


def test_a_throw_away_cluster_ends_with_a_killed_process(tmp_path, eventually):
    program = (
        "import sys, time, pathlib\n"
        "from formlos.config import launcher\n"
        "with launcher.running(pathlib.Path(sys.argv[1]), keep=False) as cluster:\n"
        "    print(cluster.place, cluster.socket, flush=True)\n"
        "    time.sleep(60)\n"
    )
    owner = subprocess.Popen([sys.executable, "-c", program, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    place, socket = map(Path, owner.stdout.readline().split())
    assert launcher.status(tmp_path)
    owner.kill()
    owner.wait()
    eventually(lambda: not socket.exists() and not place.exists())


def test_a_running_cluster_is_left_running(home):
    launcher.start(home, fast=True)
    with launcher.running(home):
        pass
    assert launcher.status(home)


def test_a_broken_configuration_is_reported_with_the_servers_own_words(home):
    cluster = launcher.start(home, fast=True)
    launcher.stop(home)
    with (cluster.data / "postgresql.conf").open("a") as file:
        file.write("shared_buffers = much\n")
    with pytest.raises(launcher.DatabaseFailed, match='invalid value for parameter "shared_buffers"'):
        launcher.start(home, fast=True)


def test_a_folder_without_programs_is_refused(home, monkeypatch, tmp_path):
    monkeypatch.setenv("FORMLOS_PG_BIN", str(tmp_path))
    with pytest.raises(NoPostgres, match="FORMLOS_PG_BIN"):
        launcher.start(home)
    monkeypatch.delenv("FORMLOS_PG_BIN")


def test_an_account_cannot_enter_below_a_closed_folder(tmp_path):
    stranger = Account(uid=os.geteuid() + 4711, gid=os.getegid() + 4711)
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    assert not stranger.can_enter(closed / "home")
