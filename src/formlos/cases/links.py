"""Tokens of links: they follow from the invitation and the node's file ``secrets/links`` and are stored nowhere.

So the person who made a link can be shown it again, while the database keeps only a digest of it.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from functools import lru_cache
from uuid import UUID

from django.conf import settings

from formlos.base.secret_files import read_or_create, secret_folder


def token_of(invitation_id: UUID) -> str:
    """256 bits that nobody can guess, for use in an address."""
    value = hmac.digest(_secret(str(settings.HOME)), f"formlos.cases.link/{invitation_id}".encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(value).decode().rstrip("=")


def digest_of(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


@lru_cache(maxsize=1)
def _secret(home: str) -> bytes:
    return read_or_create(secret_folder(home) / "links").encode()
