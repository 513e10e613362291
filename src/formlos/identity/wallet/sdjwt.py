"""SD-JWT VC with key binding (RFC 9901, SD-JWT VC): parse, verify, disclose. No database, no clock, no network.

A presentation is ``<issuer's JWS>~<disclosure>~…~<key binding JWS>``. Only ES256 and SHA-256, as HAIP asks.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from formlos.identity.signed import Claims, NotByThisKey
from formlos.identity.wallet import compact, refusals
from formlos.identity.wallet.compact import base64url, from_base64url
from formlos.identity.wallet.refusals import CredentialAltered, MalformedAnswer

FORMAT = CREDENTIAL_TYPE = "dc+sd-jwt"
KEY_BINDING_TYPE = "kb+jwt"
HASH = "sha-256"
CLOCK_SKEW = timedelta(seconds=60)
NEVER_DISCLOSABLE = ("iss", "nbf", "exp", "cnf", "vct", "vct#integrity", "status", "_sd_alg")
MOST_DISCLOSURES = 200
Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Presentation:
    """The parts of a presentation, unverified. ``signed`` is what the key binding's ``sd_hash`` covers."""

    credential: str
    disclosures: tuple[str, ...]
    key_binding: str
    signed: str


@dataclass(frozen=True)
class Verified:
    """A verified presentation. ``claims`` hold what was disclosed; ``disclosed`` says which of it by choice.

    ``holder`` is the public JWK that the credential is bound to.
    """

    issuer: str
    vct: str
    claims: Mapping[str, Any]
    disclosed: tuple[Path, ...]
    holder: Mapping[str, Any]


@dataclass(frozen=True)
class Expected:
    """What the key binding has to answer: the request's ``nonce``, made at ``asked_at`` by ``audience``."""

    audience: str
    nonce: str
    asked_at: datetime


def parse(text: str) -> Presentation:
    """Split a presentation; raises ``MalformedAnswer``, and ``KeyBindingMissing`` where it ends with a tilde."""
    credential, *disclosures, key_binding = text.split("~") if "~" in text else (text, "")
    if not credential or len(disclosures) > MOST_DISCLOSURES or not all(disclosures):
        raise MalformedAnswer("not an SD-JWT")
    return Presentation(credential, tuple(disclosures), key_binding, text[: text.rfind("~") + 1])


def verify(text: str, *, issuer_key: compact.ChooseKey, expected: Expected, now: datetime) -> Verified:
    """Verify a presentation; ``issuer_key(claims, header)`` finds the public JWK of a trusted issuer or raises.

    Raises a ``WalletRefused``.
    """
    parts = parse(text)
    payload = _issued(parts.credential, issuer_key)
    claims, disclosed = disclose(payload, parts.disclosures)
    holder = _holder(payload)
    _check_validity(payload, now)
    _check_key_binding(parts, holder, expected, now)
    issuer, vct = payload.get("iss"), payload.get("vct")
    if not isinstance(issuer, str) or not isinstance(vct, str):
        raise MalformedAnswer("a credential names its issuer (iss) and its type (vct)")
    return Verified(issuer, vct, claims, disclosed, holder)


def _issued(token: str, issuer_key: compact.ChooseKey) -> Claims:
    try:
        return compact.verified(token, typ=CREDENTIAL_TYPE, choose=issuer_key)
    except NotByThisKey:
        raise CredentialAltered("the credential is not signed by its issuer") from None


def disclose(payload: Mapping[str, Any], disclosures: Sequence[str]) -> tuple[Claims, tuple[Path, ...]]:
    """The claims with every disclosure in its place, and the paths of those. Digests without disclosure vanish.

    Raises ``CredentialAltered`` for a disclosure that the issuer did not sign, ``MalformedAnswer`` for nonsense.
    """
    if payload.get("_sd_alg", HASH) != HASH:
        raise MalformedAnswer(f"digests are {HASH}")
    opener = _Opener(disclosures)
    try:
        claims = opener.opened_object({name: value for name, value in payload.items() if name != "_sd_alg"}, ())
    except RecursionError as error:
        raise MalformedAnswer("nested too deeply") from error
    if opener.left:
        raise CredentialAltered("a disclosure that the issuer did not sign")
    return claims, tuple(opener.paths)


