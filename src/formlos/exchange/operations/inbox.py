"""The inbox: check, keep once, answer with a receipt; later process once.

The endpoint only checks and stores. What the message causes happens in a job, under a lock on its row.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import structlog
from django.db import IntegrityError
from django.db.models import F

from formlos.base import clock, messages
from formlos.base.jobs import defer
from formlos.base.messages import Incoming
from formlos.base.tenancy import Municipality, within
from formlos.exchange import queries
from formlos.exchange.codec import JSON
from formlos.exchange.directory import Directory, Entry
from formlos.exchange.envelope import SIGNED, Opened, open_envelope
from formlos.exchange.jose import Signed
from formlos.exchange.models import Received
from formlos.exchange.policy import policy
from formlos.exchange.receipts import Receipt, sign_receipt
from formlos.exchange.refusals import DirectoryMismatch, NotForUs, ReplayConflict, UnknownKind, UnknownSender

log = structlog.get_logger(__name__)
SOON = 5


def receive(*, envelope: bytes, municipality: Municipality) -> str:
    """Check and store one envelope and return the signed receipt; a known message gets its receipt again.

    Raises a ``Refusal``; a known id with other content is recorded as an alarm before it is refused.
    """
    try:
        stored, receipt = _receive(envelope, municipality, known=False)
    except IntegrityError:  # seldom: looking for every message first would cost more
        stored, receipt = _receive(envelope, municipality, known=True)
    if receipt is None:
        log.error("exchange.alarm.replay_conflict", message=str(stored.message_id), sender=stored.sender)
        raise ReplayConflict(f"message {stored.message_id} is known with other content")
    log.info("exchange.received", message=str(stored.message_id), sender=stored.sender, kind=stored.kind)
    return receipt


def _receive(envelope: bytes, municipality: Municipality, *, known: bool) -> tuple[Received, str | None]:
    now = clock.now()
    with within(municipality):
        directory = queries.current_directory()
        ours = directory.entry(municipality.ags)
        if ours is None:
            raise NotForUs(f"{municipality.name} is not in directory {directory.serial}")
        opened = open_envelope(
            envelope,
            receiver=municipality.ags,
            decryption_key=queries.decryption_key,
            sender_key=lambda ags, kid: _sender_key(directory, ags, kid, now),
            now=now,
        )
        _check_entry_and_kind(opened, ours)
        if known:
            stored = Received.objects.get(sender=opened.message.sender, message_id=opened.message.id)
        else:
            stored = _store(opened, sender_name=directory.entries[opened.message.sender].name, now=now)
        if stored.digest != opened.message.digest:
            Received.objects.filter(id=stored.id).update(conflicts=F("conflicts") + 1, last_conflict_at=now)
            return stored, None
        key = queries.signing_key(ours, now)
        state = "duplicate" if known else "accepted"
        return stored, sign_receipt(_receipt(stored, municipality.ags, state), key=key)


def _sender_key(directory: Directory, ags: str, kid: str, now: datetime) -> Any:
    entry = directory.entry(ags)
    if entry is None:
        raise UnknownSender(f"directory {directory.serial} has no entry {ags!r}")
    key = entry.key_by_kid(kid, use="sig", moment=now)
    return key.jwk if key else None


def _check_entry_and_kind(opened: Opened, ours: Entry) -> None:
    if opened.directory_entry != ours.digest and not queries.is_entry_of(ours.ags, opened.directory_entry):
        raise DirectoryMismatch("sealed with a directory entry of ours that is not known here; compare the serials")
    kind = opened.message.kind
    if kind not in ours.services or messages.handler_for(kind) is None:
        raise UnknownKind(f"{ours.name} does not take {kind}")


def _store(opened: Opened, *, sender_name: str, now: datetime) -> Received:
    from formlos.exchange import tasks  # tasks load operations

    message = opened.message
    stored = Received.objects.create(
        sender=message.sender,
        sender_name=sender_name,
        message_id=message.id,
        kind=message.kind,
        purpose=message.purpose,
        norm=message.norm,
        reply_to=message.reply_to,
        issued=opened.issued,
        digest=message.digest,
        signed=opened.signed,
        received_at=now,
        next_attempt_at=now,
    )
    defer(tasks.process, received_id=str(stored.id), priority=SOON)
    return stored


def _receipt(stored: Received, receiver: str, state: str) -> Receipt:
    return Receipt(stored.message_id, stored.sender, receiver, stored.digest, state, stored.received_at)


def process(*, received_id: UUID) -> None:
    """Hand a stored message to its handler, exactly once; a failing handler is tried again later."""
    try:
        _process(received_id)
    except Exception as error:
        log.exception("exchange.processing.failed", received=str(received_id))
        _record_failure(received_id, problem=type(error).__name__)


def _process(received_id: UUID) -> None:
    with within():
        row = Received.objects.select_for_update().get(id=received_id)
        if row.state != Received.State.WAITING:
            return
        handler = messages.handler_for(row.kind)
        if handler is None:
            raise UnknownKind(row.kind)
        handler(_incoming(row))
        row.state, row.processed_at = Received.State.PROCESSED, clock.now()
        row.save(update_fields=["state", "processed_at"])


def _incoming(row: Received) -> Incoming:
    body = JSON.decode(Signed(row.signed, typ=SIGNED).payload)["body"]
    return Incoming(
        id=row.message_id,
        kind=row.kind,
        sender_ags=row.sender,
        sender_name=row.sender_name,
        purpose=row.purpose,
        norm=row.norm,
        reply_to=row.reply_to,
        issued=row.issued,
        body=body,
    )


def _record_failure(received_id: UUID, *, problem: str) -> None:
    from formlos.exchange import tasks

    now = clock.now()
    with within():
        row = Received.objects.select_for_update().get(id=received_id)
        row.attempts, row.problem = row.attempts + 1, problem
        if row.attempts >= policy().process_most_attempts:
            row.state = Received.State.DEAD
            messages.report_dead_received(row.reply_to, row.kind, row.sender)
            log.error("exchange.processing.dead", received=str(row.id), problem=problem)
        else:
            row.next_attempt_at = now + policy().wait(row.attempts)
            defer(tasks.process, received_id=str(row.id), priority=SOON, at=row.next_attempt_at)
        row.save(update_fields=["attempts", "problem", "state", "next_attempt_at"])


def replay(*, received_id: UUID) -> None:
    """Process a dead letter again, with fresh patience. Raises ``Received.DoesNotExist`` unless it is dead."""
    from formlos.exchange import tasks

    with within():
        row = Received.objects.select_for_update().get(id=received_id, state=Received.State.DEAD)
        row.state, row.attempts, row.next_attempt_at = (Received.State.WAITING, 0, clock.now())
        row.save(update_fields=["state", "attempts", "next_attempt_at"])
        defer(tasks.process, received_id=str(row.id), priority=SOON)
