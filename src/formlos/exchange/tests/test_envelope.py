"""The envelope: what one municipality seals, only the addressed one opens, and nothing changes on the way."""

from __future__ import annotations

import base64
import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from joserfc import jwe, jws
from joserfc.jwk import ECKey, OctKey

from formlos.exchange import jose, refusals
from formlos.exchange.codec import JSON
from formlos.exchange.envelope import CLOCK_SKEW, LARGEST_ENVELOPE, SEALED, SIGNED, Opened, open_envelope, seal
from formlos.exchange.tests.keys import ENTRY, MUNICH, NOON, STUTTGART, ULM, message, pair

SENDER, RECEIVER, OLD_RECEIVER, STRANGER = pair("munich-sign"), pair("stuttgart-enc"), pair("stuttgart-old"), pair("x")
HOUR = timedelta(hours=1)


def sealed(**changes: Any) -> bytes:
    circumstances: dict[str, Any] = {
        "key": SENDER.signing,
        "receiver_kid": RECEIVER.kid,
        "receiver_jwk": RECEIVER.jwk,
        "directory_entry": ENTRY,
        "issued": NOON,
        "lifetime": HOUR,
    }
    content = {name: changes.pop(name) for name in list(changes) if name not in circumstances}
    return seal(message(**content), **(circumstances | changes))


def opened(envelope: bytes, *, receiver: str = STUTTGART, now: datetime = NOON) -> Opened:
    own = {key.kid: key.private for key in (RECEIVER, OLD_RECEIVER)}

    def sender_key(ags: str, kid: str) -> Any:
        if ags != MUNICH:
            raise refusals.UnknownSender(ags)
        return SENDER.jwk if kid == SENDER.kid else None

    return open_envelope(envelope, receiver=receiver, decryption_key=own.get, sender_key=sender_key, now=now)


def test_what_was_sealed_is_what_is_opened() -> None:
    result = opened(sealed())
    assert result.message == message()
    assert (result.issued, result.expires, result.directory_entry) == (NOON, NOON + HOUR, ENTRY)


def test_the_signed_text_is_evidence_that_anyone_can_verify() -> None:
    signed = opened(sealed()).signed
    assert jws.deserialize_compact(signed, ECKey.import_key(SENDER.jwk), algorithms=["ES256"]).payload


def test_a_second_sealing_differs_but_has_the_same_digest() -> None:
    first, second = sealed(), sealed(issued=NOON + HOUR)
    assert first != second
    assert opened(first).message.digest == opened(second, now=NOON + HOUR).message.digest


def test_a_changed_body_changes_the_digest() -> None:
    assert message().digest != message(body={"treffer": "keiner"}).digest


def test_an_old_key_still_opens() -> None:
    assert opened(sealed(receiver_kid=OLD_RECEIVER.kid, receiver_jwk=OLD_RECEIVER.jwk)).message == message()


def test_five_mebibytes_are_carried() -> None:
    body = {"anlage": "x" * (5 * 1024 * 1024)}
    assert opened(sealed(body=body)).message.body == body


def test_more_than_is_carried_is_refused_by_the_sender() -> None:
    with pytest.raises(refusals.TooLarge):
        sealed(body={"anlage": "x" * (7 * 1024 * 1024)})


def test_an_envelope_that_is_too_large_is_refused_unread() -> None:
    with pytest.raises(refusals.TooLarge):
        opened(b"x" * (LARGEST_ENVELOPE + 1))


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"key": STRANGER.signing}, refusals.BadSignature),
        ({"key": jose.SigningKey(SENDER.kid, STRANGER.private)}, refusals.BadSignature),
        ({"sender": ULM}, refusals.UnknownSender),
        ({"receiver": ULM}, refusals.NotForUs),
        ({"receiver_kid": STRANGER.kid, "receiver_jwk": STRANGER.jwk}, refusals.WrongKey),
        ({"receiver_jwk": STRANGER.jwk}, refusals.Altered),
        ({"lifetime": timedelta(days=2)}, refusals.Malformed),
        ({"kind": ""}, refusals.Malformed),
        ({"purpose": "\0"}, refusals.Malformed),
    ],
)
def test_an_envelope_that_is_not_right_is_refused(changes: dict[str, Any], refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        opened(sealed(**changes))


@pytest.mark.parametrize(
    ("received", "refusal"),
    [
        (NOON - CLOCK_SKEW, None),
        (NOON - CLOCK_SKEW - timedelta(seconds=1), refusals.NotYetValid),
        (NOON + HOUR + CLOCK_SKEW, None),
        (NOON + HOUR + CLOCK_SKEW + timedelta(seconds=1), refusals.Expired),
    ],
)
def test_clocks_may_differ_by_five_minutes(received: datetime, refusal: type[Exception] | None) -> None:
    envelope = sealed()
    if refusal is None:
        assert opened(envelope, now=received).message == message()
    else:
        with pytest.raises(refusal):
            opened(envelope, now=received)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.differing_executors])
