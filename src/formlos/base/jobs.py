"""Background jobs: enqueued in the transaction that causes them, run for the municipality they carry.

What belongs to no municipality, such as signing in, is a ``node_task``.

A job takes ids, is safe to run twice, and opens its own short transactions by ``tenancy.within()``.
Its arguments only ever gain optional fields, because old jobs may still wait in the queue.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog
from procrastinate import BaseRetryStrategy, RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.manager import JobManager

from formlos.base import clock
from formlos.base.tenancy import Municipality, acting_for, current_municipality_id

log = structlog.get_logger(__name__)
type_of_job = Callable[..., None]
_queue = JobManager(DjangoConnector(alias="default"))
_in_job: ContextVar[bool] = ContextVar("in_job", default=False)
PATIENT = RetryStrategy(max_attempts=12, exponential_wait=2)


def task(
    *, name: str, queue: str = "default", retry: BaseRetryStrategy | None = PATIENT
) -> Callable[[type_of_job], type_of_job]:
    """Declare a job. The function stays callable as it is; ``defer`` sends it to a worker."""

    def declare(function: type_of_job) -> type_of_job:
        def run(*, municipality: str, **arguments: Any) -> None:
            with _marked(), acting_for(UUID(municipality)):
                function(**arguments)

        run.__doc__ = function.__doc__
        function.job = app.task(name=name, queue=queue, retry=retry)(run)  # type: ignore[attr-defined]
        return function

    return declare


def node_task(
    *, name: str, queue: str = "default", retry: BaseRetryStrategy | None = PATIENT
) -> Callable[[type_of_job], type_of_job]:
    """Declare a job of the whole node, which carries no municipality; ``defer_for_node`` sends it to a worker."""

    def declare(function: type_of_job) -> type_of_job:
        def run(**arguments: Any) -> None:
            with _marked():
                function(**arguments)

        run.__doc__ = function.__doc__
        function.job = app.task(name=name, queue=queue, retry=retry)(run)  # type: ignore[attr-defined]
        return function

    return declare


def for_every_town(*, name: str, cron: str, queue: str = "base") -> Callable[[Callable[[], None]], Callable[..., None]]:
    """Declare a periodic job that does a thing in each municipality on its own: where it fails, the others go on."""

    def declare(function: Callable[[], None]) -> Callable[..., None]:
        def run(timestamp: int = 0) -> None:
            for municipality in Municipality.objects.all():
                try:
                    with _marked(), acting_for(municipality):
                        function()
                except Exception:
                    log.exception(f"{name}.failed", municipality=municipality.ags)

        run.__doc__ = function.__doc__
        app.periodic(cron=cron)(app.task(name=name, queue=queue, pass_context=False)(run))
        return run

    return declare


@contextmanager
def _marked() -> Iterator[None]:
    token = _in_job.set(True)
    try:
        yield
    finally:
        _in_job.reset(token)


def in_job() -> bool:
    """Whether this code runs in a worker. Only there may it call out; a web process defers instead."""
    return _in_job.get()


def defer(function: type_of_job, *, priority: int = 0, at: datetime | None = None, **arguments: Any) -> None:
    """Enqueue a declared job in the running transaction; ``at`` (aware) delays it, higher priority goes first."""
    _enqueue(function, priority, at, municipality=str(current_municipality_id()), **arguments)


def defer_for_node(function: type_of_job, *, priority: int = 0, at: datetime | None = None, **arguments: Any) -> None:
    """Enqueue a ``node_task`` in the running transaction, like ``defer``."""
    _enqueue(function, priority, at, **arguments)


def _enqueue(function: type_of_job, priority: int, at: datetime | None, **arguments: Any) -> None:
    due = at - clock.ahead() if at else None  # the queue asks the database server for the time
    job = function.job.configure(priority=priority, schedule_at=due)  # type: ignore[attr-defined]
    job.job_manager = _queue  # a worker's own connector would enqueue outside the transaction
    job.defer(**arguments)
