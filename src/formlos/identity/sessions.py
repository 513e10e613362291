"""Visits: how one begins, whoever vouched for the person; how it lasts and ends."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import structlog

from formlos.base import clock
from formlos.identity import tokens
from formlos.identity.models import Account, Session
from formlos.identity.queries import PERSON, STAFF, Identity, StaffIdentity, identity_of, session_of, staff_identity_of

log = structlog.get_logger(__name__)
LIFETIME = timedelta(minutes=30)
LONGEST_LIFE = timedelta(hours=8)
WORTH_WRITING = timedelta(minutes=1)  # a page that only reads should not have to write as well


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


def visiting(*, token: str) -> Identity:
    """The person of a running session, which lasts another 30 minutes from now, up to eight hours in all.

    Raises ``NoSession``.
    """
    return identity_of(_prolonged(token, PERSON), token=token)


def working(*, token: str) -> StaffIdentity:
    """The same for a session of the staff."""
    return staff_identity_of(_prolonged(token, STAFF))


def _prolonged(token: str, purpose: str) -> Session:
    session = session_of(token, purpose)
    until = min(clock.now() + LIFETIME, session.started_at + LONGEST_LIFE)
    if until - session.expires_at >= WORTH_WRITING:
        session.expires_at = until
        session.save(update_fields=["expires_at"])
    return session


def end_session(*, token: str) -> None:
    """Forget the session and all that was known in it."""
    Session.objects.filter(token_digest=tokens.digest_of(token)).delete()
