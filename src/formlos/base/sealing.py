"""Encryption with the node key (AES-256-GCM) for what lies in the database and must not be readable from it alone."""

from __future__ import annotations

import base64
import secrets
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

NONCE_BYTES = 12


def seal(plain: bytes, *, context: str) -> bytes:
    """Encrypt; ``context`` says what it is (such as a row's id) and must be the same when opening."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + _node_key(str(settings.NODE_KEY_FILE)).encrypt(nonce, plain, context.encode())


def unseal(sealed: bytes, *, context: str) -> bytes:
    """What was sealed. Raises ``cryptography.exceptions.InvalidTag`` for another context, key or content."""
    nonce, content = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
    return _node_key(str(settings.NODE_KEY_FILE)).decrypt(nonce, content, context.encode())


@lru_cache(maxsize=1)
def _node_key(path: str) -> AESGCM:
    return AESGCM(base64.b64decode(Path(path).read_text()))
