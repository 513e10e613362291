"""Jobs of identity: sessions and used assertions that are over are forgotten."""

from __future__ import annotations

from procrastinate.contrib.django import app

from formlos.identity.operations import forget_expired


@app.periodic(cron="*/10 * * * *")
@app.task(name="identity.forget_expired", queue="base", pass_context=False)
def forget(timestamp: int) -> None:
    """Forget what is over; running twice forgets nothing more."""
    forget_expired()
