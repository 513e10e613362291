"""Take dead letters up again, whichever box they died in."""

from __future__ import annotations

from uuid import UUID

from formlos.base.tenancy import Municipality, acting_for
from formlos.exchange.models import Outgoing, Received
from formlos.exchange.operations import inbox, outbox


class NoDeadLetter(LookupError):
    """No dead letter of the municipality has this id; list them with: formlos exchange dead AGS."""

    code = "no_dead_letter"


def replay(*, municipality: Municipality, letter: UUID) -> str:
    """Deliver or process a dead letter again; returns "delivering" or "processing". Raises ``NoDeadLetter``."""
    with acting_for(municipality):
        try:
            outbox.replay(outgoing_id=letter)
            return "delivering"
        except Outgoing.DoesNotExist:
            pass
        try:
            inbox.replay(received_id=letter)
            return "processing"
        except Received.DoesNotExist:
            raise NoDeadLetter(NoDeadLetter.__doc__) from None
