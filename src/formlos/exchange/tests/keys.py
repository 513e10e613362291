"""Keys and messages for tests of the pure parts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey, generate_private_key
from joserfc.jwk import ECKey

from formlos.exchange.envelope import Message
from formlos.exchange.jose import SigningKey

MUNICH, STUTTGART, ULM = "09162000", "08111000", "08421000"
NOON = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
ENTRY = "sha256:" + "0" * 64


@dataclass(frozen=True)
class Pair:
    """A key pair under a name."""

    kid: str
    private: EllipticCurvePrivateKey

    @property
    def signing(self) -> SigningKey:
        return SigningKey(self.kid, self.private)

    @property
    def jwk(self) -> dict[str, Any]:
        return dict(ECKey.import_key(self.private).as_dict(private=False))


def pair(kid: str) -> Pair:
    return Pair(kid, generate_private_key(SECP256R1()))


def message(**changes: Any) -> Message:
    usual: dict[str, Any] = {
        "id": UUID("0195f000-0000-7000-8000-000000000001"),
        "sender": MUNICH,
        "receiver": STUTTGART,
        "kind": "xmeld:1703",
        "purpose": "Vorausgefüllter Meldeschein",
        "norm": "§ 23 Abs. 3 BMG",
        "reply_to": UUID("0195f000-0000-7000-8000-000000000000"),
        "body": {"treffer": "vollstaendig", "personen": {"a": {"familienname": "Müller-Øster"}}},
    }
    return Message(**(usual | changes))
