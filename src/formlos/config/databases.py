"""The two ways into the database: ``default`` as the role of the platform, ``owner`` for migrations only."""

from __future__ import annotations

from typing import Any

from psycopg.conninfo import conninfo_to_dict

from formlos.base.secret_files import read_or_create, secret_folder
from formlos.config.environment import Environment
from formlos.config.launcher import PORT, cluster_of

APP_ROLE = "formlos_app"
OWNER_ROLE = "formlos_owner"
DATABASE = "formlos"


def role_password(environment: Environment, role: str) -> str:
    """The password of a role of the embedded database, made on first use."""
    secret: str = read_or_create(secret_folder(environment.home) / f"postgres-{role}")
    return secret


def databases(environment: Environment) -> dict[str, dict[str, Any]]:
    """Django's ``DATABASES``."""
    if environment.embedded:
        return {alias: _embedded(environment, role) for alias, role in (("default", APP_ROLE), ("owner", OWNER_ROLE))}
    app = environment["DATABASE_URL"]
    return {"default": _operators(app), "owner": _operators(environment["FORMLOS_OWNER_DATABASE_URL"] or app)}


def _embedded(environment: Environment, role: str) -> dict[str, Any]:
    cluster = cluster_of(environment.home)
    return _common() | {
        "NAME": DATABASE,
        "USER": role,
        "PASSWORD": role_password(environment, role),
        "HOST": str(cluster.socket),
        "PORT": PORT,
    }


def _operators(address: str) -> dict[str, Any]:
    parts = conninfo_to_dict(address)
    common = _common()
    names = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    common |= {ours: parts.pop(theirs, "") for theirs, ours in names.items()}
    common["OPTIONS"] |= parts
    return common


def _common() -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        # Statements are prepared on first use and again planned only where their values matter: half the server's time.
        "OPTIONS": {"connect_timeout": 10, "server_side_binding": True, "prepare_threshold": 3},
    }
