"""How long a visit lasts: what a person does prolongs it, what a page does by itself does not."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

import formlos.base.ui
from formlos.base import clock
from formlos.portals.citizen.tests.musterstadt import ADA, SLUG, browser, issue_assertion
from formlos.portals.polling import HEADER

SCRIPT = Path(formlos.base.ui.__file__).parent / "static" / "ui" / "live.js"
POLLS: list[dict[str, Any]] = [{"headers": {HEADER: "1"}}, {"query_params": {"nachsehen": ""}}]


def after(minutes: int) -> Any:
    return clock.frozen(clock.now() + timedelta(minutes=minutes))


@pytest.mark.parametrize("poll", POLLS)
def test_a_page_that_looks_again_by_itself_does_not_prolong_the_visit(
    decided: UUID, signed_in: Client, poll: dict[str, Any]
) -> None:
    page = f"/{SLUG}/vorgang/{decided}/"
    with after(20):
        assert signed_in.get(page, **poll).status_code == 200
    with after(31):
        gone = signed_in.get(page, **poll)
        assert gone.status_code == 302
        assert gone["Location"] == f"/anmelden/?weiter={page.replace('/', '%2F')}&abgelaufen=1"


def test_a_person_who_looks_prolongs_it(decided: UUID, signed_in: Client) -> None:
    page = f"/{SLUG}/vorgang/{decided}/"
    with after(20):
        assert signed_in.get(page).status_code == 200
    with after(31):
        assert signed_in.get(page).status_code == 200


def test_a_form_prolongs_it_wherever_it_was_sent_from(case: UUID, signed_in: Client) -> None:
    with after(20):
        signed_in.post(f"/{SLUG}/vorgang/{case}/fragen/?nachsehen", {"frage": "standort", "standort": ""})
    with after(31):
        assert signed_in.get(f"/{SLUG}/vorgang/{case}/fragen/?frage=standort").status_code == 200


def test_every_page_that_looks_again_says_so(town: Any) -> None:
    sources = Path(formlos.base.ui.__file__).parents[2]
    pages = [file.read_text() for file in sources.rglob("templates/**/*.html")]
    reloading = [page for page in pages if 'http-equiv="refresh"' in page]
    assert len(reloading) >= 4
    assert all('content="5; url=?nachsehen"' in page for page in reloading)
    assert f'"{HEADER}": "1"' in SCRIPT.read_text()


def test_the_account_page_lists_the_visits_and_ends_all_but_this_one(town: Any, signed_in: Client) -> None:
    library = browser()
    library.post("/anmelden/demo/", {"nachweis": issue_assertion(person=ADA, subject="card-1")})
    page = signed_in.get("/meine/konto/").content.decode()
    assert page.count("Angemeldet mit:") == 2 and page.count("diese Anmeldung") == 1
    done = signed_in.post("/meine/konto/ueberall-ausloggen/")
    page = signed_in.get(done["Location"]).content.decode()
    assert "Sie sind überall sonst ausgeloggt." in page and page.count("Angemeldet mit:") == 1
    assert "Überall sonst ausloggen" not in page
    assert library.get("/meine/").status_code == 302


def test_a_button_of_the_account_page_pressed_too_late_leads_back_to_that_page(town: Any, client: Client) -> None:
    for button in ("ueberall-ausloggen/", "e-mail/", "e-mail/wahl/"):
        assert client.post(f"/meine/konto/{button}")["Location"] == "/anmelden/?weiter=%2Fmeine%2Fkonto%2F"
