"""Jobs of lists."""

from __future__ import annotations

from uuid import UUID

from procrastinate.contrib.django import app

from formlos.base.jobs import task
from formlos.base.tenancy import Municipality, acting_for


@task(name="landlords.confirm_rows", queue="cases")
def confirm_rows(*, batch_id: str) -> None:
    """Confirm a list's rows, each in its own transaction; a second run goes on where the first one ended."""
    from formlos.landlords import operations  # it enqueues this job

    while operations.confirm_next_row(UUID(batch_id)):
        pass


@app.periodic(cron="40 3 * * *")
@app.task(name="landlords.tidy", queue="base", pass_context=False)
def tidy(timestamp: int) -> None:
    """Forget old lists in every municipality."""
    from formlos.landlords import operations

    for municipality in Municipality.objects.all():
        with acting_for(municipality):
            operations.tidy()
