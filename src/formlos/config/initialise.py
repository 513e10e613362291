"""Making a node ready: secrets, roles, database, tables and row security. Safe to run again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
from psycopg import sql

from formlos.config import launcher
from formlos.config.databases import APP_ROLE, DATABASE, OWNER_ROLE, role_password
from formlos.config.environment import Environment
from formlos.config.launcher import SUPERUSER, Cluster

# Django asks a new column for its default even where no row needs one. A row that did get it breaks the reference
# to municipalities: a migration has to say itself whose the old rows are.
NOBODY = UUID(int=0)
EXTENSIONS = ("pg_trgm", "unaccent", "btree_gist")


class InitialisationFailed(Exception):
    """The node is not ready; the message says what is missing."""

    code = "initialisation_failed"


@contextmanager
def prepared(environment: Environment) -> Iterator[None]:
    """A block in which the database is up and has its roles; an operator's own server must have them already."""
    if not environment.embedded:
        if not environment["FORMLOS_OWNER_DATABASE_URL"]:
            raise InitialisationFailed("DATABASE_URL needs FORMLOS_OWNER_DATABASE_URL beside it; see docs/settings.md")
        yield
        return
    with launcher.running(environment.home) as cluster:
        create_roles_and_database(environment, cluster)
        yield


def create_roles_and_database(environment: Environment, cluster: Cluster, *, database: str = DATABASE) -> None:
    """Create what is missing in the embedded cluster and bring the roles' passwords in line with the secrets."""
    with psycopg.connect(**_as_superuser(cluster), autocommit=True) as connection:
        for role in (OWNER_ROLE, APP_ROLE):
            _create_role(connection, role, role_password(environment, role))
        if not _exists(connection, "SELECT 1 FROM pg_database WHERE datname = %s", database):
            create = sql.SQL("CREATE DATABASE {} OWNER {}")
            connection.execute(create.format(sql.Identifier(database), sql.Identifier(OWNER_ROLE)))
        closed = sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC; GRANT CONNECT, TEMPORARY ON DATABASE {} TO {}")
        names = (database, database, APP_ROLE)
        connection.execute(closed.format(*map(sql.Identifier, names)))
    with psycopg.connect(**_as_superuser(cluster, database), autocommit=True) as connection:
        for extension in EXTENSIONS:
            connection.execute(sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(extension)))
        connection.execute(sql.SQL("ALTER SCHEMA public OWNER TO {}").format(sql.Identifier(OWNER_ROLE)))


def migrate() -> None:
    """Bring the tables and with them row security up to date, as the owner. Needs Django to be set up."""
    from django.core.management import call_command

    from formlos.base.tenancy import acting_for

    check_roles()
    with acting_for(NOBODY):
        call_command("migrate", database="owner", interactive=False, verbosity=0)


def collect_static_files() -> None:
    """Lay styles, fonts and pictures ready for the web process, compressed and with names that change with content."""
    from django.core.management import call_command

    call_command("collectstatic", interactive=False, verbosity=0)


def check_roles() -> None:
    """Refuse roles that would see through row security. Raises ``InitialisationFailed``."""
    from django.db import connections

    problems = []
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT current_user, rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
        app, sees_everything = cursor.fetchone()
    if sees_everything:
        problems.append(f"role {app} (DATABASE_URL) is a superuser or bypasses row security; use a plain role")
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT current_user")
        if cursor.fetchone() == (app,):
            problems.append(f"role {app} must not own the tables: give FORMLOS_OWNER_DATABASE_URL another role")
    if problems:
        raise InitialisationFailed("; ".join(problems))


def create_node_key(path: Path) -> None:
    """Make the key that seals every other key; an existing one is kept."""
    from formlos.base import keys

    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    keys.create_node_key(path)


def _create_role(connection: psycopg.Connection, role: str, password: str) -> None:
    known = _exists(connection, "SELECT 1 FROM pg_roles WHERE rolname = %s", role)
    change = sql.SQL("{} ROLE {} LOGIN NOSUPERUSER NOBYPASSRLS PASSWORD {}")
    verb = sql.SQL("ALTER" if known else "CREATE")
    connection.execute(change.format(verb, sql.Identifier(role), sql.Literal(password)))


def _exists(connection: psycopg.Connection, question: str, name: str) -> bool:
    return connection.execute(question, [name]).fetchone() is not None


def _as_superuser(cluster: Cluster, database: str = "postgres") -> dict[str, Any]:
    return cluster.address(database) | {"user": SUPERUSER, "password": cluster.superuser_password}
