"""Control characters in path, query and form are refused with a page; nothing breaks."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from formlos.cases.tests.conftest import elsewhere, founded, here
from formlos.portals.citizen.tests.musterstadt import browser
from formlos.portals.citizen.tests.test_links import text

__all__ = ["elsewhere", "founded", "here"]


@pytest.mark.parametrize(
    "address", ["/anmelden/?weiter=/%00", "/anmelden/?weiter=/%1f", "/%00/", "/anmelden/?a%0bb=1", "/static/%00"]
)
def test_an_address_with_control_characters_is_answered_with_a_page(here: Any, address: str) -> None:
    refused = browser().get(address)
    assert refused.status_code == 400 and "Diese Anfrage können wir nicht lesen" in text(refused)


@pytest.mark.parametrize("bad", ["\x00", "a\x07b", "\x1b[2J"])
def test_a_form_with_control_characters_is_answered_with_a_page(here: Any, bad: str) -> None:
    client: Client = browser()
    for form in ({"code": bad}, {bad: "x"}):
        refused = client.post(f"/{here.slug}/termin/", form)
        assert refused.status_code == 400 and "Diese Anfrage können wir nicht lesen" in text(refused)


def test_tabs_and_line_breaks_are_no_such_characters(here: Any) -> None:
    assert browser().post(f"/{here.slug}/termin/", {"code": "a\tb\r\nc"}).status_code != 400
