"""Identifying by wallet: the pages in the browser and the addresses that wallets call."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import segno
from django.test import Client, override_settings
from django.utils.html import escape
from joserfc.jwk import ECKey

from formlos.base import clock
from formlos.identity.wallet import demo_pid, holding, operations, pid, queries, refusals
from formlos.identity.wallet.compact import from_base64url
from formlos.portals import signing_in
from formlos.portals.citizen import visits, wallet_problems
from formlos.portals.citizen.tests.musterstadt import ADA, browser

HOLDER = ECKey.generate_key("P-256")
WAIT = "/anmelden/wallet/warten/"


@pytest.fixture(autouse=True)
def simulated(demo: None, database: Any) -> None:
    demo_pid.enable()


def begun(client: Client, after: str = "/pruefen/") -> list[dict[str, Any]]:
    """The two requests of a browser, as wallets fetch them: for this device and for another."""
    assert client.post("/anmelden/wallet/", {"weiter": after})["Location"] == WAIT
    links = queries.links(browser=client.session["wallet"]["browser"])
    return [fetched(link) for link in links]


def fetched(link: str) -> dict[str, Any]:
    address = urlsplit(parse_qs(urlsplit(link).query)["request_uri"][0]).path
    answer = browser().get(address)
    assert answer["Content-Type"] == "application/oauth-authz-req+jwt"
    claims = json.loads(from_base64url(answer.content.decode().split(".")[1]))
    return claims | {"path": urlsplit(claims["response_uri"]).path}


def presented(request: dict[str, Any], **changes: Any) -> dict[str, str]:
    issued = demo_pid.issue(person=ADA, holder=HOLDER)
    given = {"key": HOLDER, "audience": request["client_id"], "nonce": request["nonce"], "now": clock.now()}
    shown = holding.present(issued, holding.disclosures_for(issued, pid.PATHS), **given | changes)
    return {"vp_token": json.dumps({"pid": [shown]}), "state": request["state"]}


def posted(request: dict[str, Any], form: dict[str, str]) -> Any:
    """What a wallet posts; it has no cookies and knows of no token of the pages."""
    kind = "application/x-www-form-urlencoded"
    return browser(enforce_csrf_checks=True).post(request["path"], urlencode(form), content_type=kind)


def is_signed_in(client: Client) -> bool:
    return bool(client.session.get(visits.KEY))


def test_nothing_begins_by_a_link(client: Client) -> None:
    page = client.get("/anmelden/wallet/?weiter=/pruefen/")
    assert "Danach fragen wir" in page.content.decode() and "wallet" not in client.session
    assert browser(enforce_csrf_checks=True).post("/anmelden/wallet/").status_code == 403


def test_the_waiting_page_offers_both_ways_and_looks_again_by_itself(client: Client) -> None:
    begun(client)
    page = client.get(WAIT)
    text = page.content.decode()
    assert "http://localhost:8003/?client_id=" in text and "data:image/svg+xml" in text and "openid4vp://" in text
    _, elsewhere = queries.links(browser=client.session["wallet"]["browser"], wallet="http://localhost:8003/")
    assert escape(segno.make(elsewhere, error="l").svg_data_uri(scale=4, border=4, light="white")) in text
    assert page["Refresh"] == "5" and "Refresh" not in client.get(f"{WAIT}?ruhe")


def test_outside_a_demo_the_links_open_the_wallet_app(client: Client) -> None:
    begun(client)
    with override_settings(DEMO=False):
        text = client.get(WAIT).content.decode()
    assert 'href="openid4vp://?client_id=' in text and "8003" not in text and "imuliert" not in text


def test_the_wallet_on_this_device_leads_back_into_the_session(client: Client) -> None:
    here, _ = begun(client)
    back = posted(here, presented(here)).json()["redirect_uri"]
    assert not is_signed_in(client)
    assert client.get(back)["Location"] == "/pruefen/"
    assert is_signed_in(client)


def test_the_wallet_on_another_device_is_noticed_by_the_waiting_page(client: Client) -> None:
    _, elsewhere = begun(client)
    assert posted(elsewhere, presented(elsewhere)).json() == {}
    assert client.get(WAIT)["Location"] == "/pruefen/"
    assert is_signed_in(client)


def test_an_answer_on_this_device_signs_nobody_in_who_only_waits(client: Client) -> None:
    here, _ = begun(client)
    posted(here, presented(here))
    page = client.get(WAIT)
    assert page.status_code == 200 and "Ihre Wallet hat geantwortet" in page.content.decode()
    assert not is_signed_in(client)


def test_who_lures_somebody_into_answering_does_not_get_the_session(client: Client) -> None:
    attacker, victim = client, browser()
    here, _ = begun(attacker)
    back = posted(here, presented(here)).json()["redirect_uri"]
    page = victim.get(back)
    assert page.status_code == 403 and "in einem anderen Browser begonnen" in page.content.decode()
    begun(victim)
    assert victim.get(back).status_code == 403
    assert attacker.get("/anmelden/wallet/zurueck/?code=guessed").status_code == 403
    assert not is_signed_in(attacker) and not is_signed_in(victim)


def test_an_answer_counts_once_and_so_does_the_way_back(client: Client) -> None:
    here, _ = begun(client)
    form = presented(here)
    back = posted(here, form).json()["redirect_uri"]
    again = posted(here, form)
    assert again.status_code == 409 and again.json()["error_description"].startswith("answered_before")
    kept = {name: value.value for name, value in client.cookies.items()}
    client.get(back)
    thief = browser()
    thief.cookies.load(kept)
    assert thief.get(back).status_code == 403


def test_a_refusal_in_the_wallet_is_said_on_the_page_and_one_may_begin_again(client: Client) -> None:
    here, _ = begun(client)
    back = posted(here, {"error": "access_denied", "state": here["state"]}).json()["redirect_uri"]
    assert "code" not in back and client.get(back)["Location"] == WAIT
    text = client.get(WAIT).content.decode()
    assert "Sie haben in der Wallet abgelehnt" in text and 'value="/pruefen/"' in text
    begun(client)
    assert "Simulierte Wallet öffnen" in client.get(WAIT).content.decode()


def test_a_wrong_answer_gets_an_oauth_error_and_a_page_that_says_what_to_do(client: Client) -> None:
    here, _ = begun(client)
    answer = posted(here, presented(here, nonce="another"))
    assert answer.status_code == 400 and answer.json()["error"] == "invalid_request"
    assert answer.json()["error_description"].startswith("wrong_nonce")
    assert "gehört nicht zu Ihrer Anfrage" in client.get(WAIT).content.decode()


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"{}", "application/json", 415),
        (b"vp_token=x", "text/plain", 415),
        (b"vp_token=" + b"x" * 200_000, "application/x-www-form-urlencoded", 413),
    ],
)
def test_what_is_no_answer_does_not_end_the_request(client: Client, body: bytes, kind: str, status: int) -> None:
    here, _ = begun(client)
    answer = browser().post(here["path"], body, content_type=kind)
    assert answer.status_code == status and answer.json()["error"] == "invalid_request"
    assert posted(here, presented(here)).status_code == 200


def test_requests_that_nobody_made_are_not_found() -> None:
    assert browser().get("/wallet/anfrage/unknown").status_code == 404
    assert (
        browser().post("/wallet/antwort/unknown", {}, content_type="application/x-www-form-urlencoded").status_code
        == 404
    )
    assert browser().get("/wallet/antwort/unknown").status_code == 405
    assert browser().get(WAIT).status_code == 404


def test_the_wallets_nonce_stands_in_the_request(client: Client) -> None:
    here, _ = begun(client)
    address = here["path"].replace("antwort", "anfrage")
    answer = browser(enforce_csrf_checks=True).post(address, {"wallet_nonce": "abc"})
    assert json.loads(from_base64url(answer.content.decode().split(".")[1]))["wallet_nonce"] == "abc"
    assert browser().post(address, {"wallet_nonce": "a" * 501}).status_code == 400


def test_nobody_is_led_to_a_foreign_site(client: Client) -> None:
    _, elsewhere = begun(client, after="https://evil.example/")
    posted(elsewhere, presented(elsewhere))
    assert client.get(WAIT)["Location"] == "/"


def test_nothing_of_the_person_is_logged(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    here, _ = begun(client)
    form = presented(here)
    back = posted(here, form).json()["redirect_uri"]
    client.get(back)
    for secret in ("Groß", "Lindenweg", back.rpartition("=")[2], here["nonce"], form["vp_token"][20:60]):
        assert secret not in caplog.text


def test_every_refusal_has_words_of_its_own() -> None:
    general = wallet_problems.describe("unheard_of").title
    refused = {one.code for one in refusals.WalletRefused.__subclasses__()} - {"wallet_malformed"}
    assert {code for code in refused if wallet_problems.describe(code).title == general} == set()


def choice(client: Client, **query: str) -> str:
    return client.get("/anmelden/", {"weiter": "/pruefen/"} | query).content.decode()


def test_the_choice_of_ways_to_sign_in_offers_the_wallet(client: Client) -> None:
    text = choice(client, stufe="high")
    assert 'href="/anmelden/wallet/?weiter=%2Fpruefen%2F"' in text and "simuliert, nur für die Vorführung" in text


def test_the_wallet_is_offered_only_where_an_issuer_vouches_for_what_is_needed(client: Client) -> None:
    with override_settings(DEMO=False):
        assert "/anmelden/wallet/" not in choice(client)
        key = HOLDER.as_dict(private=False)
        operations.trust_wallet_issuer(issuer="https://pid.example", name="PID", keys=[key], level="substantial")
        text = choice(client, stufe="substantial")
        assert "/anmelden/wallet/" in text and "imuliert" not in text
        assert "/anmelden/wallet/" not in choice(client, stufe="high")


def test_a_browser_that_begins_again_and_again_has_to_wait(client: Client) -> None:
    for _ in range(signing_in.BY_BROWSER.most):
        begun(client)
    page = client.post("/anmelden/wallet/", {"weiter": "/pruefen/"})
    assert page.status_code == 429 and int(page["Retry-After"]) > 0
    assert "Das waren zu viele Versuche" in page.content.decode()
