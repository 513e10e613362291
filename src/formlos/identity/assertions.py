"""Signed assertions of identity (JWS ES256): read, verify, and turn into facts. No database, no clock.

Claims: ``iss``, ``aud`` (this node), ``sub``, ``jti``, ``iat``, ``exp`` (at most ten minutes later), ``acr``
(level of trust) and ``person``: familienname, vornamen, geburtsname, doktorgrad, geburtsdatum (ISO), geburtsort,
staatsangehoerigkeit, ausweis_art and anschrift (fields of ``vocabulary.Anschrift``), as read from the document.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeGuard

from joserfc import jws
from joserfc.errors import BadSignatureError, JoseError
from joserfc.jwk import ECKey

from formlos.vocabulary.names import NameNotAllowed, check_name

TYPE = "formlos-identity+jws"
LONGEST_LIFE = timedelta(minutes=10)
CLOCK_SKEW = timedelta(seconds=30)
LEVELS = ("none", "basic", "substantial", "high")
DOCUMENTS = ("personalausweis", "eid_karte", "eat")
NONE = {"none": True}
_NAMES = ("familienname", "geburtsname", "vornamen")
_TEXTS = ("doktorgrad", "geburtsort", "staatsangehoerigkeit")
_ADDRESS = ("strasse", "hausnummer", "zusatz", "postleitzahl", "ort", "ags")
_ADDRESS_OPTIONAL = ("zusatz",)
_REGISTRY = jws.JWSRegistry(algorithms=["ES256"])


class IdentityRefused(Exception):
    """An assertion was not accepted; ``code`` says why."""

    code = "identity_refused"


class Malformed(IdentityRefused):
    """Not an assertion, or one with missing or impossible claims."""

    code = "malformed"


class UnknownIssuer(IdentityRefused):
    """Nobody whom this node trusts to identify people."""

    code = "unknown_issuer"


class BadSignature(IdentityRefused):
    """Not signed with a key of the issuer."""

    code = "bad_signature"


class WrongAudience(IdentityRefused):
    """Issued for somebody else."""

    code = "wrong_audience"


class Expired(IdentityRefused):
    """Its time is over, or has not begun, or was too long from the start: identify again."""

    code = "expired"


class Replayed(IdentityRefused):
    """Used before; an assertion counts once."""

    code = "replayed"


class NameRefused(IdentityRefused):
    """A name has characters outside DIN 91379; the office has to help."""

    code = "name_not_allowed"


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
    return Assertion(claims["iss"], subject, jti, expires, level, _facts(claims.get("person"), level))


def _verified_claims(token: str, issuer_key: Callable[[str, str], Mapping[str, Any]]) -> dict[str, Any]:
    def choose(parts: Any) -> ECKey:
        issuer = json.loads(parts.payload).get("iss")
        header = parts.headers()
        if header.get("typ") != TYPE or not isinstance(issuer, str):
            raise Malformed(f"not an assertion ({TYPE})")
        return ECKey.import_key(dict(issuer_key(issuer, str(header.get("kid")))))

    try:
        claims = json.loads(jws.deserialize_compact(token, choose, registry=_REGISTRY).payload)
    except BadSignatureError as error:
        raise BadSignature("not signed with a key of the issuer") from error
    except (JoseError, ValueError, TypeError, AttributeError, RecursionError) as error:
        raise Malformed("not a signed assertion") from error
    assert isinstance(claims, dict)
    return claims


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


def _facts(person: Any, level: str) -> dict[str, Any]:
    if not isinstance(person, dict):
        raise Malformed("an assertion says who the person is")
    facts: dict[str, Any] = {"vertrauensniveau": level}
    for name in _NAMES:
        facts[name] = checked_name(name, person.get(name))
    for name in _TEXTS:
        facts[name] = checked_text(name, person.get(name))
    if facts["familienname"] == NONE:
        raise Malformed("familienname is missing")
    facts["geburtsdatum"] = checked_date(person.get("geburtsdatum"))
    if person.get("ausweis_art") not in DOCUMENTS:
        raise Malformed(f"ausweis_art must be one of {', '.join(DOCUMENTS)}")
    facts["ausweis_art"] = person["ausweis_art"]
    return facts | _address(person.get("anschrift"))


def checked_name(field: str, value: Any) -> Any:
    """A name as registers may keep it, or known-to-be-none; raises ``Malformed`` or ``NameRefused``."""
    text = checked_text(field, value)
    if text == NONE:
        return NONE
    try:
        return check_name(text)
    except NameNotAllowed as error:
        raise NameRefused(f"{field}: {error}") from error


def checked_text(field: str, value: Any) -> Any:
    """A text in composed form, or known-to-be-none; raises ``Malformed``."""
    if value is None or value == "":
        return NONE
    if not isinstance(value, str) or len(value) > 500 or "\0" in value:
        raise Malformed(f"{field} is a text")
    return unicodedata.normalize("NFC", value)


def checked_date(value: Any) -> str:
    """A day of birth in ISO form; raises ``Malformed``."""
    try:
        return date.fromisoformat(value).isoformat()
    except (ValueError, TypeError) as error:
        raise Malformed("geburtsdatum is a day, such as 1990-02-28") from error


def _address(value: Any) -> dict[str, Any]:
    """The address on the chip; cards for people abroad carry none."""
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise Malformed("anschrift has the fields of an address")
    facts = {f"bisherige_anschrift/{field}": checked_text(field, value.get(field)) for field in _ADDRESS}
    missing = [name for name in _ADDRESS if name not in _ADDRESS_OPTIONAL and not value.get(name)]
    if missing:
        raise Malformed(f"anschrift lacks {', '.join(missing)}")
    return facts
