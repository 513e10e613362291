"""What was typed and could not be taken: the login was over or too weak, or another tab signed in meanwhile."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.core import signing
from django.test import Client

from formlos.base import clock
from formlos.base.tenancy import Municipality
from formlos.identity import demo_issuer
from formlos.portals import kept
from formlos.portals.citizen.tests.musterstadt import ADA, browser, issue_assertion
from formlos.portals.citizen.tests.test_answering import at, state, text

TYPED = "Am Ufer 3, hinter der »Brücke«"
FORM = {"frage": "standort", "standort": TYPED, "csrfmiddlewaretoken": "x"}
HERE = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}
OVER = "Ihre Anmeldung war abgelaufen. Ihre Eingaben stehen noch da; bitte senden Sie sie noch einmal."
STALE = "Sie haben sich inzwischen neu angemeldet, vielleicht in einem anderen Fenster. Ihre Eingaben stehen noch da"


@pytest.fixture
def later() -> Iterator[None]:
    """Thirty-one idle minutes on."""
    with clock.frozen(clock.now() + timedelta(minutes=31)):
        yield


def sign_in(client: Client, *, subject: str = "card-1", level: str = "high", way: str = "/") -> Any:
    person = ADA | ({} if subject == "card-1" else {"familienname": "Anders"})
    demo_issuer.enable()
    token = demo_issuer.issue(person=person, subject=subject, level=level)
    return client.post("/anmelden/demo/", {"nachweis": token, "weiter": way}, headers=HERE)


def send(client: Client, case: UUID, place: str = "fragen/", form: dict[str, str] = FORM, **more: Any) -> Any:
    return client.post(at(case, place), form, **more)


@pytest.mark.parametrize("gone", [False, True])
def test_after_an_expired_login_the_answer_stands_in_its_field_again(
    town: Municipality, case: UUID, signed_in: Client, later: None, gone: bool
) -> None:
    if gone:
        del signed_in.cookies["sitzung"]
    sent = send(signed_in, case)
    assert sent.status_code == 302
    choice = text(signed_in.get(sent["Location"]))
    assert "Ihre Anmeldung ist abgelaufen" in choice and "steht nach der Anmeldung wieder in den Feldern" in choice
    sign_in(signed_in)
    page = signed_in.get(at(case, "fragen/"), follow=True)
    assert OVER in text(page) and f'value="{TYPED}"' in text(page)
    assert "standort" not in state(town, case).facts, "nothing is sent by itself"


def test_once_the_answer_is_sent_it_is_kept_no_longer(
    town: Municipality, case: UUID, signed_in: Client, later: None
) -> None:
    send(signed_in, case)
    sign_in(signed_in)
    send(signed_in, case)
    assert state(town, case).facts["standort"].value == TYPED
    page = text(signed_in.get(at(case, "angaben/standort/")))
    assert OVER not in page
    assert "eingaben" not in signed_in.cookies or not signed_in.cookies["eingaben"].value


def test_nobody_else_gets_what_was_typed(case: UUID, signed_in: Client, later: None) -> None:
    sent = send(signed_in, case)
    sign_in(signed_in, subject="card-2")
    pages = [signed_in.get(at(case, "fragen/"), follow=True), signed_in.get("/meine/"), signed_in.get(sent["Location"])]
    assert pages[0].status_code == 404
    assert not any(TYPED in text(page) for page in pages)


def test_the_cookie_says_nothing_to_whoever_reads_it(case: UUID, signed_in: Client, later: None) -> None:
    cookie = send(signed_in, case).cookies["eingaben"]
    inside = signing.loads(cookie.value, salt="eingaben")
    assert "Ufer" not in inside and "standort" not in inside and str(case) not in inside
    assert (cookie["max-age"], cookie["httponly"], cookie["samesite"], cookie["path"]) == (900, True, "Lax", "/")


def test_another_page_of_the_same_case_does_not_take_it(case: UUID, signed_in: Client, later: None) -> None:
    send(signed_in, case)
    sign_in(signed_in)
    page = text(signed_in.get(at(case, "stimmt-nicht/familienname/")))
    assert OVER not in page


def test_after_a_quarter_of_an_hour_it_is_gone(
    case: UUID, signed_in: Client, later: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(signed_in, case)
    sign_in(signed_in)
    monkeypatch.setattr(kept, "LIFE", timedelta(0))
    assert TYPED not in text(signed_in.get(at(case, "fragen/"), follow=True))


def test_signing_out_takes_it_away(case: UUID, signed_in: Client, later: None) -> None:
    send(signed_in, case)
    assert signed_in.post("/abmelden/").cookies["eingaben"]["max-age"] == 0


def test_what_is_too_long_for_a_cookie_is_not_promised(case: UUID, signed_in: Client, later: None) -> None:
    noise = "".join(chr(0x4E00 + n * 7919 % 20000) for n in range(4000))
    sent = send(signed_in, case, form=FORM | {"standort": noise})
    assert not sent.cookies["eingaben"].value
    choice = text(signed_in.get(sent["Location"]))
    assert "Ihre Anmeldung ist abgelaufen" in choice and "wieder in den Feldern" not in choice


def test_a_reason_of_two_thousand_characters_is_kept(case: UUID, signed_in: Client, later: None) -> None:
    words = ["Straße", "Wohnung", "nicht", "gezogen", "vielleicht", "Вулиця", "Müller", "seit", "dem", "1. März"]
    reason = " ".join(words[n * n * 31 % 10] + str(n % 7) for n in range(400))[:2000]
    sent = send(signed_in, case, "stimmt-nicht/familienname/", {"grund": reason})
    assert len(sent.cookies["eingaben"].value) < 3900
    sign_in(signed_in)
    page = text(signed_in.get(at(case, "stimmt-nicht/familienname/")))
    assert reason[:100] in page and OVER in page


def test_a_step_up_brings_the_form_back(town: Municipality, case: UUID, client: Client) -> None:
    sign_in(client, level="none")
    up = send(client, case)
    assert "stufe=" in up["Location"] and "abgelaufen" not in up["Location"]
    sign_in(client)
    page = text(client.get(at(case, "fragen/"), follow=True))
    assert "Sie haben sich ausgewiesen. Ihre Eingaben stehen noch da" in page and f'value="{TYPED}"' in page
    assert "standort" not in state(town, case).facts


def test_what_was_picked_as_wrong_is_still_picked_after_a_step_up(decided: UUID, client: Client) -> None:
    sign_in(client, level="none")
    up = send(client, decided, "falsch/", {"angabe": "anderes"})
    assert "stufe=" in up["Location"]
    sign_in(client)
    page = text(client.get(at(decided, "falsch/")))
    assert "Sie haben sich ausgewiesen." in page
    assert not re.search(r'value="anderes"(?! id="a0" checked)', page)


def test_a_page_with_a_button_only_asks_to_press_again(case: UUID, signed_in: Client, later: None) -> None:
    send(signed_in, case, "zuruecknehmen/", {})
    sign_in(signed_in)
    assert "bitte drücken Sie noch einmal auf den Knopf" in text(signed_in.get(at(case, "zuruecknehmen/")))


def test_whoever_comes_back_from_cancelling_an_appointment_finds_a_page(case: UUID, signed_in: Client) -> None:
    assert signed_in.get(at(case, "termin/absagen/")).status_code == 302


@pytest.fixture
def two_tabs(case: UUID, assertion: str) -> tuple[Client, str]:
    """Ada's browser and the token of the form in its first tab, after she signed in again in the second one."""
    client = browser(enforce_csrf_checks=True)
    enter(client, assertion)
    page = text(client.get(at(case, "fragen/"), follow=True))
    stale = token_in(page)
    enter(client, issue_assertion(person=ADA, subject="card-1"))
    return client, stale


