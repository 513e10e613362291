"""Signed assertions of identity (JWS ES256): read, verify, and turn into facts. No database, no clock.

Claims: ``iss``, ``aud`` (this node), ``sub``, ``jti``, ``iat``, ``exp`` (at most ten minutes later), ``acr``
(level of trust) and ``person`` (see ``persons``), as read from the document.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypeGuard

from joserfc import jws
from joserfc.jwk import ECKey

from formlos.identity.levels import LEVELS
from formlos.identity.persons import facts_of_document
from formlos.identity.refusals import BadSignature, Expired, Malformed, WrongAudience
from formlos.identity.signed import Claims, NotByThisKey, NotClaims, signed_claims

TYPE = "formlos-identity+jws"
LONGEST_LIFE = timedelta(minutes=10)
CLOCK_SKEW = timedelta(seconds=30)
_REGISTRY = jws.JWSRegistry(algorithms=["ES256"])


@dataclass(frozen=True)
class Assertion:
    """A verified assertion. ``facts``: fact path -> value in JSON form; known-to-be-none is ``{"none": true}``."""

    issuer: str
    subject: str
    id: str
    expires: datetime
    level: str
    facts: Mapping[str, Any]


def read_assertion(
    token: str, *, issuer_key: Callable[[str, str], Mapping[str, Any]], audience: str, now: datetime
) -> Assertion:
    """Verify and read; ``issuer_key(iss, kid)`` finds a public JWK or raises ``UnknownIssuer``.

    Raises an ``IdentityRefused``.
    """
    claims = _verified_claims(token, issuer_key)
    if claims.get("aud") != audience:
        raise WrongAudience(f"issued for {claims.get('aud')!r}, not for {audience}")
    expires = _check_time(claims, now)
    level = claims.get("acr")
    if level not in LEVELS:
        raise Malformed(f"acr must be one of {', '.join(LEVELS)}")
    subject, jti = claims.get("sub"), claims.get("jti")
    if not (_is_identifier(subject) and _is_identifier(jti)):
        raise Malformed("sub and jti are texts of at most 200 characters")
    return Assertion(claims["iss"], subject, jti, expires, level, facts_of_document(claims.get("person"), level))


def _verified_claims(token: str, issuer_key: Callable[[str, str], Mapping[str, Any]]) -> Claims:
    def choose(told: Claims, header: Mapping[str, Any]) -> ECKey:
        issuer = told.get("iss")
        if header.get("typ") != TYPE or not (isinstance(issuer, str) and issuer.isprintable()):
            raise Malformed(f"not an assertion ({TYPE})")
        return ECKey.import_key(dict(issuer_key(issuer, str(header.get("kid")))))

    try:
        return signed_claims(token, registry=_REGISTRY, choose=choose)
    except NotByThisKey as error:
        raise BadSignature("not signed with a key of the issuer") from error
    except NotClaims as error:
        raise Malformed("not a signed assertion") from error


def _is_identifier(value: Any) -> TypeGuard[str]:
    return isinstance(value, str) and 0 < len(value) <= 200 and value.isprintable()


def _check_time(claims: Mapping[str, Any], now: datetime) -> datetime:
    try:
        issued, expires = (datetime.fromtimestamp(int(claims[name]), UTC) for name in ("iat", "exp"))
    except (KeyError, ValueError, TypeError, OverflowError, OSError) as error:
        raise Malformed("iat and exp are seconds since 1970") from error
    if expires - issued > LONGEST_LIFE:
        raise Expired(f"an assertion lives at most {LONGEST_LIFE}")
    if not issued - CLOCK_SKEW <= now <= expires + CLOCK_SKEW:
        raise Expired(f"valid from {issued:%H:%M:%S} to {expires:%H:%M:%S} UTC; identify again")
    return expires
