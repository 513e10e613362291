"""Fixtures for every test: one throw-away PostgreSQL a run, one clone of a migrated template a test.

Tests run as the role of the platform, not as owner or superuser, so that row security binds them too.
Tests that need no database start none.
"""

from __future__ import annotations

import fcntl
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote
from uuid import uuid4

import psycopg
import pytest

from formlos.config import databases, initialise, launcher
from formlos.config.environment import read_environment
from formlos.config.launcher import Cluster

if TYPE_CHECKING:
    from formlos.base.tenancy import Municipality

TEMPLATE = databases.DATABASE
NOWHERE = "ask_for_the_fixture_database"
_until_the_end = ExitStack()


@dataclass(frozen=True)
class Database:
    """The database of one test. ``environment`` points a process of its own at it."""

    name: str
    environment: dict[str, str]

    @contextmanager
    def at_hand(self) -> Iterator[None]:
        """For the block, Django's connections point at it, as *app* and as *owner*."""
        _point_at(self.name)
        try:
            yield
        finally:
            _point_at(NOWHERE)


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        _choose_home()
    os.environ["DJANGO_SETTINGS_MODULE"] = "formlos.config.settings"
    import django

    django.setup()
    _point_at(NOWHERE)


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        _until_the_end.close()


def _choose_home() -> None:
    """A home of this run only; an operator's variables must not leak into tests."""
    for name in [name for name in os.environ if name.startswith("FORMLOS_") and name != "FORMLOS_PG_BIN"]:
        del os.environ[name]
    os.environ.pop("DATABASE_URL", None)
    home = _until_the_end.enter_context(tempfile.TemporaryDirectory(prefix="formlos-test-"))
    os.environ["FORMLOS_HOME"] = home
    _until_the_end.enter_context(launcher.ending_with_this_process(Path(home), keep=False))


@pytest.fixture(scope="session")
def cluster() -> Cluster:
    """The run's PostgreSQL with a migrated, row-secured template; the first process that needs it makes it."""
    environment = read_environment()
    with (environment.home / "template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        started = launcher.start(environment.home, fast=True)
        ready = environment.home / "template.ready"
        if not ready.exists():
            initialise.create_node_key(environment.home / "secrets" / "node.key")
            initialise.create_roles_and_database(environment, started)
            _point_at(TEMPLATE)
            initialise.migrate()
            _point_at(NOWHERE)
            ready.touch()
    return started


@pytest.fixture(scope="session")
def clone(cluster: Cluster) -> Callable[..., AbstractContextManager[Database]]:
    """``with clone() as database``: an empty migrated one, or a copy of another that nobody is connected to."""

    @contextmanager
    def cloned(template: str = TEMPLATE) -> Iterator[Database]:
        name = f"test_{uuid4().hex}"
        _as_superuser(
            cluster, f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy OWNER {databases.OWNER_ROLE}"
        )
        try:
            yield Database(name, _environment(cluster, name))
        finally:
            _as_superuser(cluster, f"DROP DATABASE {name} WITH (FORCE)")

    return cloned


@pytest.fixture
def database(clone: Callable[..., AbstractContextManager[Database]]) -> Iterator[Database]:
    """An empty migrated database of this test alone; Django's connections point at it, as *app* and as *owner*."""
    with clone() as cloned, cloned.at_hand():
        yield cloned


@pytest.fixture
def stuttgart(database: Database) -> Municipality:
    return _municipality(ags="08111000", name="Stuttgart", land="BW", slug="stuttgart")


@pytest.fixture
def munich(database: Database) -> Municipality:
    return _municipality(ags="09162000", name="München", land="BY", slug="muenchen")


@pytest.fixture
def eventually() -> Callable[..., None]:
    """Wait until a condition holds, for what another process does; fails when it does not within ``seconds``."""

    def wait(condition: Callable[[], object], *, seconds: float = 30) -> None:
        deadline = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < deadline, f"it did not happen within {seconds:g} seconds"
            time.sleep(0.05)

    return wait


def _municipality(**fields: str) -> Municipality:
    from formlos.base.tenancy import Municipality

    return Municipality.objects.create(**fields)


def _point_at(name: str) -> None:
    from django.db import connections

    for alias in connections:
        connections[alias].close()
        connections.settings[alias]["NAME"] = name
        connections[alias].settings_dict["NAME"] = name


def _as_superuser(cluster: Cluster, statement: str) -> None:
    address = cluster.address() | {"user": launcher.SUPERUSER, "password": cluster.superuser_password}
    with psycopg.connect(**address, autocommit=True) as connection:
        connection.execute(statement)


def _environment(cluster: Cluster, name: str) -> dict[str, str]:
    def address(role: str) -> str:
        password = databases.role_password(read_environment(), role)
        host = f"host={quote(str(cluster.socket), safe='')}&port={launcher.PORT}"
        return f"postgresql://{role}:{password}@/{name}?{host}"

    return os.environ | {
        "DATABASE_URL": address(databases.APP_ROLE),
        "FORMLOS_OWNER_DATABASE_URL": address(databases.OWNER_ROLE),
    }


@pytest.fixture
def as_owner(database: Database) -> Callable[[], AbstractContextManager[Any]]:
    """``with as_owner() as cursor``: what only the role *owner* can do, such as tampering with a journal."""
    from django.db import connections, transaction

    @contextmanager
    def cursor() -> Iterator[Any]:
        with transaction.atomic(using="owner"), connections["owner"].cursor() as opened:
            yield opened

    return cursor


@pytest.fixture(scope="session")
def identity_provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the simulated identity provider, running as a process of its own."""
    from formlos.identity.tests.providing import provider_running

    with provider_running(tmp_path_factory.mktemp("idp")) as address:
        yield address
