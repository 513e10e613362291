"""The job that forgets old reports."""

from __future__ import annotations

import structlog
from procrastinate.contrib.django import app

from formlos.base.tenancy import Municipality, acting_for
from formlos.feedback import operations

log = structlog.get_logger(__name__)


@app.periodic(cron="40 3 * * *")
@app.task(name="feedback.forget_old", queue="base", pass_context=False)
def forget_old(timestamp: int) -> None:
    """Each municipality on its own."""
    for municipality in Municipality.objects.all():
        try:
            with acting_for(municipality):
                operations.forget_old()
        except Exception:
            log.exception("feedback.forget.failed", municipality=municipality.ags)
