"""Jobs of identity: forget what is over, keep what providers publish fresh, exchange codes (in ``oidc.exchanging``)."""

from __future__ import annotations

from procrastinate.contrib.django import app

from formlos.identity import hints
from formlos.identity.oidc import exchanging, providers
from formlos.identity.operations import forget_expired

__all__ = ["exchanging"]  # imported for the job that it declares


@app.periodic(cron="*/10 * * * *")
@app.task(name="identity.sweep_hints", queue="identity", pass_context=False)
def sweep_hints(timestamp: int) -> None:
    """Find messages that nobody sent, because a worker died or the mail server was away for long."""
    hints.send_left_behind()


@app.periodic(cron="*/10 * * * *")
@app.task(name="identity.forget_expired", queue="base", pass_context=False)
def forget(timestamp: int) -> None:
    """Forget what is over; running twice forgets nothing more."""
    forget_expired()


@app.periodic(cron="40 * * * *")
@app.task(name="identity.refresh_providers", queue="identity", pass_context=False)
def refresh_providers(timestamp: int) -> None:
    """Fetch discovery documents and keys that are older than a day."""
    providers.refresh_old()
