"""One message, sealed: signed by the sender (JWS), the whole encrypted to the receiver (JWE).

Pure functions over keys: no database, no clock. What is signed is the content of the message and the
circumstances of this sealing (time, expiry, the directory entry that was used); a retry seals the same
content again with a new time. Content is compared by ``Message.digest``, which leaves the circumstances out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

from formlos.exchange import jose
from formlos.exchange.codec import JSON, Codec
from formlos.exchange.jose import SigningKey
from formlos.exchange.refusals import BadSignature, Expired, Malformed, NotForUs, NotYetValid, TooLarge
from formlos.law.canonical import digest

VERSION = 1
SIGNED, SEALED = "formlos-message+jws", "formlos-message+jwe"
CLOCK_SKEW = timedelta(minutes=5)
LONGEST_LIFE = timedelta(hours=24)
LARGEST_CONTENT = 6 * jose.MEBIBYTE
LARGEST_ENVELOPE = LARGEST_CONTENT * 16 // 9 + 16 * 1024  # base64 twice, headers and signature
_TEXTS = ("sender", "receiver", "kind", "purpose", "norm", "directory_entry")


@dataclass(frozen=True)
class Message:
    """What one municipality tells another. ``body`` is JSON data; ``norm`` is the law that lets it be sent."""

    id: UUID
    sender: str
    receiver: str
    kind: str
    purpose: str
    norm: str
    reply_to: UUID | None
    body: Mapping[str, Any]

    def content(self) -> dict[str, Any]:
        return {
            "id": str(self.id),
            "sender": self.sender,
            "receiver": self.receiver,
            "kind": self.kind,
            "purpose": self.purpose,
            "norm": self.norm,
            "reply_to": str(self.reply_to) if self.reply_to else None,
            "body": self.body,
        }

    @cached_property
    def digest(self) -> str:
        """``sha256:…`` over the content; equal for every sealing of the same message."""
        return digest(self.content())


@dataclass(frozen=True)
class Opened:
    """A message that passed every check, with the signed text as evidence."""

    message: Message
    issued: datetime
    expires: datetime
    directory_entry: str
    signed: str


def seal(
    message: Message,
    *,
    key: SigningKey,
    receiver_kid: str,
    receiver_jwk: Mapping[str, Any],
    directory_entry: str,
    issued: datetime,
    lifetime: timedelta,
    codec: Codec = JSON,
) -> bytes:
    """Sign and encrypt; ``directory_entry`` is the digest of the receiver's entry. Raises ``TooLarge``."""
    payload = codec.encode(
        {
            **message.content(),
            "version": VERSION,
            "issued": _text(issued),
            "expires": _text(issued + lifetime),
            "directory_entry": directory_entry,
        }
    )
    if len(payload) > LARGEST_CONTENT:
        raise TooLarge(f"{len(payload)} bytes; a message holds at most {LARGEST_CONTENT}")
    signed = jose.sign(payload, key=key, typ=SIGNED)
    return jose.encrypt(signed, kid=receiver_kid, jwk=receiver_jwk, typ=SEALED)


def open_envelope(
    envelope: bytes,
    *,
    receiver: str,
    decryption_key: Callable[[str], EllipticCurvePrivateKey | None],
    sender_key: Callable[[str, str], Mapping[str, Any] | None],
    now: datetime,
    codec: Codec = JSON,
) -> Opened:
    """Decrypt, verify and check one envelope for the municipality ``receiver`` (AGS).

    ``decryption_key(kid)`` finds an own private key, old ones included. ``sender_key(ags, kid)`` finds a public
    signing key that the directory lists now; it raises ``UnknownSender``. Raises a ``Refusal``.
    """
    if len(envelope) > LARGEST_ENVELOPE:
        raise TooLarge(f"{len(envelope)} bytes; an envelope has at most {LARGEST_ENVELOPE}")
    plaintext = jose.decrypt(envelope, find=decryption_key, typ=SEALED)
    signed = jose.Signed(plaintext, typ=SIGNED)
    claims = codec.decode(signed.payload)
    sender = str(claims.get("sender"))
    jwk = sender_key(sender, signed.kid)
    if jwk is None:
        raise BadSignature(f"the directory lists no key {signed.kid!r} of {sender} that is valid now")
    signed.verify(jwk)
    opened = _read(claims, plaintext.decode("ascii"))
    if opened.message.receiver != receiver:
        raise NotForUs(f"addressed to {opened.message.receiver}, received by {receiver}")
    _check_time(opened, now)
    return opened


def _read(claims: dict[str, Any], signed: str) -> Opened:
    try:
        if claims["version"] != VERSION:
            raise Malformed(f"version {claims['version']!r} of the envelope is unknown")
        if not all(isinstance(claims[name], str) and claims[name] and "\0" not in claims[name] for name in _TEXTS):
            raise Malformed(f"{', '.join(_TEXTS)} are texts")
        if not isinstance(claims["body"], dict):
            raise Malformed("the body is a JSON object")
        message = Message(
            id=UUID(claims["id"]),
            sender=claims["sender"],
            receiver=claims["receiver"],
            kind=claims["kind"],
            purpose=claims["purpose"],
            norm=claims["norm"],
            reply_to=UUID(claims["reply_to"]) if claims["reply_to"] is not None else None,
            body=claims["body"],
        )
        times = _moment(claims["issued"]), _moment(claims["expires"])
        message.digest  # noqa: B018  fails here on text that is not Unicode
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise Malformed(f"a field is missing or of the wrong kind: {type(error).__name__}") from error
    return Opened(message, *times, directory_entry=claims["directory_entry"], signed=signed)


def _check_time(opened: Opened, now: datetime) -> None:
    if opened.expires - opened.issued > LONGEST_LIFE:
        raise Malformed(f"an envelope lives at most {LONGEST_LIFE}")
    if opened.issued > now + CLOCK_SKEW:
        raise NotYetValid(f"issued at {_text(opened.issued)}, received at {_text(now)}")
    if opened.expires < now - CLOCK_SKEW:
        raise Expired(f"expired at {_text(opened.expires)}, received at {_text(now)}")


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a time without zone")
    return moment
