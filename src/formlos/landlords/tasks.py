"""Jobs of lists."""

from __future__ import annotations

from uuid import UUID

from formlos.base.jobs import for_every_town, task


@task(name="landlords.confirm_rows", queue="cases")
def confirm_rows(*, batch_id: str) -> None:
    """Confirm a list's rows, each in its own transaction; a second run goes on where the first one ended."""
    from formlos.landlords import operations  # it enqueues this job

    while operations.confirm_next_row(UUID(batch_id)):
        pass


@for_every_town(name="landlords.tidy", cron="40 3 * * *")
def tidy() -> None:
    """Forget old lists."""
    from formlos.landlords import operations

    operations.tidy()
