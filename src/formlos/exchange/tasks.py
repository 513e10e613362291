"""Jobs of the exchange, and the sweep that finds what nobody is working on."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import structlog
from django.conf import settings
from django.db.models import Exists, OuterRef, UUIDField
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from procrastinate.contrib.django.models import ProcrastinateJob

from formlos.base import clock
from formlos.base.jobs import defer, for_every_town, task
from formlos.base.tenancy import within
from formlos.exchange.models import Outgoing, Received
from formlos.exchange.operations import delivery, inbox
from formlos.exchange.operations.results import IN_TURN
from formlos.exchange.policy import policy

log = structlog.get_logger(__name__)
AT_MOST = 200


@task(name="exchange.deliver", queue="exchange")
def deliver(*, outgoing_id: str) -> None:
    """Deliver one message if it is due."""
    delivery.deliver_due(outgoing_id=UUID(outgoing_id))


@task(name="exchange.process", queue="exchange")
def process(*, received_id: str) -> None:
    """Hand one received message to its handler."""
    inbox.process(received_id=UUID(received_id))


@for_every_town(name="exchange.sweep", cron=settings.SWEEP_CRON, queue="exchange")
def sweep() -> None:
    """Take up messages that are overdue and that no job is about."""
    with within():
        take_up_overdue()


def take_up_overdue() -> None:
    """Enqueue jobs for messages of the municipality that are late by more than a lease. Inside ``within()``.

    A message whose job still waits in a long queue, or runs, or comes back from a killed worker, is not lost: a second
    job would only make the queue longer. What is being worked on is not waited for.
    """
    now = clock.now()
    overdue = {"state": "waiting", "next_attempt_at__lt": now - timedelta(seconds=policy().lease)}
    for model, job, name in ((Outgoing, deliver, "outgoing_id"), (Received, process, "received_id")):
        rows = model.objects.filter(~Exists(_jobs_about(OuterRef("id"), job, name)), **overdue).order_by(
            "next_attempt_at"
        )
        lost = list(rows.select_for_update(skip_locked=True).values_list("id", flat=True)[:AT_MOST])
        for found in lost:
            defer(job, priority=IN_TURN, **{name: str(found)})


def _jobs_about(message: OuterRef, job: Any, name: str) -> Any:
    jobs = ProcrastinateJob.objects.filter(task_name=job.job.name, status__in=("todo", "doing"))
    return jobs.annotate(message=Cast(KeyTextTransform(name, "args"), UUIDField())).filter(message=message)
