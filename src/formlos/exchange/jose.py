"""JOSE with everything closed that the exchange does not need: ES256 to sign, ECDH-ES+A256KW with A256GCM to encrypt.

``typ`` is checked, so that nothing signed for one use (a receipt) passes for another (a message).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from joserfc import jwe, jws
from joserfc.errors import DecodeError, ExceededSizeError, JoseError
from joserfc.jwk import ECKey

from formlos.exchange.refusals import Altered, BadSignature, Malformed, TooLarge, WrongKey

SIGNATURE = "ES256"
AGREEMENT = "ECDH-ES+A256KW"
ENCRYPTION = "A256GCM"
MEBIBYTE = 1024 * 1024


@dataclass(frozen=True)
class SigningKey:
    """A private key under the name by which others know its public part."""

    kid: str
    private: EllipticCurvePrivateKey


class _SignatureRegistry(jws.JWSRegistry):
    max_payload_length = 32 * MEBIBYTE


class _EncryptionRegistry(jwe.JWERegistry):
    max_ciphertext_length = 32 * MEBIBYTE


_SIGN = _SignatureRegistry(algorithms=[SIGNATURE])
_ENCRYPT = _EncryptionRegistry(algorithms=[AGREEMENT, ENCRYPTION])


def sign(payload: bytes, *, key: SigningKey, typ: str) -> str:
    """A compact JWS over ``payload``."""
    header = {"alg": SIGNATURE, "kid": key.kid, "typ": typ}
    return jws.serialize_compact(header, payload, private_key(key.private), registry=_SIGN)


class Signed:
    """A compact JWS that is read but not yet verified. Raises ``Malformed``."""

    def __init__(self, token: str | bytes, *, typ: str) -> None:
        try:
            self._parts = jws.extract_compact(token.encode() if isinstance(token, str) else token, None, _SIGN)
            _SIGN.check_header(self._parts.headers())
        except ExceededSizeError as error:
            raise TooLarge("larger than this exchange carries") from error
        except (JoseError, ValueError, TypeError, RecursionError) as error:
            raise Malformed("not a compact JWS") from error
        header = self._parts.headers()
        if header["alg"] != SIGNATURE or header.get("typ") != typ or not header.get("kid"):
            raise Malformed(f"a {typ} is signed with {SIGNATURE} and names its key")
        self.kid: str = header["kid"]
        self.payload: bytes = self._parts.payload

    def verify(self, jwk: Mapping[str, Any]) -> bytes:
        """The payload, once the signature is proved to be by ``jwk``; raises ``BadSignature``."""
        if not jws.validate_compact(self._parts, public_key(jwk), registry=_SIGN):
            raise BadSignature("the signature is not by the key it names")
        return self.payload


def encrypt(plaintext: str, *, kid: str, jwk: Mapping[str, Any], typ: str) -> bytes:
    """A compact JWE that only the holder of ``jwk`` can open."""
    header = {"alg": AGREEMENT, "enc": ENCRYPTION, "kid": kid, "typ": typ, "cty": "JWS"}
    return jwe.encrypt_compact(header, plaintext, public_key(jwk), registry=_ENCRYPT).encode()


def decrypt(token: bytes, *, find: Callable[[str], EllipticCurvePrivateKey | None], typ: str) -> bytes:
    """The plaintext of a JWE; ``find`` returns the private key for a key id, or None.

    Raises ``Malformed``, ``WrongKey`` or ``Altered``.
    """

    def choose(recipient: Any) -> ECKey:
        header = recipient.headers()
        if header.get("alg") != AGREEMENT or header.get("enc") != ENCRYPTION or header.get("typ") != typ:
            raise Malformed(f"a {typ} is encrypted with {AGREEMENT} and {ENCRYPTION}")
        kid = header.get("kid")
        private = find(kid) if isinstance(kid, str) else None
        if private is None:
            raise WrongKey(f"encrypted to the key {kid!r}, which is not ours")
        chosen.append(private_key(private))
        return chosen[0]

    chosen: list[ECKey] = []
    try:
        plaintext = jwe.decrypt_compact(token, choose, registry=_ENCRYPT).plaintext
    except ExceededSizeError as error:
        raise TooLarge("larger than this exchange carries") from error
    except (JoseError, ValueError, TypeError, LookupError, AssertionError, RecursionError) as error:
        if chosen and isinstance(error, DecodeError):
            raise Altered("the message was changed on its way, or encrypted to another key of this name") from error
        raise Malformed("not a compact JWE") from error
    assert plaintext is not None
    return plaintext


@lru_cache(maxsize=1024)
def private_key(private: EllipticCurvePrivateKey) -> ECKey:
    key = ECKey.import_key(private)
    key.ensure_kid()
    return key


def public_key(jwk: Mapping[str, Any]) -> ECKey:
    """Only P-256; anything else in a directory or a table of issuers is ``Malformed``."""
    if jwk.get("kty") != "EC" or jwk.get("crv") != "P-256":
        raise Malformed("keys of the exchange are on P-256")
    return _public_key(str(jwk.get("x")), str(jwk.get("y")))


@lru_cache(maxsize=4096)
def _public_key(x: str, y: str) -> ECKey:
    try:
        key = ECKey.import_key({"kty": "EC", "crv": "P-256", "x": x, "y": y})
        key.check_use("sig")
    except (JoseError, ValueError) as error:
        raise Malformed("not a point on P-256") from error
    return key


def thumbprint(jwk: Mapping[str, Any]) -> str:
    """The name of a public key by its content (RFC 7638)."""
    return public_key(jwk).thumbprint()
