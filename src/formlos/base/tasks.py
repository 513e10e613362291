"""Jobs that keep the queue itself healthy and seal the day."""

from __future__ import annotations

import structlog
from django.conf import settings
from procrastinate import JobContext
from procrastinate.contrib.django import app

from formlos.base import daily, limits
from formlos.base.tenancy import Municipality, acting_for

log = structlog.get_logger(__name__)


@app.periodic(cron=settings.SWEEP_CRON)
@app.task(name="base.retry_stalled", queue="base", pass_context=True)
async def retry_stalled(context: JobContext, timestamp: int) -> None:
    """Put jobs of killed workers back into the queue; every job is safe to run twice."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=settings.STALLED_AFTER_SECONDS):
        await manager.retry_job(job)


@app.periodic(cron="10 * * * *")
@app.task(name="base.seal_past_days", queue="base", pass_context=False)
def seal_past_days(timestamp: int) -> None:
    """Seal the journals of the day that ended and of days that were missed, for every municipality on its own."""
    for municipality in Municipality.objects.all():
        try:
            with acting_for(municipality):
                daily.seal_past_days()
        except Exception:
            log.exception("base.seal.failed", municipality=municipality.ags)


@app.periodic(cron="*/10 * * * *")
@app.task(name="base.forget_tries", queue="base", pass_context=False)
def forget_tries(timestamp: int) -> None:
    """Forget tries that limit nobody any more."""
    limits.forget_over()
