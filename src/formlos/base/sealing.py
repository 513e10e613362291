"""Encryption with the node key (AES-256-GCM) for what lies in the database and must not be readable from it alone.

And marks: digests with a key derived from it, for what must be compared only.
"""

from __future__ import annotations

import base64
import hmac
import secrets
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
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


def mark(plain: str, *, context: str) -> str:
    """The same mark for the same text and context; who has only the database cannot guess what it is of."""
    key = _mark_key(str(settings.NODE_KEY_FILE))
    return hmac.digest(key, f"{context}/{plain}".encode(), "sha256").hex()


@lru_cache(maxsize=1)
def _node_key(path: str) -> AESGCM:
    return AESGCM(_bytes_of(path))


@lru_cache(maxsize=1)
def _mark_key(path: str) -> bytes:
    return HKDF(SHA256(), length=32, salt=None, info=b"formlos marks").derive(_bytes_of(path))


def _bytes_of(path: str) -> bytes:
    return base64.b64decode(Path(path).read_text())
