"""Delivery: read what waits, close the transaction, seal and post, then write down what came of it.

No transaction and no lock is held while another municipality is asked. If a worker dies between the post
and the note of its success, the message is posted again after its lease, and the receiver knows it by its id.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import structlog

from formlos.base import clock
from formlos.base.keys import NoKey
from formlos.base.tenancy import current_municipality, within
from formlos.exchange import queries, transport
from formlos.exchange.directory import Entry
from formlos.exchange.envelope import Message, seal
from formlos.exchange.jose import SigningKey
from formlos.exchange.models import Outgoing
from formlos.exchange.operations.results import record_delivery, record_failure
from formlos.exchange.policy import policy
from formlos.exchange.receipts import receipt_key, verify_receipt
from formlos.exchange.refusals import BadReceipt, Refusal, UnknownReceiver

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Ready:
    """A message with all that is needed to seal it."""

    message: Message
    key: SigningKey
    receiver: Entry


class NoOwnKey(Refusal):
    """The sender cannot sign: the directory does not list it, or lists a key that it does not hold."""

    code = "no_own_key"


def deliver_fresh(*, reference: str) -> None:
    """Deliver what waits for this reference and was never tried. Outside transactions."""
    with within():
        fresh = Outgoing.objects.filter(reference=reference, state=Outgoing.State.WAITING, attempts=0)
        prepared = [(row, prepare(_message(row))) for row in fresh.order_by("created_at")]
    for row, ready in prepared:
        deliver(row, ready)


def deliver_due(*, outgoing_id: UUID) -> None:
    """Deliver one message if it is due and nobody else has taken it. Outside transactions."""
    now = clock.now()
    lease = now + timedelta(seconds=policy().lease)
    with within():
        due = Outgoing.objects.filter(id=outgoing_id, state=Outgoing.State.WAITING, next_attempt_at__lte=now)
        if not due.update(next_attempt_at=lease):
            return
        row = Outgoing.objects.get(id=outgoing_id)
        ready = prepare(_message(row))
    deliver(row, ready)


def prepare(message: Message) -> Ready | Refusal:
    """Look up directory and keys for a message; what is missing is the refusal. Inside ``within()``."""
    try:
        if current_municipality().settings.get(queries.OFF):
            return transport.Postponed(f"{message.sender} is off the exchange")
        directory = queries.current_directory()
        ours, theirs = directory.entry(message.sender), directory.entry(message.receiver)
        if ours is None:
            return NoOwnKey(f"directory {directory.serial} has no entry {message.sender}")
        if theirs is None:
            return UnknownReceiver(f"directory {directory.serial} has no entry {message.receiver}")
        return Ready(message, queries.signing_key(ours, clock.now()), theirs)
    except Refusal as refusal:
        return refusal
    except NoKey as error:
        return NoOwnKey(str(error))


def deliver(row: Outgoing, ready: Ready | Refusal) -> None:
    """Post a prepared message and write down what came of it. Outside transactions."""
    try:
        if isinstance(ready, Refusal):
            raise ready
        receipt = _exchange(ready)
    except transport.Postponed as refusal:
        record_failure(row, refusal, retry_after=refusal.retry_after)
    except Refusal as refusal:
        record_failure(row, refusal)
    else:
        record_delivery(row, receipt=receipt)


def _message(row: Outgoing) -> Message:
    sender = queries.own_ags()
    return Message(row.id, sender, row.receiver, row.kind, row.purpose, row.norm, row.reply_to, row.body)


def _exchange(ready: Ready) -> str:
    """Seal, post, verify the receipt; returns it. Raises a ``Refusal``."""
    now, message, receiver = clock.now(), ready.message, ready.receiver
    encryption = receiver.key(use="enc", moment=now)
    if encryption is None:
        raise UnknownReceiver(f"the directory lists no key of {receiver.name} to encrypt to now")
    envelope = seal(
        message,
        key=ready.key,
        receiver_kid=encryption.kid,
        receiver_jwk=encryption.jwk,
        directory_entry=receiver.digest,
        issued=now,
        lifetime=policy().envelope_lifetime,
    )
    receipt = transport.post(receiver.endpoint, envelope)
    signature = receiver.key_by_kid(receipt_key(receipt), use="sig", moment=now)
    if signature is None:
        raise BadReceipt("the receipt is signed with a key that the directory does not list for the receiver")
    verify_receipt(receipt, jwk=signature.jwk, message_id=message.id, digest=message.digest, receiver=message.receiver)
    return receipt
