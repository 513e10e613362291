"""Jobs that keep the queue itself healthy and seal the day."""

from __future__ import annotations

from django.conf import settings
from procrastinate import JobContext
from procrastinate.contrib.django import app

from formlos.base import daily, limits
from formlos.base.jobs import for_every_town


@app.periodic(cron=settings.SWEEP_CRON)
@app.task(name="base.retry_stalled", queue="base", pass_context=True)
async def retry_stalled(context: JobContext, timestamp: int) -> None:
    """Put jobs of killed workers back into the queue; every job is safe to run twice."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=settings.STALLED_AFTER_SECONDS):
        await manager.retry_job(job)


@for_every_town(name="base.seal_past_days", cron="10 * * * *")
def seal_past_days() -> None:
    """Seal the journals of the day that ended and of days that were missed."""
    daily.seal_past_days()


@app.periodic(cron="*/10 * * * *")
@app.task(name="base.forget_tries", queue="base", pass_context=False)
def forget_tries(timestamp: int) -> None:
    """Forget tries that limit nobody any more."""
    limits.forget_over()
