"""Accept an assertion, trust an issuer, forget what is over. Sessions are in ``sessions``, OpenID Connect in ``oidc``."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import structlog
from django.conf import settings
from django.db import IntegrityError, transaction

from formlos.base import clock
from formlos.identity.assertions import Assertion, read_assertion
from formlos.identity.models import ContactProposal, Login, Session, TrustedIssuer, UsedAssertion, WalletRequest
from formlos.identity.queries import session_of
from formlos.identity.refusals import Replayed, UnknownIssuer
from formlos.identity.sessions import begin_session, end_session, visiting, working

log = structlog.get_logger(__name__)
__all__ = [
    "accept_assertion",
    "close_account",
    "end_session",
    "forget_expired",
    "trust_issuer",
    "visiting",
    "working",
]


def accept_assertion(*, token: str) -> str:
    """Identify a person for the next 30 minutes and return the session token.

    Raises an ``IdentityRefused`` (code expired, wrong_audience, bad_signature, unknown_issuer, replayed,
    name_not_allowed or malformed).
    """
    now = clock.now()
    assertion = read_assertion(token, issuer_key=_issuer_key, audience=settings.PUBLIC_URL, now=now)
    with transaction.atomic():
        _use_once(assertion)
        return begin_session(
            issuer=assertion.issuer, subject=assertion.subject, level=assertion.level, facts=assertion.facts
        )


def close_account(*, token: str) -> None:
    """Delete the account behind a session, with the secret its pseudonyms come from and every session of it.

    What municipalities hold under a pseudonym can then be led back to nobody by this node. Raises ``NoSession``.
    """
    account = session_of(token, purpose="person").account
    log.info("identity.closed", account=str(account.id))
    account.delete()


def trust_issuer(*, issuer: str, name: str, keys: list[Mapping[str, Any]], simulated: bool) -> None:
    """Accept assertions of this issuer, signed with one of ``keys`` (public JWKs with ``kid``)."""
    if not all(key.get("kty") == "EC" and key.get("crv") == "P-256" and key.get("kid") for key in keys):
        raise ValueError("keys of issuers are on P-256 and have a kid")
    if any("d" in key for key in keys):
        raise ValueError("only public keys of issuers are kept here")
    TrustedIssuer.objects.update_or_create(
        issuer=issuer, defaults={"name": name, "keys": [dict(key) for key in keys], "simulated": simulated}
    )


def forget_expired() -> None:
    """Delete sessions, used assertions, logins, questions to wallets and unconfirmed addresses that are over."""
    now = clock.now()
    WalletRequest.objects.filter(expires_at__lt=now - timedelta(hours=1)).delete()
    Session.objects.filter(expires_at__lt=now).delete()
    ContactProposal.objects.filter(expires_at__lt=now).delete()
    UsedAssertion.objects.filter(expires__lt=now - timedelta(hours=1)).delete()
    Login.objects.filter(expires_at__lt=now - timedelta(hours=1)).delete()


def _issuer_key(issuer: str, kid: str) -> Mapping[str, Any]:
    trusted = TrustedIssuer.objects.filter(issuer=issuer).first()
    if trusted is None or (trusted.simulated and not settings.DEMO):
        raise UnknownIssuer(f"{issuer!r} is not trusted by this node")
    found: Mapping[str, Any] | None = next((key for key in trusted.keys if key["kid"] == kid), None)
    if found is None:
        raise UnknownIssuer(f"{issuer!r} has no key {kid!r} here")
    return found


def _use_once(assertion: Assertion) -> None:
    try:
        with transaction.atomic():
            UsedAssertion.objects.create(issuer=assertion.issuer, jti=assertion.id, expires=assertion.expires)
    except IntegrityError:
        raise Replayed("this assertion was used before; identify again") from None
