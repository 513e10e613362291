"""Visits: how one begins, whoever vouched for the person; how it lasts and ends."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import structlog

from formlos.base import clock
from formlos.identity import tokens
from formlos.identity.models import Account, Session
from formlos.identity.queries import PERSON, session_of

log = structlog.get_logger(__name__)
LIFETIME = timedelta(minutes=30)
LONGEST_LIFE = timedelta(hours=8)


def begin_session(
    *, issuer: str, subject: str, level: str, facts: Mapping[str, Any], purpose: str = PERSON, provider: str = ""
) -> str:
    """Open a session for the account of this subject, made if need be, and return its token.

    ``issuer`` is trusted already and ``facts`` are checked; ``provider`` is the key of an OpenID Connect provider.
    """
    now, token = clock.now(), tokens.new_token()
    account, _ = Account.objects.get_or_create(
        issuer=issuer, subject=subject, defaults={"seed": secrets.token_bytes(32), "created_at": now}
    )
    Session.objects.create(
        token_digest=tokens.digest_of(token),
        account=account,
        purpose=purpose,
        provider=provider,
        level=level,
        sealed_facts=tokens.seal_facts(token, facts),
        started_at=now,
        expires_at=now + LIFETIME,
    )
    log.info("identity.session.begun", account=str(account.id), level=level, purpose=purpose)
    return token


def prolong_session(*, token: str, purpose: str = PERSON) -> datetime:
    """Give the person another 30 minutes, up to eight hours in all; returns the new end. Raises ``NoSession``."""
    session = session_of(token, purpose)
    session.expires_at = min(clock.now() + LIFETIME, session.started_at + LONGEST_LIFE)
    session.save(update_fields=["expires_at"])
    return session.expires_at


def end_session(*, token: str) -> None:
    """Forget the session and all that was known in it."""
    Session.objects.filter(token_digest=tokens.digest_of(token)).delete()
