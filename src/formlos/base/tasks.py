"""Jobs that keep the queue itself healthy and seal the day."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from procrastinate import JobContext
from procrastinate.contrib.django import app

from formlos.base import clock, daily
from formlos.base.tenancy import Municipality, acting_for


@app.periodic(cron=settings.SWEEP_CRON)
@app.task(name="base.retry_stalled", queue="base", pass_context=True)
async def retry_stalled(context: JobContext, timestamp: int) -> None:
    """Put jobs of killed workers back into the queue; every job is safe to run twice."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=settings.STALLED_AFTER_SECONDS):
        await manager.retry_job(job)


@app.periodic(cron="10 0 * * *")
@app.task(name="base.seal_yesterday", queue="base", pass_context=False)
def seal_yesterday(timestamp: int) -> None:
    """Seal the journals of the day that ended, for every municipality."""
    for municipality in Municipality.objects.all():
        with acting_for(municipality):
            daily.seal_day(day=clock.today() - timedelta(days=1))
