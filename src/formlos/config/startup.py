"""Getting a process ready: settings checked, database up, Django set up. Commands begin here."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from formlos.config import launcher
from formlos.config.environment import Environment, read_environment


class NodeNotReady(Exception):
    """The node lacks something that a command makes."""

    code = "node_not_ready"


@contextmanager
def ready_node(*, role: str = "worker", leave_running: bool = False) -> Iterator[Environment]:
    """A block in which Django and the database can be used, as the process ``role``.

    An embedded database that is not running is started for the block; ``leave_running`` is for processes that
    share it: it runs on until ``formlos database stop``. Raises ``NodeNotReady`` before ``formlos init``.
    """
    environment = set_up(role=role)
    if not environment.embedded:
        yield environment
    elif leave_running:
        launcher.start(environment.home)
        yield environment
    else:
        with launcher.running(environment.home):
            yield environment
            close_connections()


def set_up(*, role: str) -> Environment:
    """Settings and Django for a process of an initialised node, without touching the database."""
    os.environ["FORMLOS_ROLE"] = role
    environment = read_environment()
    if not node_key_file(environment).exists():
        demo = environment.home / "demo"
        hint = f"; the node of the demo is reached with FORMLOS_HOME={demo}" if demo.is_dir() else ""
        raise NodeNotReady(f"{environment.home} is not initialised; run: formlos init (or set FORMLOS_HOME){hint}")
    set_up_django()
    return environment


def set_up_django() -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "formlos.config.settings")
    django.setup()


def node_key_file(environment: Environment) -> Path:
    return Path(environment["FORMLOS_NODE_KEY_FILE"] or environment.home / "secrets" / "node.key")


def close_connections() -> None:
    from django.db import connections

    connections.close_all()
