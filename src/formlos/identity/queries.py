"""Who is behind a session token."""

from __future__ import annotations

import base64
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from formlos.base import clock
from formlos.identity import tokens
from formlos.identity.models import Session, TrustedIssuer

PERSON, STAFF = "person", "staff"


class NoSession(Exception):
    """There is no such session, or it is over: identify again."""

    code = "no_session"


@dataclass(frozen=True)
class Identity:
    """An identified person. ``sub`` is the account on this node; show municipalities ``subject_for`` instead.

    ``facts``: fact path -> value in JSON form, such as ``bisherige_anschrift/ort``; none is ``{"none": true}``.
    ``provider`` is the key of the OpenID Connect provider that vouched, if one did.
    """

    sub: str
    level: str
    facts: Mapping[str, Any]
    expires_at: datetime
    issuer: str
    simulated: bool
    provider: str
    _seed: bytes = field(repr=False)

    def subject_for(self, municipality_id: UUID) -> str:
        """The pseudonym under which this municipality knows the person: always the same, and unlike any other's."""
        return pseudonym(self._seed, municipality_id)


def pseudonym(seed: bytes, municipality_id: UUID) -> str:
    """The name of the person with this seed in a municipality."""
    return base64.urlsafe_b64encode(hmac.digest(seed, municipality_id.bytes, "sha256")[:24]).decode()


def identity_for(*, token: str) -> Identity:
    """The person behind a session token; raises ``NoSession``."""
    return identity_of(session_of(token, PERSON), token=token)


def identity_of(session: Session, *, token: str) -> Identity:
    """The person of a session; its token opens what was said about them."""
    issuer = TrustedIssuer.objects.get(issuer=session.account.issuer)
    return Identity(
        sub=str(session.account.id),
        level=session.level,
        facts=tokens.open_facts(token, bytes(session.sealed_facts)),
        expires_at=session.expires_at,
        issuer=issuer.name,
        simulated=issuer.simulated,
        provider=session.provider,
        _seed=bytes(session.account.seed),
    )


@dataclass(frozen=True)
class StaffIdentity:
    """Somebody who works here, as the provider names them; what they may do, ``organisation`` says."""

    issuer: str
    subject: str
    level: str
    provider: str


def staff_identity_for(*, token: str) -> StaffIdentity:
    """Who works behind a staff session's token; raises ``NoSession``, also for the session of a citizen."""
    return staff_identity_of(session_of(token, STAFF))


def staff_identity_of(session: Session) -> StaffIdentity:
    return StaffIdentity(session.account.issuer, session.account.subject, session.level, session.provider)


def session_of(token: str, purpose: str) -> Session:
    """The running session of a token; raises ``NoSession``."""
    found = Session.objects.select_related("account").filter(
        token_digest=tokens.digest_of(token), purpose=purpose, expires_at__gt=clock.now()
    )
    session = found.first()
    if session is None:
        raise NoSession("there is no such session, or it is over")
    return session
