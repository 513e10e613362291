"""The outbox: a message is stored in the transaction that decides to send it, and leaves after the commit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from formlos.base import clock
from formlos.base.ids import new_id
from formlos.base.jobs import defer
from formlos.base.tenancy import within
from formlos.exchange.envelope import LARGEST_CONTENT, Message
from formlos.exchange.models import Outgoing
from formlos.exchange.operations.results import URGENT
from formlos.exchange.queries import own_ags
from formlos.exchange.refusals import TooLarge
from formlos.law.canonical import canonical_bytes, to_plain

CIRCUMSTANCES = 1024  # bytes that sealing adds to the content


def send(
    *,
    kind: str,
    receiver_ags: str,
    body: Mapping[str, Any],
    purpose: str,
    norm: str,
    reply_to: UUID | None = None,
    reference: str | None = None,
) -> UUID:
    """Store a message in the running transaction and return its id.

    Whoever sends lets a job deliver it after the commit (``messages.deliver_pending``); a message that nobody
    delivers is found by the sweeper. ``body`` is anything with a canonical form. Raises ``TooLarge``.
    """
    message = Message(new_id(), own_ags(), receiver_ags, kind, purpose, norm, reply_to, to_plain(body))
    if len(canonical_bytes(message.content())) > LARGEST_CONTENT - CIRCUMSTANCES:
        raise TooLarge(f"a message holds at most {LARGEST_CONTENT} bytes")
    now = clock.now()
    Outgoing.objects.create(
        id=message.id,
        receiver=message.receiver,
        kind=message.kind,
        purpose=message.purpose,
        norm=message.norm,
        reply_to=message.reply_to,
        reference=reference,
        body=message.body,
        digest=message.digest,
        created_at=now,
        patient_since=now,
        next_attempt_at=now,
    )
    return message.id


def replay(*, outgoing_id: UUID) -> None:
    """Take a dead letter up again, with fresh patience. Raises ``Outgoing.DoesNotExist`` unless it is dead."""
    from formlos.exchange import tasks

    now = clock.now()
    with within():
        row = Outgoing.objects.select_for_update().get(id=outgoing_id, state=Outgoing.State.DEAD)
        row.state, row.attempts, row.problem = Outgoing.State.WAITING, 0, ""
        row.patient_since, row.refused_since, row.next_attempt_at = now, None, now
        row.save()
        defer(tasks.deliver, outgoing_id=str(row.id), priority=URGENT)
