"""The job that forgets old reports."""

from __future__ import annotations

from formlos.base.jobs import for_every_town
from formlos.feedback import operations


@for_every_town(name="feedback.forget_old", cron="40 3 * * *")
def forget_old() -> None:
    operations.forget_old()
