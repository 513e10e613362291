"""The simulated provider keeps to the standard, so that the node cannot tell it from a real one."""

from __future__ import annotations

import base64
import hashlib
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest

from formlos.identity.tests.providing import CLIENT, PUBLIC, SECRET, Visitor, query_of

BACK = f"{PUBLIC}/anmelden/zurueck/demo/"
VERIFIER = "v" * 43
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()


def request_to(provider: str, **changes: str) -> str:
    query = {
        "response_type": "code",
        "client_id": CLIENT.id,
        "redirect_uri": BACK,
        "scope": "openid",
        "state": "s",
        "nonce": "n",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
    }
    return f"{provider}/anmelden?{urlencode(query | changes)}"


def redeem(provider: str, code: str, *, secret: str = SECRET, **changes: str) -> httpx.Response:
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": BACK, "code_verifier": VERIFIER}
    form |= {"client_id": CLIENT.id, "client_secret": secret}
    return httpx.post(f"{provider}/token", data=form | changes, trust_env=False)


@pytest.fixture
def code(identity_provider: str) -> str:
    return query_of(Visitor().agree(request_to(identity_provider)))["code"]


def test_the_metadata_name_the_issuer_and_only_what_is_there(identity_provider: str) -> None:
    found = httpx.get(f"{identity_provider}/.well-known/openid-configuration", trust_env=False).json()
    assert found["issuer"] == identity_provider
    for name in ("authorization_endpoint", "token_endpoint", "jwks_uri", "userinfo_endpoint", "end_session_endpoint"):
        assert httpx.get(found[name], trust_env=False).status_code != 404
    keys = httpx.get(found["jwks_uri"], trust_env=False).json()["keys"]
    assert keys and all("d" not in key for key in keys)


def test_the_answer_carries_state_and_issuer(identity_provider: str) -> None:
    answer = query_of(Visitor().agree(request_to(identity_provider)))
    assert (answer["state"], answer["iss"]) == ("s", identity_provider)


@pytest.mark.parametrize("changes", [{"client_id": "x"}, {"redirect_uri": "https://mallory.example/"}])
def test_nobody_is_sent_to_an_address_that_is_not_registered(identity_provider: str, changes: dict[str, str]) -> None:
    page = Visitor().open(request_to(identity_provider, **changes))
    assert page.status_code == 400 and "Location" not in page.headers


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"scope": "profile"}, "invalid_scope"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge": ""}, "invalid_request"),
        ({"prompt": "none"}, "login_required"),
    ],
)
def test_a_request_that_cannot_be_served_comes_back_with_its_error(
    identity_provider: str, changes: dict[str, str], error: str
) -> None:
    answer = query_of(Visitor().open(request_to(identity_provider, **changes)).headers["Location"])
    assert (answer["error"], answer["state"]) == (error, "s")


def test_a_code_is_redeemed_once(identity_provider: str, code: str) -> None:
    assert redeem(identity_provider, code).status_code == 200
    again = redeem(identity_provider, code)
    assert (again.status_code, again.json()) == (400, {"error": "invalid_grant"})


@pytest.mark.parametrize(
    ("changes", "answer"),
    [
        ({"secret": "wrong"}, (401, "invalid_client")),
        ({"client_id": "x"}, (401, "invalid_client")),
        ({"code_verifier": "w" * 43}, (400, "invalid_grant")),
        ({"redirect_uri": f"{PUBLIC}/"}, (400, "invalid_grant")),
        ({"grant_type": "password"}, (400, "unsupported_grant_type")),
    ],
)
def test_a_code_is_for_its_client_address_and_verifier_only(
    identity_provider: str, code: str, changes: dict[str, str], answer: tuple[int, str]
) -> None:
    found = redeem(identity_provider, code, **changes)
    assert (found.status_code, found.json()["error"]) == answer


def test_userinfo_tells_of_the_person_to_the_bearer_only(identity_provider: str, code: str) -> None:
    tokens: dict[str, Any] = redeem(identity_provider, code).json()
    told = httpx.get(
        f"{identity_provider}/userinfo",
        headers={"Authorization": f"Bearer {tokens['access_token']}"},
        trust_env=False,
    ).json()
    assert (told["sub"], told["familienname"]) == ("anna", "Müller-Øster")
    refused = httpx.get(f"{identity_provider}/userinfo", headers={"Authorization": "Bearer x"}, trust_env=False)
    assert refused.status_code == 401


def test_every_page_says_that_it_is_simulated(identity_provider: str) -> None:
    for address in (request_to(identity_provider), f"{identity_provider}/anmelden", f"{identity_provider}/abmelden"):
        assert "Simulation – kein echter Ausweisdienst" in Visitor().open(address).text


def test_signing_out_leads_back_to_registered_addresses_only(identity_provider: str) -> None:
    query = urlencode({"client_id": CLIENT.id, "post_logout_redirect_uri": "https://mallory.example/"})
    assert Visitor().open(f"{identity_provider}/abmelden?{query}").status_code == 200
