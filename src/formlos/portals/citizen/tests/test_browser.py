"""Every page in a real browser, on a phone and on a desk: accessible, nothing cut off, nothing refused by the policy."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.test import override_settings
from tests.eyes import findings

from formlos.config import processes
from formlos.identity.tests.providing import allow, connect
from formlos.portals.citizen.tests.musterstadt import SLUG, issue_assertion, open_case
from formlos.portals.citizen.tests.serving import CHROMIUM, browsing, serving

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium; apt install chromium-headless-shell")

SIZES = [pytest.param(1280, 800, id="desk"), pytest.param(360, 740, id="phone")]
FINDER = (f"/{SLUG}/finden/", f"/{SLUG}/anliegen/", f"/{SLUG}/lebenslage/tiere/", f"/{SLUG}/anliegen/reisepass/")
PUBLIC = (*FINDER, "/", "/pruefen/", f"/{SLUG}/", f"/{SLUG}/journal/", f"/{SLUG}/recht/baumpatenschaft/", "/nirgends/")
OWN = ("/", "/meine/", "/meine/daten/", "/meine/konto/", "/meine/konto/schliessen/")
NOBODY = {"familienname": "Neu", "vornamen": "Ina", "geburtsdatum": "1980-01-01", "ausweis_art": "personalausweis"}


def without_refresh(route: Any) -> None:
    """Keep a page that looks again by itself still for as long as it is examined."""
    answer = route.fetch(max_redirects=0)
    headers = {name: value for name, value in answer.headers.items() if name.lower() != "refresh"}
    route.fulfill(response=answer, headers=headers)


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_public_pages_are_accessible_and_fit(town: Any, demo: None, width: int, height: int) -> None:
    wrong = {}
    with serving() as site, browsing(width=width, height=height) as page:
        complaints: list[str] = []
        page.on("console", lambda message: complaints.append(message.text))
        for address in PUBLIC:
            page.goto(site + address)
            wrong[address] = findings(page, complaints)
    assert not {address: found for address, found in wrong.items() if found}


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_a_person_signs_in_and_reads_the_decision(decided: UUID, assertion: str, width: int, height: int) -> None:
    with serving() as site, browsing(width=width, height=height) as page:
        complaints: list[str] = []
        page.on("console", lambda message: complaints.append(message.text))
        page.goto(f"{site}/anmelden/demo/?nachweis={assertion}&weiter=/{SLUG}/vorgang/{decided}/")
        wrong = findings(page, complaints)
        page.get_by_role("button", name="Ausweisen").click()
        assert page.get_by_role("heading", level=1).inner_text() == "Der Baum gehört jetzt zu Ihnen."
        while page.locator("details:not([open])").count():
            page.locator("details:not([open]) > summary").first.click()
        wrong += findings(page, complaints)
        assert "Lindenweg 3, 12345 Musterstadt" in page.locator("main").inner_text()
        page.get_by_role("link", name="Warum das so entschieden ist").click()
        while page.locator("details:not([open])").count():
            page.locator("details:not([open]) > summary").first.click()
        assert "Baumsatzung" in page.locator("main").inner_text()
        wrong += findings(page, complaints)
    assert not wrong


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_a_file_that_is_no_document_is_answered_on_the_same_page(town: Any, width: int, height: int) -> None:
    with serving() as site, browsing(width=width, height=height) as page:
        complaints: list[str] = []
        page.on("console", lambda message: complaints.append(message.text))
        page.goto(f"{site}/pruefen/")
        file = {"name": "foto.pdf", "mimeType": "application/pdf", "buffer": b"kein PDF"}
        page.get_by_label("Dokument als PDF").set_input_files(file)
        page.get_by_role("button", name="Prüfen", exact=True).click()
        assert "Die Datei ist kein PDF-Dokument." in page.locator("main").inner_text()
        wrong = findings(page, complaints)
    assert not wrong


def test_the_keyboard_reaches_the_content_first(town: Any) -> None:
    with serving() as site, browsing(width=1280, height=800) as page:
        page.goto(site)
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == "Zum Inhalt"
        page.keyboard.press("Enter")
        assert page.evaluate("location.hash") == "#inhalt"


@pytest.mark.parametrize(("width", "height"), SIZES)
@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_the_dialogue_is_accessible_from_the_first_question_to_the_last(
    town: Any, assertion: str, width: int, height: int, scripts: bool
) -> None:
    wrong: list[str] = []
    with serving() as site, browsing(width=width, height=height, scripts=scripts) as page:
        complaints: list[str] = []
        page.on("console", lambda message: complaints.append(message.text))

        def look() -> None:
            wrong.extend(findings(page, complaints) if scripts else ())

        page.goto(f"{site}/anmelden/demo/?nachweis={assertion}&weiter=/{SLUG}/anliegen/baumpatenschaft/beginnen/")
        page.get_by_role("button", name="Ausweisen").click()
        look()
        page.get_by_role("button", name="Beginnen").click()
        look()
        page.get_by_role("button", name="Weiter").click()
        assert page.get_by_role("alert").get_by_role("link").inner_text() == "Bitte beantworten Sie diese Frage."
        complaints.clear()
        look()
        page.get_by_role("textbox").fill("Marktplatz")
        page.get_by_role("button", name="Weiter").click()
        assert page.get_by_role("heading", level=1).inner_text() == "Stimmt alles?"
        look()
        page.get_by_role("link", name="ändern").first.click()
        look()
        page.get_by_role("button", name="Übernehmen").click()
        page.get_by_role("link", name="Abbrechen und zurücknehmen").click()
        look()
        page.get_by_role("link", name="Nein, weitermachen").click()
        page.get_by_role("button", name="Absenden").click()
        assert page.get_by_role("heading", level=1).inner_text() == "Das Gartenamt sieht nach dem Baum."
        look()
    assert not wrong


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_signing_in_at_the_simulated_provider_is_accessible_on_both_sides(
    database: Any, town: Any, demo: None, identity_provider: str, tmp_path: Path, width: int, height: int
) -> None:
    wrong: dict[str, list[str]] = {}
    worker = processes.running("worker", environment=database.environment | {"FORMLOS_DEMO": "1"}, log=tmp_path / "log")
    with serving() as site, override_settings(PUBLIC_URL=site, CSRF_TRUSTED_ORIGINS=[site]), ExitStack() as stack:
        allow(identity_provider, site)
        connect(identity_provider)
        page = stack.enter_context(browsing(width=width, height=height))
        complaints: list[str] = []
        page.on("console", lambda message: complaints.append(message.text))
        page.goto(f"{site}/anmelden/?weiter=/{SLUG}/&stufe=high")
        wrong["choose"] = findings(page, complaints)
        page.get_by_role("link", name="Ausweisen mit: Ausweisdienst").click()
        wrong["provider"] = findings(page, complaints)
        page.get_by_label("Anna Müller-Øster").check()
        page.get_by_label("PIN").fill("1")
        page.get_by_role("button", name="Ausweisen").click()
        wrong["wrong pin"] = [line for line in findings(page, complaints) if "422" not in line]
        page.get_by_label("PIN").fill("123456")
        page.get_by_role("button", name="Ausweisen").click()
        page.wait_for_url("**/anmelden/warten/**")
        page.route("**/anmelden/warten/**", without_refresh)
        page.goto(page.url)  # what a redirect leads to is not routed
        wrong["wait"] = findings(page, complaints)
        page.unroute("**/anmelden/warten/**")
        stack.enter_context(worker)
        page.reload()
        page.wait_for_url(f"{site}/{SLUG}/")
        wrong["signed in"] = findings(page, complaints)
        page.get_by_role("button", name="Ausloggen").click()
        wrong["signed out"] = findings(page, complaints)
        page.goto(f"{site}/anmelden/zurueck/demo/?state=x&code=x")
        wrong["problem"] = [line for line in findings(page, complaints) if "401" not in line]
    assert not {name: found for name, found in wrong.items() if found}


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_a_sentence_is_answered_by_matters_that_fit_the_window(town: Any, width: int, height: int) -> None:
    with serving() as site, browsing(width=width, height=height) as page:
        complaints: list[str] = []
        page.on("console", lambda message: complaints.append(message.text))
        page.goto(f"{site}/{SLUG}/finden/")
        page.get_by_label("Was ist passiert").fill("Mein Hund ist gestorben und ich brauche einen neuen Perso")
        page.get_by_role("button", name="Weiter", exact=True).click()
        assert page.get_by_role("heading", level=1).inner_text() == "Das passt dazu"
        assert page.get_by_role("link", name="Hund abmelden (Hundesteuer)").is_visible()
        assert page.get_by_role("link", name="Personalausweis beantragen").is_visible()
        page.get_by_text("Nicht dabei?").click()
        wrong = findings(page, complaints)
        page.get_by_label("Was ist passiert").fill("🐶")
        page.get_by_role("button", name="Noch einmal suchen").click()
        assert "Bitte schreiben Sie in ein paar Worten" in page.get_by_role("alert").inner_text()
        wrong += [found for found in findings(page, complaints) if "422" not in found]
    assert not wrong


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_asking_a_language_model_is_accessible_before_while_and_refused(town: Any, width: int, height: int) -> None:
    told = {"address": "https://modell.example/v1", "name": "klein-1", "key_file": ""}
    with override_settings(FINDER_MODEL=told), serving() as site, browsing(width=width, height=height) as page:
        complaints: list[str] = []
        page.on("console", lambda message: complaints.append(message.text))
        page.goto(f"{site}/{SLUG}/finden/")
        page.get_by_label("Was ist passiert").fill("Mein Mops lebt nicht mehr")
        page.get_by_role("button", name="Weiter", exact=True).click()
        page.get_by_role("heading", name="Ein Sprachmodell fragen").wait_for()
        wrong = findings(page, complaints)
        page.get_by_role("button", name="Sprachmodell fragen").click()
        page.get_by_role("alert").wait_for()
        wrong += [found for found in findings(page, complaints) if "422" not in found]
        page.get_by_label("Ich bin einverstanden").check()
        page.route("**/finden/sprachmodell/*/", without_refresh)
        page.get_by_role("button", name="Sprachmodell fragen").click()
        page.get_by_role("heading", name="Einen Moment, bitte").wait_for()
        wrong += findings(page, complaints)
    assert not wrong


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_own_pages_are_accessible_and_fit_empty_and_full(
    town: Any, assertion: str, decided: UUID, ada: Any, width: int, height: int
) -> None:
    again, stranger = open_case(town, ada), issue_assertion(person=NOBODY, subject="card-3")
    wrong = {}
    with serving() as site, browsing(width=width, height=height) as page:
        complaints: list[str] = []
        page.on("console", lambda message: complaints.append(message.text))
        for who in (stranger, assertion):
            page.goto(f"{site}/anmelden/demo/?nachweis={who}&weiter=/meine/")
            page.get_by_role("button", name="Ausweisen").click()
            for address in (*OWN, f"/{SLUG}/"):
                page.goto(site + address)
                while page.locator("details:not([open])").count():
                    page.locator("details:not([open]) > summary").first.click()
                wrong[who == assertion, address] = findings(page, complaints)
        page.goto(f"{site}/meine/")
        page.get_by_role("link", name="Baumpatenschaft übernehmen").first.click()
        assert f"/vorgang/{again}/fragen/" in page.url
        page.goto(f"{site}/meine/konto/")
        page.get_by_role("link", name="Konto schließen").click()
        page.get_by_role("button", name="Ja, Konto endgültig schließen").click()
        assert page.get_by_role("heading", level=1).inner_text() == "Ihr Konto ist geschlossen"
        wrong[True, "closed"] = findings(page, complaints)
    assert not {address: found for address, found in wrong.items() if found}