class _Opener:
    """Puts disclosures where their digests are; each digest may stand in one place only."""

    def __init__(self, disclosures: Sequence[str]) -> None:
        self.left = {digest_of(text): _read(text) for text in disclosures}
        if len(self.left) != len(disclosures):
            raise MalformedAnswer("a disclosure given twice")
        self.paths: list[Path] = []
        self._seen: set[str] = set()

    def opened(self, value: Any, path: Path) -> Any:
        if isinstance(value, dict):
            return self.opened_object(value, path)
        return self._opened_array(value, path) if isinstance(value, list) else value

    def opened_object(self, value: Claims, path: Path) -> Claims:
        digests = value.get("_sd", [])
        if not isinstance(digests, list) or "..." in value:
            raise MalformedAnswer("_sd is a list of digests, and ... stands in arrays only")
        plain = {name: self.opened(inner, (*path, name)) for name, inner in value.items() if name != "_sd"}
        for digest in digests:
            found = self._take(digest, size=3)
            if found is None:
                continue
            name = found[1]
            if not isinstance(name, str) or name in ("_sd", "...") or name in plain:
                raise MalformedAnswer("a disclosure may neither replace a claim nor be called _sd or ...")
            if not path and name in NEVER_DISCLOSABLE:
                raise MalformedAnswer(f"{name} may not be disclosed selectively")
            self.paths.append((*path, name))
            plain[name] = self.opened(found[2], (*path, name))
        return plain

    def _opened_array(self, value: list[Any], path: Path) -> list[Any]:
        elements: list[Any] = []
        for element in value:
            here = (*path, len(elements))
            if not isinstance(element, dict) or set(element) != {"..."}:
                elements.append(self.opened(element, here))
            elif (found := self._take(element["..."], size=2)) is not None:
                self.paths.append(here)
                elements.append(self.opened(found[1], here))
        return elements

    def _take(self, digest: Any, *, size: int) -> list[Any] | None:
        """The disclosure of a digest; None for a decoy, or for what the person keeps to themselves."""
        if not isinstance(digest, str) or digest in self._seen:
            raise MalformedAnswer("a digest is a text and stands in one place")
        self._seen.add(digest)
        found = self.left.pop(digest, None)
        if found is not None and len(found) != size:
            raise MalformedAnswer("a disclosure of a claim stands in an array, or the other way round")
        return found


def digest_of(text: str) -> str:
    """The digest by which a credential refers to a disclosure, and a key binding to a presentation."""
    return base64url(hashlib.sha256(text.encode()).digest())


def _read(disclosure: str) -> list[Any]:
    try:
        found = json.loads(from_base64url(disclosure))
    except (ValueError, RecursionError) as error:
        raise MalformedAnswer("a disclosure is JSON in base64url") from error
    if not isinstance(found, list) or len(found) not in (2, 3) or not isinstance(found[0], str):
        raise MalformedAnswer("a disclosure is salt, name and value, or salt and value")
    return found


def _holder(payload: Mapping[str, Any]) -> Mapping[str, Any]:
    confirmed = payload.get("cnf")
    jwk = confirmed.get("jwk") if isinstance(confirmed, dict) else None
    if not isinstance(jwk, dict):
        raise refusals.KeyBindingMissing("the credential is not bound to a key (cnf.jwk)")
    compact.public_key(jwk)
    return jwk


def _check_validity(payload: Mapping[str, Any], now: datetime) -> None:
    starts, ends = (_seconds(payload, name) for name in ("nbf", "exp"))
    issued = _seconds(payload, "iat")
    moment, skew = now.timestamp(), CLOCK_SKEW.total_seconds()
    if ends is not None and moment >= ends + skew:
        raise refusals.CredentialExpired("the credential is not valid any more")
    if any(begin is not None and moment < begin - skew for begin in (starts, issued)):
        raise refusals.CredentialExpired("the credential is not valid yet")
    if "status" in payload:
        raise refusals.StatusUnknown("the credential refers to a status list, which this node does not fetch")


def _check_key_binding(parts: Presentation, holder: Mapping[str, Any], expected: Expected, now: datetime) -> None:
    if not parts.key_binding:
        raise refusals.KeyBindingMissing("no proof that the holder's key is at hand")
    try:
        proof = compact.verified(parts.key_binding, typ=KEY_BINDING_TYPE, choose=lambda claims, header: holder)
    except NotByThisKey:
        raise refusals.KeyBindingWrong("the proof is by another key than the credential's") from None
    if not _same(proof.get("sd_hash"), digest_of(parts.signed)):
        raise refusals.KeyBindingWrong("the proof is for another presentation")
    if not _same(proof.get("aud"), expected.audience):
        raise refusals.WrongAudience("the proof is meant for somebody else")
    if not _same(proof.get("nonce"), expected.nonce):
        raise refusals.WrongNonce("the proof answers another request")
    made = _seconds(proof, "iat")
    earliest, latest = expected.asked_at - CLOCK_SKEW, now + CLOCK_SKEW
    if made is None or not earliest.timestamp() <= made <= latest.timestamp():
        raise refusals.StaleKeyBinding("the proof was not made for this request")


def _same(given: Any, wanted: str) -> bool:
    return isinstance(given, str) and hmac.compare_digest(given.encode(), wanted.encode())


def _seconds(claims: Mapping[str, Any], name: str) -> float | None:
    value = claims.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise MalformedAnswer(f"{name} is in seconds since 1970")
    return float(value)
