"""An ID token counts only if its provider signed it, for us, now, in answer to this login."""

from __future__ import annotations

import base64
import hashlib
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from joserfc import jws
from joserfc.jwk import ECKey, OctKey, RSAKey

from formlos.identity import refusals
from formlos.identity.oidc import id_tokens
from formlos.identity.oidc.id_tokens import Expected

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ISSUER, CLIENT, NONCE, ACCESS = "https://login.example", "formlos", "n-0S6_WzA2Mj", "access"
EC, RSA = ECKey.generate_key("P-256", {"kid": "ec"}), RSAKey.generate_key(2048, {"kid": "rsa"})
STRANGER = ECKey.generate_key("P-256", {"kid": "ec"})
KEYS = [dict(key.as_dict(private=False)) | {"use": "sig"} for key in (EC, RSA)]
EXPECTED = Expected(ISSUER, CLIENT, NONCE)
AT_HASH = base64.urlsafe_b64encode(hashlib.sha256(ACCESS.encode()).digest()[:16]).rstrip(b"=").decode()


def id_token(*, key: Any = EC, alg: str = "ES256", kid: str | None = "ec", leave_out: str = "", **changes: Any) -> str:
    second = int(NOW.timestamp())
    claims = {"iss": ISSUER, "sub": "anna", "aud": CLIENT, "iat": second, "exp": second + 300, "nonce": NONCE}
    claims = {name: value for name, value in (claims | changes).items() if name != leave_out}
    header = {"alg": alg} | ({"kid": kid} if kid else {})
    return jws.serialize_compact(header, json.dumps(claims), key, algorithms=[alg])


def verify(token: str, *, expected: Expected = EXPECTED, now: datetime = NOW, keys: Any = KEYS) -> dict[str, Any]:
    return id_tokens.verify(token, keys=keys, expected=expected, access_token=ACCESS, now=now)


@pytest.mark.parametrize(
    ("key", "alg", "kid"),
    [(EC, "ES256", "ec"), (RSA, "RS256", "rsa"), (RSA, "PS256", "rsa"), (EC, "ES256", None), (RSA, "RS256", None)],
)
def test_a_genuine_token_is_read(key: Any, alg: str, kid: str | None) -> None:
    assert verify(id_token(key=key, alg=alg, kid=kid, at_hash=AT_HASH))["sub"] == "anna"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"iss": "https://login.example/"}, "wrong_audience"),
        ({"iss": "https://other.example"}, "wrong_audience"),
        ({"aud": "somebody-else"}, "wrong_audience"),
        ({"aud": []}, "wrong_audience"),
        ({"aud": {"formlos": True}}, "wrong_audience"),
        ({"aud": [CLIENT, "other"]}, "wrong_audience"),
        ({"aud": [CLIENT, "other"], "azp": "other"}, "wrong_audience"),
        ({"azp": "other"}, "wrong_audience"),
        ({"nonce": "another"}, "wrong_nonce"),
        ({"leave_out": "nonce"}, "wrong_nonce"),
        ({"exp": int(NOW.timestamp()) - 61}, "expired"),
        ({"iat": int(NOW.timestamp()) + 61}, "expired"),
        ({"iat": int(NOW.timestamp()) - 601}, "expired"),
        ({"leave_out": "exp"}, "malformed"),
        ({"iat": True}, "malformed"),
        ({"exp": "soon"}, "malformed"),
        ({"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"}, "bad_signature"),
        ({"leave_out": "sub"}, "malformed"),
        ({"sub": "a" * 201}, "malformed"),
        ({"sub": "a\n"}, "malformed"),
        ({"key": STRANGER}, "bad_signature"),
        ({"kid": "unknown"}, "bad_signature"),
        ({"key": RSA, "alg": "RS512", "kid": "rsa"}, "malformed"),
    ],
)
def test_a_token_is_refused_with_its_reason(changes: dict[str, Any], code: str) -> None:
    with pytest.raises(refusals.IdentityRefused) as refused:
        verify(id_token(**changes))
    assert refused.value.code == code


def test_several_audiences_count_when_we_are_the_authorized_party() -> None:
    assert verify(id_token(aud=[CLIENT, "other"], azp=CLIENT))


def test_a_minute_of_clock_skew_is_allowed() -> None:
    token = id_token()
    assert verify(token, now=NOW - timedelta(seconds=60)) and verify(token, now=NOW + timedelta(seconds=360))


def test_an_unsigned_token_is_refused() -> None:
    header = base64.urlsafe_b64encode(b'{"alg":"none"}').rstrip(b"=").decode()
    with pytest.raises(refusals.IdentityRefused):
        verify(f"{header}.{id_token().split('.')[1]}.")


def test_the_public_key_as_shared_secret_does_not_sign() -> None:
    secret = OctKey.import_key(json.dumps(KEYS[1], sort_keys=True))
    with pytest.raises(refusals.Malformed):
        verify(id_token(key=secret, alg="HS256", kid="rsa"))


def test_a_key_for_encryption_does_not_sign() -> None:
    with pytest.raises(id_tokens.UnknownKey):
        verify(id_token(), keys=[KEYS[0] | {"use": "enc"}])


def test_without_a_name_two_fitting_keys_are_no_key() -> None:
    another = dict(STRANGER.as_dict(private=False)) | {"kid": "ec2"}
    with pytest.raises(id_tokens.UnknownKey):
        verify(id_token(kid=None), keys=[*KEYS, another])


@pytest.mark.parametrize("token", ["", "a.b.c", "e30.e30.e30", "\xff", "W10.W10.W10"])
def test_what_is_no_token_is_malformed(token: str) -> None:
    with pytest.raises(refusals.IdentityRefused):
        verify(token)


def test_a_step_up_needs_a_fresh_identification() -> None:
    expected = Expected(ISSUER, CLIENT, NONCE, timedelta(minutes=5))
    second = int(NOW.timestamp())
    assert verify(id_token(auth_time=second - 300), expected=expected)
    with pytest.raises(refusals.TooOld):
        verify(id_token(auth_time=second - 361), expected=expected)
    with pytest.raises(refusals.Malformed):
        verify(id_token(), expected=expected)
