"""Compact JWS and JWE as wallets use them: ES256 and ECDH-ES only, headers long enough for certificates."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from typing import Any

from joserfc import jwe, jws
from joserfc.jwk import ECKey

from formlos.identity.signed import UNREADABLE, Claims, NotClaims, signed_claims
from formlos.identity.wallet.refusals import MalformedAnswer

ALGORITHM = "ES256"
AGREEMENT = "ECDH-ES"
ENCRYPTIONS = ("A128GCM", "A256GCM")
MOST_BYTES = 128 * 1024
ChooseKey = Callable[[Mapping[str, Any], Mapping[str, Any]], Mapping[str, Any]]


class _Signatures(jws.JWSRegistry):
    max_header_length = 16 * 1024  # certificates of the signer
    max_payload_length = MOST_BYTES


class _Encryptions(jwe.JWERegistry):
    max_ciphertext_length = MOST_BYTES


_SIGN = _Signatures(algorithms=[ALGORITHM])
_ENCRYPT = _Encryptions(algorithms=[AGREEMENT, *ENCRYPTIONS])


def sign(claims: Mapping[str, Any], *, key: ECKey, typ: str, **header: Any) -> str:
    """A compact JWS over JSON claims."""
    protected = {"alg": ALGORITHM, "typ": typ} | header
    return jws.serialize_compact(protected, json.dumps(dict(claims)), key, registry=_SIGN)


def verified(token: str, *, typ: str, choose: ChooseKey) -> Claims:
    """The claims of a compact JWS of this ``typ``; ``choose(claims, header)`` says whose key must have signed it.

    What ``choose`` sees is not yet verified. Raises ``MalformedAnswer``, ``NotByThisKey`` and what ``choose`` raises.
    """

    def find(claims: Claims, header: Mapping[str, Any]) -> ECKey:
        if header.get("typ") != typ:
            raise MalformedAnswer(f"not a {typ}")
        return public_key(choose(claims, header))

    try:
        return signed_claims(token, registry=_SIGN, choose=find)
    except NotClaims as error:
        raise MalformedAnswer(f"not a {typ} signed with {ALGORITHM}") from error


def public_key(jwk: Mapping[str, Any]) -> ECKey:
    """A public key on P-256; raises ``MalformedAnswer``."""
    try:
        key = ECKey.import_key({name: jwk[name] for name in ("kty", "crv", "x", "y")})
    except UNREADABLE as error:
        raise MalformedAnswer("not a public key on P-256") from error
    if jwk["crv"] != "P-256":
        raise MalformedAnswer("not a public key on P-256")
    return key


def encrypt(claims: Mapping[str, Any], *, jwk: Mapping[str, Any], enc: str) -> str:
    """A compact JWE that only the holder of ``jwk`` can open."""
    header = {"alg": AGREEMENT, "enc": enc, "kid": str(jwk.get("kid", ""))}
    return jwe.encrypt_compact(header, json.dumps(dict(claims)), public_key(jwk), registry=_ENCRYPT)


def decrypted(token: str, *, key: ECKey) -> Claims:
    """The claims in a compact JWE to ``key``; raises ``MalformedAnswer``."""
    try:
        plaintext = jwe.decrypt_compact(token, key, registry=_ENCRYPT).plaintext
        claims = json.loads(plaintext or b"")
    except UNREADABLE as error:
        raise MalformedAnswer("not encrypted to the key of this request") from error
    if not isinstance(claims, dict):
        raise MalformedAnswer("an encrypted answer holds a JSON object")
    return claims


def base64url(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def from_base64url(text: str) -> bytes:
    """Raises ``ValueError`` for what is not unpadded base64url."""
    if not text.isascii() or not set(text) <= _ALPHABET:
        raise ValueError("not base64url")
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


_ALPHABET = set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
