"""Messages between municipalities, as seen from the rooms that send and receive them.

``exchange`` carries them and registers itself as the carrier; ``cases`` registers what happens with
incoming ones. Neither imports the other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True)
class Incoming:
    """A message that passed every check of the exchange. ``body`` is JSON data as the sender wrote it."""

    id: UUID
    kind: str
    sender_ags: str
    sender_name: str
    purpose: str
    norm: str
    reply_to: UUID | None
    issued: datetime
    body: Mapping[str, Any]


Handler = Callable[[Incoming], None]
Send = Callable[..., UUID]
Deliver = Callable[..., None]
Outcome = Callable[[UUID, str | None, str, Mapping[str, Any]], None]
DeadReceived = Callable[[UUID | None, str, str], None]

_handlers: dict[str, Handler] = {}
_fallback: list[Handler] = []
_outcomes: list[Outcome] = []
_dead_received: list[DeadReceived] = []
_carrier: dict[str, Callable[..., Any]] = {}


def handler(kind: str) -> Callable[[Handler], Handler]:
    """Register what to do with incoming messages of a kind; it runs in a job, once per message."""

    def register(function: Handler) -> Handler:
        _handlers[kind] = function
        return function

    return register


def any_other(function: Handler) -> Handler:
    """Register what to do with kinds that have no handler of their own."""
    _fallback[:] = [function]
    return function


def handler_for(kind: str) -> Handler | None:
    return _handlers.get(kind) or (_fallback[0] if _fallback else None)


def on_outcome(function: Outcome) -> Outcome:
    """Register who hears ``(message id, reference, state, detail)`` when delivery ends."""
    _outcomes.append(function)
    return function


def report_outcome(message_id: UUID, reference: str | None, state: str, detail: Mapping[str, Any]) -> None:
    for function in _outcomes:
        function(message_id, reference, state, detail)


def on_dead_received(function: DeadReceived) -> DeadReceived:
    """Register who hears ``(reply_to, kind, sender's AGS)`` of a received message that could not be processed.

    It is called in the transaction that gives the message up; ``reply_to`` is the id of our message that it answers.
    """
    _dead_received.append(function)
    return function


def report_dead_received(reply_to: UUID | None, kind: str, sender_ags: str) -> None:
    for function in _dead_received:
        function(reply_to, kind, sender_ags)


def carry_by(*, send: Send, deliver: Deliver) -> None:
    """Called by the exchange: ``send`` stores in the outbox, ``deliver`` tries at once after commit."""
    _carrier.update(send=send, deliver=deliver)


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
    """Put a message into the outbox in the running transaction and return its id."""
    return _carrier["send"](
        kind=kind,
        receiver_ags=receiver_ags,
        body=body,
        purpose=purpose,
        norm=norm,
        reply_to=reply_to,
        reference=reference,
    )


def deliver_pending(*, reference: str) -> None:
    """Try to deliver what waits in the outbox for this reference; call outside any transaction."""
    _carrier["deliver"](reference=reference)