@given(place=st.integers(min_value=0), flip=st.integers(min_value=1, max_value=255))
def test_any_changed_byte_is_refused(place: int, flip: int) -> None:
    envelope = bytearray(ENVELOPE)
    envelope[place % len(envelope)] ^= flip
    with pytest.raises(refusals.Refusal):
        opened(bytes(envelope))


@settings(max_examples=100, deadline=None)
@given(place=st.integers(min_value=0), flip=st.integers(min_value=1, max_value=255))
def test_any_byte_changed_below_the_encryption_is_refused(place: int, flip: int) -> None:
    signed = bytearray(opened(ENVELOPE).signed.encode())
    signed[place % len(signed)] ^= flip
    header = {"alg": jose.AGREEMENT, "enc": jose.ENCRYPTION, "kid": RECEIVER.kid, "typ": SEALED}
    key = jose.public_key(RECEIVER.jwk)
    envelope = jwe.encrypt_compact(header, bytes(signed), key, algorithms=[jose.AGREEMENT, jose.ENCRYPTION])
    with pytest.raises(refusals.Refusal):
        opened(envelope.encode())


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.binary(max_size=400), st.text(max_size=200).map(str.encode)))
def test_what_is_no_envelope_is_malformed(garbage: bytes) -> None:
    with pytest.raises(refusals.Malformed):
        opened(garbage)


ENVELOPE = sealed()


def _jwe(header: dict[str, Any], key: Any, algorithms: list[str]) -> bytes:
    signed = opened(ENVELOPE).signed
    return jwe.encrypt_compact(header, signed, key, algorithms=algorithms).encode()


def test_other_encryption_than_agreed_is_refused() -> None:
    typed = {"kid": RECEIVER.kid, "typ": SEALED}
    weaker = _jwe({"alg": "ECDH-ES", "enc": "A128GCM", **typed}, ECKey.import_key(RECEIVER.jwk), ["ECDH-ES", "A128GCM"])
    direct = _jwe({"alg": "dir", "enc": "A256GCM", **typed}, OctKey.generate_key(256), ["dir", "A256GCM"])
    names = ["ECDH-ES+A256KW", "A256GCM", "DEF"]
    zipped = _jwe({"alg": names[0], "enc": names[1], "zip": "DEF", **typed}, ECKey.import_key(RECEIVER.jwk), names)
    for envelope in (weaker, direct, zipped):
        with pytest.raises(refusals.Malformed):
            opened(envelope)


def _around(signed: str) -> bytes:
    return jose.encrypt(signed, kid=RECEIVER.kid, jwk=RECEIVER.jwk, typ=SEALED)


def test_an_unsigned_message_is_refused() -> None:
    payload = opened(ENVELOPE).signed.split(".")[1]
    header = base64.urlsafe_b64encode(json.dumps({"alg": "none", "kid": SENDER.kid, "typ": SIGNED}).encode())
    with pytest.raises(refusals.Malformed):
        opened(_around(f"{header.rstrip(b'=').decode()}.{payload}."))


def test_something_else_that_the_sender_signed_is_no_message() -> None:
    payload = jose.Signed(opened(ENVELOPE).signed, typ=SIGNED).payload
    with pytest.raises(refusals.Malformed):
        opened(_around(jose.sign(payload, key=SENDER.signing, typ="formlos-receipt+jws")))


@pytest.mark.parametrize(
    "change",
    [
        {"version": 2},
        {"id": "not an id"},
        {"reply_to": 7},
        {"body": ["no", "object"]},
        {"body": {"name": "\ud800"}},
        {"issued": "2026-03-10T12:00:00"},
        {"expires": None},
        {"norm": None},
    ],
)
def test_a_signed_message_of_another_shape_is_malformed(change: dict[str, Any]) -> None:
    content = JSON.decode(jose.Signed(opened(ENVELOPE).signed, typ=SIGNED).payload) | change
    with pytest.raises(refusals.Malformed):
        opened(_around(jose.sign(json.dumps(content).encode(), key=SENDER.signing, typ=SIGNED)))


@pytest.mark.parametrize(
    "text", ['{"a": 1, "a": 2}', '{"a": 1.5}', '{"a": NaN}', "[1]", '{"a": "\xff"}', "[" * 100_000]
)
def test_json_that_parsers_read_differently_is_malformed(text: str) -> None:
    with pytest.raises(refusals.Malformed):
        JSON.decode(text.encode("latin-1"))
