"""Raw limits of the same machine in the same run: what moves could reach if they were nothing but this."""

from __future__ import annotations

import http.client
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from statistics import median
from urllib.parse import urlsplit

from django.db import connections
from procrastinate.contrib.django import app

from formlos.base import clock
from formlos.base.tenancy import Municipality
from formlos.config.bench.timing import rate
from formlos.config.municipalities import add_municipality
from formlos.registers.operations.population import invent_population

TABLE, QUEUE, AT_ONCE = "bench_commit", "bench", 4
FURTHER_TOWN = ("09562000", "Erlangen")


@dataclass(frozen=True)
class Limits:
    """Each per second. ``commits``: one row, one connection; ``posts``: refused by the API before it does anything."""

    commits: float
    posts: float
    jobs: float
    clients: int = AT_ONCE


@dataclass(frozen=True)
class Population:
    """An invented town: registered people, and seconds until they are stored and counted."""

    residents: int
    seconds: float


@app.task(name="bench.nothing", queue=QUEUE)
def nothing() -> None:
    """A job that does nothing."""


def measure(*, web: str, jobs: int, seconds: float) -> Limits:
    """Run while no worker runs."""
    return Limits(_commits(seconds), _posts(web, seconds), _jobs(jobs))


def populate(*, residents: int) -> Population:
    """Invent a further town on the node."""
    town: Municipality = add_municipality(ags=FURTHER_TOWN[0], name=FURTHER_TOWN[1])
    key_date, begun = clock.today().replace(month=1, day=1), time.perf_counter()
    invent_population(municipality=town, residents=residents, seed=1, key_date=key_date, told=lambda stored: None)
    return Population(residents, time.perf_counter() - begun)


def _commits(seconds: float) -> float:
    with connections["owner"].cursor() as cursor:
        cursor.execute(f"CREATE TABLE {TABLE} (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, content text)")
        try:
            return rate(lambda: cursor.execute(f"INSERT INTO {TABLE} (content) VALUES ('one row')"), seconds=seconds)
        finally:
            cursor.execute(f"DROP TABLE {TABLE}")


def _posts(web: str, seconds: float) -> float:
    """The sum of ``AT_ONCE`` clients, each with a connection per request as browsers behind a proxy have."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        clients = [pool.submit(rate, lambda: _post(web), seconds=seconds, rounds=3) for _ in range(AT_ONCE)]
        return sum(client.result() for client in clients)


def _post(web: str) -> None:
    with closing(http.client.HTTPConnection(urlsplit(web).netloc, timeout=30)) as connection:
        connection.request("POST", "/api/v1/sessions", "{}", {"Content-Type": "application/json"})
        answer = connection.getresponse()
        answer.read()
        if answer.status != http.client.BAD_REQUEST:
            raise RuntimeError(f"expected a refusal, got {answer.status}")


def _jobs(count: int) -> float:
    """One worker of this process, as many jobs at a time as an operator's."""
    rounds = []
    for _ in range(3):
        nothing.batch_defer(*({} for _ in range(count)))
        with app.replace_connector(app.connector.get_worker_connector()) as worker:  # type: ignore[attr-defined]
            begun = time.perf_counter()
            worker.run_worker(queues=[QUEUE], wait=False, install_signal_handlers=False)
            rounds.append(count / (time.perf_counter() - begun))
    return median(rounds)
