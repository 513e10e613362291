"""Visits: how one begins, whoever vouched for the person; how it lasts and ends, here and on other devices."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog

from formlos.base import clock
from formlos.identity import tokens
from formlos.identity.models import Account, Session, TrustedIssuer
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


@dataclass(frozen=True)
class Running:
    """A visit that is under way somewhere. From where is not kept; ``here``: it is the one that asks."""

    begun_at: datetime
    provider: str
    here: bool


def running(*, token: str, purpose: str = PERSON) -> list[Running]:
    """The visits under way of whose token this is, the newest first. Raises ``NoSession``."""
    own = session_of(token, purpose)
    provider = TrustedIssuer.objects.filter(issuer=own.account.issuer).values_list("name", flat=True).first()
    found = Session.objects.filter(account=own.account, purpose=purpose, expires_at__gt=clock.now())
    return [
        Running(one.started_at, provider or own.account.issuer, one.token_digest == own.token_digest)
        for one in found.order_by("-started_at")
    ]


def end_other_sessions(*, token: str, purpose: str = PERSON) -> int:
    """End every visit of the same account but this one; returns how many there were. Raises ``NoSession``."""
    own = session_of(token, purpose)
    others = Session.objects.filter(account=own.account, purpose=purpose).exclude(token_digest=own.token_digest)
    ended, _ = others.delete()
    log.info("identity.sessions.ended", account=str(own.account.id), sessions=ended, purpose=purpose)
    return ended


def end_sessions_of(*, issuer: str, subject: str) -> int:
    """End every visit of an account, as a person and as staff, for the operator; returns how many there were."""
    ended, _ = Session.objects.filter(account__issuer=issuer, account__subject=subject).delete()
    log.info("identity.sessions.ended", sessions=ended)
    return ended
