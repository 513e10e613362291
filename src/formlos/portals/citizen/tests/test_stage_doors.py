"""The stage exists on demo nodes only, and its buttons obey nobody but whoever shows."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client, override_settings

from formlos.base import clock
from formlos.base.tenancy import Municipality
from formlos.portals.citizen.stage import doors
from formlos.portals.citizen.tests.musterstadt import browser

STAGE = "/vorfuehrung/"
PHONE = {"REMOTE_ADDR": "192.168.1.77"}


def is_off(town: Municipality) -> bool:
    return bool(Municipality.objects.get(id=town.id).settings.get("offline"))


def press(client: Client, button: str, **more: Any) -> Any:
    return client.post(STAGE, {"tun": button}, **more)


def test_a_node_that_is_no_demo_has_no_stage(stuttgart: Municipality, munich: Municipality) -> None:
    assert browser().get(STAGE).status_code == 404
    assert press(browser(), "ziehen").status_code == 404
    assert not is_off(munich)


def test_a_demo_without_both_towns_has_no_stage(demo: None, stuttgart: Municipality) -> None:
    assert browser().get(STAGE).status_code == 404


def test_who_sits_at_the_machine_presses_the_buttons(demo: None, stuttgart: Municipality, munich: Municipality) -> None:
    assert "Stecker ziehen" in browser().get(STAGE).content.decode()
    assert press(browser(), "ziehen").status_code == 302
    assert is_off(munich) and not is_off(stuttgart)
    assert "Stecker gezogen" in browser().get(STAGE).content.decode()
    assert press(browser(), "stecken").status_code == 302
    assert not is_off(munich)


def test_a_reset_is_asked_once_more(demo: None, stuttgart: Municipality, munich: Municipality) -> None:
    page = browser().get(STAGE).content.decode()
    assert 'href="?zuruecksetzen"' in page and 'value="zurueck"' not in page
    asked = browser().get(f"{STAGE}?zuruecksetzen").content.decode()
    assert "Wirklich alles zurücksetzen?" in asked and 'value="zurueck"' in asked
    assert 'value="zurueck"' not in browser().get(f"{STAGE}?zuruecksetzen", **PHONE).content.decode()


def test_a_code_for_phones_is_shown_only_where_phones_reach_the_address(
    demo: None, stuttgart: Municipality, munich: Municipality
) -> None:
    page = browser().get(STAGE).content.decode()
    assert "QR-Code" not in page and "nur an diesem Rechner" in page and "make demo" in page
    with override_settings(PUBLIC_URL="http://192.168.1.5:8000"):
        page = browser().get(STAGE).content.decode()
    assert "QR-Code" in page and "make demo" not in page


def test_buttons_need_the_token_of_the_form(demo: None, stuttgart: Municipality, munich: Municipality) -> None:
    assert press(browser(enforce_csrf_checks=True), "ziehen").status_code == 403
    assert not is_off(munich)


def test_a_phone_looks_on_and_presses_nothing(demo: None, stuttgart: Municipality, munich: Municipality) -> None:
    page = browser().get(STAGE, **PHONE)
    assert page.status_code == 200 and "Stecker ziehen" not in page.content.decode()
    refused = press(browser(), "ziehen", **PHONE)
    assert refused.status_code == 403 and "nur an diesem Rechner" in refused.content.decode()
    assert not is_off(munich)


def test_a_forwarded_address_is_not_believed(demo: None, stuttgart: Municipality, munich: Municipality) -> None:
    assert press(browser(), "ziehen", **PHONE, HTTP_X_FORWARDED_FOR="127.0.0.1").status_code == 403


def test_the_key_of_the_stage_opens_its_buttons(demo: None, stuttgart: Municipality, munich: Municipality) -> None:
    phone = browser()
    assert phone.get(STAGE, {"schluessel": doors.key()}, **PHONE).status_code == 302
    assert press(phone, "ziehen", **PHONE).status_code == 302
    assert is_off(munich)


@pytest.mark.parametrize("wrong", ["", "x", "ä" * 500, "null"])
def test_a_wrong_key_opens_nothing(demo: None, stuttgart: Municipality, munich: Municipality, wrong: str) -> None:
    phone = browser()
    assert phone.get(STAGE, {"schluessel": wrong}, **PHONE).status_code == 403
    assert press(phone, "ziehen", **PHONE).status_code == 403


def test_a_made_up_cookie_opens_nothing(demo: None, stuttgart: Municipality, munich: Municipality) -> None:
    phone = browser()
    phone.cookies["vorfuehrung"] = doors.key()
    assert press(phone, "ziehen", **PHONE).status_code == 403


def test_guessing_the_key_ends_soon(demo: None, stuttgart: Municipality, munich: Municipality) -> None:
    answers = [browser().get(STAGE, {"schluessel": f"guess-{n}"}, **PHONE).status_code for n in range(11)]
    assert answers == [403] * 10 + [429]


def test_an_unknown_button_is_refused(demo: None, stuttgart: Municipality, munich: Municipality) -> None:
    assert press(browser(), "sprengen").status_code == 403


def test_the_next_day_comes_for_the_whole_node_and_codes_are_for_that_day(
    demo: None, stuttgart: Municipality, munich: Municipality
) -> None:
    true_day = clock.today()
    clock.follow(settings.HOME / clock.DEMO_FILE)
    try:
        for _ in range(2):
            assert press(browser(), "tag").status_code == 302
        assert clock.today() == true_day + timedelta(days=2)
        assert "Die Uhr läuft 2 Tage voraus" in browser().get(STAGE).content.decode()
        clock.run_ahead(settings.HOME / clock.DEMO_FILE, days=clock.MOST_DAYS_AHEAD)
        assert press(browser(), "tag").status_code == 403
    finally:
        clock.follow(None)
