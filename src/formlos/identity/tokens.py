"""Session tokens: 256 random bits. The node keeps a digest to find the session by, and what the token opens."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from formlos.law.canonical import canonical_bytes

NONCE_BYTES = 12


def new_token() -> str:
    return secrets.token_urlsafe(32)


def digest_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def seal_facts(token: str, facts: Mapping[str, Any]) -> bytes:
    """Encrypt facts so that only the bearer of the token can read them."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + _cipher(token).encrypt(nonce, canonical_bytes(facts), None)


def open_facts(token: str, sealed: bytes) -> dict[str, Any]:
    facts: dict[str, Any] = json.loads(_cipher(token).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], None))
    return facts


def _cipher(token: str) -> AESGCM:
    return AESGCM(hmac.digest(token.encode(), b"formlos session facts", "sha256"))