def token_in(page: str) -> str:
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert found
    return found[1]


def enter(client: Client, assertion: str) -> None:
    token = token_in(text(client.get("/anmelden/demo/", {"nachweis": assertion})))
    client.post("/anmelden/demo/", {"nachweis": assertion, "csrfmiddlewaretoken": token}, headers=HERE)


def test_the_form_of_an_old_tab_comes_back_with_what_was_typed_and_a_new_token(
    town: Municipality, case: UUID, two_tabs: tuple[Client, str]
) -> None:
    client, stale = two_tabs
    sent = send(client, case, form=FORM | {"csrfmiddlewaretoken": stale}, headers=HERE)
    assert (sent.status_code, sent["Location"]) == (302, at(case, "fragen/"))
    assert "standort" not in state(town, case).facts
    page = text(client.get(sent["Location"], follow=True))
    assert STALE in page and f'value="{TYPED}"' in page
    assert send(client, case, form=FORM | {"csrfmiddlewaretoken": token_in(page)}, headers=HERE).status_code == 302
    assert state(town, case).facts["standort"].value == TYPED


def test_a_referer_of_this_site_is_enough_where_there_is_no_origin(case: UUID, two_tabs: tuple[Client, str]) -> None:
    assert send(two_tabs[0], case, headers={"Referer": f"http://localhost{at(case, 'fragen/')}"}).status_code == 302


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "https://boese.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost:9000"},
        {"Referer": "http://localhost.boese.example/"},
        HERE | {"Sec-Fetch-Site": "cross-site"},
    ],
)
def test_a_form_of_another_site_gets_nothing_back(
    town: Municipality, case: UUID, two_tabs: tuple[Client, str], headers: dict[str, str]
) -> None:
    refused = send(two_tabs[0], case, headers=headers)
    assert refused.status_code == 403 and TYPED not in text(refused)
    assert "eingaben" not in refused.cookies
    assert TYPED not in text(two_tabs[0].get(at(case, "fragen/"), follow=True))
    assert "standort" not in state(town, case).facts


def test_a_browser_without_cookies_is_not_sent_round_in_circles(case: UUID) -> None:
    assert send(browser(enforce_csrf_checks=True), case, headers=HERE).status_code == 403
