"""Running the processes: gunicorn for pages and messages, Procrastinate for jobs."""

from __future__ import annotations

import gc
import socket
from typing import Any

from gunicorn.app.base import BaseApplication

from formlos.config.environment import Environment


class PortTaken(Exception):
    """Somebody else listens at the address."""

    code = "port_taken"


class _Gunicorn(BaseApplication):
    def __init__(self, options: dict[str, Any]) -> None:
        self.chosen = options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self.chosen.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        from formlos.config.wsgi import application

        gc.freeze()  # what is loaded now stays; looking through it for garbage would only make pages wait
        return application


def serve(environment: Environment, *, role: str) -> None:
    """Serve a role other than worker until stopped. No two share a process: they would wait for each other.

    The simulated identity provider ``idp`` keeps its codes in memory: one server process with some threads.
    """
    prefix = f"FORMLOS_{role.upper()}"
    _require_free(environment[f"{prefix}_BIND"], f"{prefix}_BIND")
    alone = role == "idp"
    _Gunicorn(
        {
            "bind": environment[f"{prefix}_BIND"],
            "workers": 1 if alone else int(environment[f"{prefix}_WORKERS"]),
            "threads": 8 if alone else 1,
            "proc_name": f"formlos-{role}",
            "worker_tmp_dir": None,
            "max_requests": 20_000,
            "max_requests_jitter": 2_000,
            "graceful_timeout": 20,
            "loglevel": "warning",
            "control_socket_disable": True,
        }
    ).run()


def work(*, queues: list[str] | None, name: str) -> None:
    """Run jobs until stopped; a first stop lets the running jobs finish."""
    from procrastinate import PsycopgConnector
    from procrastinate.contrib.django import app
    from procrastinate.contrib.django.utils import connector_params

    connector = PsycopgConnector(kwargs=connector_params(), configure=_without_transactions)
    with app.replace_connector(connector) as worker_app:
        worker_app.run_worker(queues=queues, name=name)


def _require_free(address: str, setting: str) -> None:
    """Raises ``PortTaken``; gunicorn itself would only try again and again."""
    host, port = address.rsplit(":", 1)
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, int(port)))
        except OSError as error:
            raise PortTaken(
                f"cannot listen at {address} ({error.strerror}); set {setting} to another address"
            ) from error


async def _without_transactions(connection: Any) -> None:
    """Each of the queue's questions is one statement: a transaction around it would only be two more."""
    await connection.set_autocommit(True)
