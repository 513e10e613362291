"""The receiver's signed answer: this message, with this content, is safely stored here (compare XInneres 0020)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from formlos.exchange import jose
from formlos.exchange.codec import JSON
from formlos.exchange.jose import SigningKey
from formlos.exchange.refusals import BadReceipt, Refusal

SIGNED = "formlos-receipt+jws"
STATES = ("accepted", "duplicate")


@dataclass(frozen=True)
class Receipt:
    """``received_at`` is when the message first arrived; a duplicate gets the same moment and digest again."""

    message_id: UUID
    sender: str
    receiver: str
    digest: str
    state: str
    received_at: datetime


def sign_receipt(receipt: Receipt, *, key: SigningKey) -> str:
    content = {
        "message_id": str(receipt.message_id),
        "sender": receipt.sender,
        "receiver": receipt.receiver,
        "digest": receipt.digest,
        "state": receipt.state,
        "received_at": receipt.received_at.astimezone(UTC).isoformat(),
    }
    return jose.sign(JSON.encode(content), key=key, typ=SIGNED)


def receipt_key(token: str) -> str:
    """The id of the key that a receipt names; raises ``BadReceipt``."""
    return _signed(token).kid


def verify_receipt(token: str, *, jwk: Mapping[str, Any], message_id: UUID, digest: str, receiver: str) -> Receipt:
    """The receipt, once it is proved to be the receiver's for exactly this message; raises ``BadReceipt``."""
    try:
        content = JSON.decode(_signed(token).verify(jwk))
        receipt = Receipt(
            message_id=UUID(content["message_id"]),
            sender=str(content["sender"]),
            receiver=str(content["receiver"]),
            digest=str(content["digest"]),
            state=str(content["state"]),
            received_at=datetime.fromisoformat(content["received_at"]),
        )
    except (Refusal, KeyError, ValueError, TypeError, AttributeError) as error:
        raise BadReceipt("not a receipt signed by the receiver") from error
    if (receipt.message_id, receipt.digest, receipt.receiver) != (message_id, digest, receiver):
        raise BadReceipt("a receipt for another message")
    if receipt.state not in STATES:
        raise BadReceipt(f"unknown state {receipt.state!r}")
    return receipt


def _signed(token: str) -> jose.Signed:
    try:
        return jose.Signed(token, typ=SIGNED)
    except Refusal as error:
        raise BadReceipt("no receipt in the answer") from error
