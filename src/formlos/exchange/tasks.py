"""Jobs of the exchange, and the sweep that finds what nobody is working on."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from procrastinate.contrib.django import app

from formlos.base import clock
from formlos.base.jobs import defer, task
from formlos.base.tenancy import Municipality, within
from formlos.exchange.models import Outgoing, Received
from formlos.exchange.operations import delivery, inbox
from formlos.exchange.operations.results import URGENT
from formlos.exchange.policy import policy

AT_MOST = 200


@task(name="exchange.deliver", queue="exchange")
def deliver(*, outgoing_id: str) -> None:
    """Deliver one message if it is due."""
    delivery.deliver_due(outgoing_id=UUID(outgoing_id))


@task(name="exchange.process", queue="exchange")
def process(*, received_id: str) -> None:
    """Hand one received message to its handler."""
    inbox.process(received_id=UUID(received_id))


@app.periodic(cron=settings.SWEEP_CRON)
@app.task(name="exchange.sweep", queue="exchange", pass_context=False)
def sweep(timestamp: int) -> None:
    """Take up messages of every municipality that are overdue: their worker was killed or their job was lost."""
    for municipality in Municipality.objects.all():
        with within(municipality):
            take_up_overdue()


def take_up_overdue() -> None:
    """Enqueue jobs for messages of the municipality that are late by more than a lease. Inside ``within()``."""
    now = clock.now()
    overdue = {"state": "waiting", "next_attempt_at__lt": now - timedelta(seconds=policy().lease)}
    for model, job, name in ((Outgoing, deliver, "outgoing_id"), (Received, process, "received_id")):
        late = list(model.objects.filter(**overdue).order_by("next_attempt_at").values_list("id", flat=True)[:AT_MOST])
        model.objects.filter(id__in=late).update(next_attempt_at=now)
        for found in late:
            defer(job, priority=URGENT, **{name: str(found)})
