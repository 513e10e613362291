"""What anybody may see."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from formlos.base import daily
from formlos.base.security_headers import POLICY
from formlos.base.tenancy import Municipality, within
from formlos.portals.citizen.pages.towns import DAYS_LISTED


def text(response: Any) -> str:
    return response.content.decode().replace("\N{NO-BREAK SPACE}", " ")


def test_an_empty_node_says_which_command_adds_a_municipality(database: Any, client: Client) -> None:
    page = client.get("/")
    assert page.status_code == 200
    assert "formlos municipality add 08111000 Stuttgart" in text(page)


def test_the_start_page_asks_one_question_and_lists_towns_with_their_telephone(
    town: Municipality, client: Client
) -> None:
    page = text(client.get("/"))
    assert "Was ist passiert" in page
    assert "/musterstadt-08111000/" in page
    assert 'href="tel:012345670"' in page
    assert page.count('name="anliegen"') == 5


def test_a_towns_page_shows_contact_with_hours(town: Municipality, client: Client) -> None:
    page = text(client.get("/musterstadt-08111000/"))
    assert "Montag bis Freitag 8 bis 16 Uhr" in page
    assert 'href="tel:012345670"' in page


def test_a_town_that_does_not_exist_is_not_found_in_the_same_look(database: Any, client: Client) -> None:
    page = client.get("/nirgends/")
    assert page.status_code == 404
    assert "Diese Seite gibt es nicht" in text(page)
    assert "ui/formlos.css" in text(page)


def test_demo_data_are_labelled_on_every_page_of_the_town(town: Municipality, client: Client) -> None:
    assert "Demo – Spieldaten" in text(client.get("/musterstadt-08111000/"))
    Municipality.objects.update(settings={})
    assert "Demo – Spieldaten" not in text(client.get("/musterstadt-08111000/"))


def test_a_demo_node_labels_its_error_pages_too(demo: None, database: Any, client: Client) -> None:
    assert "Demo – Spieldaten" in text(client.get("/nirgends/"))


def test_the_crest_cannot_run_anything(town: Municipality, client: Client) -> None:
    crest = client.get("/musterstadt-08111000/wappen.svg")
    assert crest["Content-Type"] == "image/svg+xml"
    assert "sandbox" in crest["Content-Security-Policy"]


def test_seal_certificates_are_published_as_pem(town: Municipality, client: Client) -> None:
    pem = client.get("/musterstadt-08111000/siegel.pem")
    assert pem.content.startswith(b"-----BEGIN CERTIFICATE-----")
    assert "attachment" in pem["Content-Disposition"]


def test_sealed_days_can_be_read_and_downloaded(town: Municipality, client: Client) -> None:
    assert "Noch ist kein Tag versiegelt" in text(client.get("/musterstadt-08111000/journal/"))
    with within(town):
        root = daily.seal_day(day=date(2026, 3, 1))
    page = text(client.get("/musterstadt-08111000/journal/"))
    assert "1. März 2026" in page
    assert root.root in page
    assert client.get("/musterstadt-08111000/journal/2026-03-01.jws").content.decode() == root.seal
    assert client.get("/musterstadt-08111000/journal/2026-03-02.jws").status_code == 404


def test_a_seal_that_is_listed_no_more_can_still_be_downloaded(town: Municipality, client: Client) -> None:
    with within(town):
        oldest = daily.seal_day(day=date(2025, 1, 1))
        for number in range(DAYS_LISTED):
            daily.seal_day(day=date(2025, 6, 1) + timedelta(days=number))
    assert "2025-01-01.jws" not in text(client.get("/musterstadt-08111000/journal/"))
    assert client.get("/musterstadt-08111000/journal/2025-01-01.jws").content.decode() == oldest.seal


def test_the_law_page_shows_norms_sources_values_and_what_only_people_decide(
    town: Municipality, client: Client
) -> None:
    page = text(client.get("/musterstadt-08111000/recht/baumpatenschaft/"))
    assert "Paten müssen volljährig sein." in page
    assert "§ 2 Abs. 1 Baumsatzung" in page
    assert "Ihr Online-Ausweis (§ 2 Baumsatzung)" in page
    assert "seit 1. Januar 2020" in page
    assert "Ist der Baum noch frei?" in page


def test_every_link_within_the_law_page_has_its_target(town: Municipality, client: Client) -> None:
    page = text(client.get("/musterstadt-08111000/recht/baumpatenschaft/"))
    wanted = set(re.findall(r'href="#([^"]+)"', page))
    there = re.findall(r'id="([^"]+)"', page)
    assert wanted <= set(there)
    assert len(there) == len(set(there))


def test_a_service_that_is_not_offered_has_no_law_page(town: Municipality, client: Client) -> None:
    assert client.get("/musterstadt-08111000/recht/hundesteuer/").status_code == 404


def test_pages_come_in_english_on_demand(town: Municipality, client: Client) -> None:
    page = text(client.get("/", headers={"accept-language": "en"}))
    assert '<html lang="en"' in page
    assert "Your municipality" in page
    client.post("/sprache/", {"language": "en", "next": "/pruefen/"})
    assert "Is this document genuine?" in text(client.get("/pruefen/"))


@pytest.mark.parametrize("address", ["/", "/pruefen/", "/musterstadt-08111000/", "/nirgends/"])
def test_no_page_needs_scripts_inline_styles_or_other_hosts(town: Municipality, client: Client, address: str) -> None:
    page = client.get(address)
    assert page["Content-Security-Policy"] == POLICY
    assert "unsafe-inline" not in POLICY
    assert not re.search(r"<script|<style|\sstyle=|\son\w+=", text(page))
    assert not re.search(r'(?:src|href)="(?:https?:)?//', text(page))


def test_pages_are_kept_in_no_cache(town: Municipality, client: Client) -> None:
    assert client.get("/")["Cache-Control"] == "no-store"


def test_health_says_whether_the_database_is_there(database: Any, client: Client) -> None:
    assert client.get("/health").content == b"ok\n"


def test_dates_in_addresses_that_are_no_dates_are_not_found(town: Municipality, client: Client) -> None:
    assert client.get("/musterstadt-08111000/journal/2026-02-31.jws").status_code == 404
