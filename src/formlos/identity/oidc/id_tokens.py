"""Verifying an ID token (OpenID Connect Core 1.0, 3.1.3.7). No database, no clock, no network."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from joserfc import jws
from joserfc.jwk import JWKRegistry

from formlos.identity.refusals import BadSignature, Expired, Malformed, TooOld, WrongAudience, WrongNonce
from formlos.identity.signed import Claims, NotByThisKey, NotClaims, signed_claims

ALGORITHMS = ("ES256", "PS256", "RS256")
KEY_TYPES = {"ES256": "EC", "PS256": "RSA", "RS256": "RSA"}
CLOCK_SKEW = timedelta(seconds=60)
OLDEST = timedelta(minutes=10)
_REGISTRY = jws.JWSRegistry(algorithms=list(ALGORITHMS))


class UnknownKey(BadSignature):
    """Signed with a key that we have not fetched; the provider may have a new one."""


@dataclass(frozen=True)
class Expected:
    """What an ID token must answer. ``max_age`` (a step-up) bounds the age of the identification itself."""

    issuer: str
    client_id: str
    nonce: str
    max_age: timedelta | None = None


def verify(
    token: str, *, keys: Sequence[Mapping[str, Any]], expected: Expected, access_token: str, now: datetime
) -> dict[str, Any]:
    """The claims of a genuine ID token that answers this login.

    Raises ``BadSignature`` (``UnknownKey`` when fetching keys may help), ``WrongAudience``, ``WrongNonce``,
    ``Expired``, ``TooOld`` or ``Malformed``.
    """
    claims = _signed_claims(token, keys)
    _check_parties(claims, expected)
    _check_time(claims, now)
    if not hmac.compare_digest(str(claims.get("nonce")).encode(), expected.nonce.encode()):
        raise WrongNonce("the nonce is that of another login")
    if "at_hash" in claims and claims["at_hash"] != _half_hash(access_token):
        raise BadSignature("the access token is not the one that was issued with the ID token")
    if expected.max_age is not None:
        _check_freshness(claims, expected.max_age, now)
    subject = claims.get("sub")
    if not (isinstance(subject, str) and 0 < len(subject) <= 200 and subject.isprintable()):
        raise Malformed("sub is a text of at most 200 characters")
    return claims


def _signed_claims(token: str, keys: Sequence[Mapping[str, Any]]) -> Claims:
    def choose(told: Claims, header: Mapping[str, Any]) -> Any:
        return JWKRegistry.import_key(dict(_key(keys, header)))

    try:
        return signed_claims(token, registry=_REGISTRY, choose=choose)
    except NotByThisKey as error:
        raise BadSignature("not signed with a key of the provider") from error
    except NotClaims as error:
        raise Malformed("not an ID token") from error


def _key(keys: Sequence[Mapping[str, Any]], header: Mapping[str, Any]) -> Mapping[str, Any]:
    """The key that the header names; without a name, the only one that fits."""
    fitting = [key for key in keys if key.get("kty") == KEY_TYPES[header["alg"]] and key.get("use", "sig") == "sig"]
    if "kid" in header:
        fitting = [key for key in fitting if key.get("kid") == header["kid"]]
    if len(fitting) != 1:
        raise UnknownKey("none of the provider's known keys is the one that signed")
    return {name: value for name, value in fitting[0].items() if name not in ("use", "key_ops", "alg")}


def _check_parties(claims: Mapping[str, Any], expected: Expected) -> None:
    if claims.get("iss") != expected.issuer:
        raise WrongAudience("issued by another provider than the one that was asked")
    audience = claims.get("aud")
    audience = [audience] if isinstance(audience, str) else audience
    if not isinstance(audience, list) or expected.client_id not in audience:
        raise WrongAudience("issued for somebody else")
    if claims.get("azp", expected.client_id) != expected.client_id or (len(audience) > 1 and "azp" not in claims):
        raise WrongAudience("issued to another party (azp)")


def _check_time(claims: Mapping[str, Any], now: datetime) -> None:
    issued, expires = _seconds(claims, "iat"), _seconds(claims, "exp")
    present, skew = now.timestamp(), CLOCK_SKEW.total_seconds()
    if present > expires + skew or present > issued + OLDEST.total_seconds() or present < issued - skew:
        raise Expired("the ID token is not valid now; sign in again")


def _check_freshness(claims: Mapping[str, Any], max_age: timedelta, now: datetime) -> None:
    if now.timestamp() > _seconds(claims, "auth_time") + (max_age + CLOCK_SKEW).total_seconds():
        raise TooOld("the provider did not ask the person again")


def _seconds(claims: Mapping[str, Any], name: str) -> float:
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Malformed(f"{name} is a number of seconds since 1970")
    return float(value)


def _half_hash(access_token: str) -> str:
    """``at_hash`` for all algorithms allowed here, which are on SHA-256."""
    digest = hashlib.sha256(access_token.encode()).digest()
    return base64.urlsafe_b64encode(digest[:16]).rstrip(b"=").decode()
