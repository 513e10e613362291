"""English pages read as English: days, names of registers and towns, quotation marks, one header everywhere."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from formlos.base.tenancy import Municipality
from formlos.dialogue.facts import supplier_in_words
from formlos.dialogue.words import day_in_words
from formlos.portals.citizen.tests.musterstadt import SLUG
from formlos.portals.citizen.tests.serving import CHROMIUM, browsing, serving
from formlos.portals.citizen.towns import town_of


def test_days_are_written_as_in_britain() -> None:
    with translation.override("en"):
        assert day_in_words(date(2026, 11, 22)) == "22 November 2026"


@pytest.mark.parametrize(
    ("supplier", "english"),
    [
        ("Verzeichnis der Behörden", "Directory of authorities"),
        ("Melderegister München", "Population register of Munich"),
        ("Melderegister Stuttgart", "Population register of Stuttgart"),
        ("Musterstadt", "Musterstadt"),
    ],
)
def test_registers_and_towns_have_their_english_names(supplier: str, english: str) -> None:
    with translation.override("en"):
        assert supplier_in_words(supplier) == english
    with translation.override("de"):
        assert supplier_in_words(supplier) == supplier


def test_office_hours_are_said_in_the_language_of_the_page_where_the_town_gives_them(stuttgart: Municipality) -> None:
    stuttgart.settings = {"letterhead": {"hours": "Mo–Fr 8–18 Uhr", "hours_en": "Mon–Fri 8 am–6 pm"}}
    for language, hours in (("de", "Mo–Fr 8–18 Uhr"), ("en", "Mon–Fri 8 am–6 pm"), ("tr", "Mo–Fr 8–18 Uhr")):
        with translation.override(language):
            contact = town_of(stuttgart).contact
            assert contact and contact.hours == hours


@pytest.mark.skipif(CHROMIUM is None, reason="no chromium")
def test_the_header_of_a_phone_has_the_same_rows_in_every_language_and_signed_in(town: Any, signed_in: Client) -> None:
    heights = set()
    with serving() as site, browsing(width=390, height=844) as page:
        for session in ("", signed_in.cookies["sitzung"].value):
            for language in ("de", "en", "tr", "uk"):
                cookies = [{"name": "django_language", "value": language, "url": site}]
                cookies += [{"name": "sitzung", "value": session, "url": site}] if session else []
                page.context.add_cookies(cookies)
                page.goto(f"{site}/{SLUG}/anliegen/")
                heights.add(page.locator(".f-head__row").bounding_box()["height"])
    assert len(heights) == 1
