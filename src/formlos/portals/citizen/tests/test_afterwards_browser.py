"""What comes after sending, in a real browser on a phone and on a desk: accessible, and nothing cut off."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.test import override_settings
from tests.eyes import findings

from formlos.base.tenancy import Municipality, acting_for, within
from formlos.cases import operations, tasks
from formlos.catalogue.operations import adopt, publish
from formlos.config.environment import PROJECT
from formlos.identity import contacts
from formlos.identity.queries import Identity
from formlos.notices import operations as notices
from formlos.notices.queries import notices_of
from formlos.portals.citizen.tests.musterstadt import SLUG
from formlos.portals.citizen.tests.serving import CHROMIUM, browsing, serving

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium; apt install chromium-headless-shell")
SIZES = [pytest.param(1280, 800, id="desk"), pytest.param(390, 844, id="phone")]


@pytest.fixture
def services(town: Municipality) -> None:
    with within(town):
        for name in ("berichtigung", "widerspruch"):
            adopt(document=publish(folder=PROJECT / "services" / name))


def give_address(ada: Identity) -> None:
    with override_settings(MAIL_IS_SENT=True):
        contacts.propose(ada.sub, address="ada@example.org", language="de")
        told = contacts.proposal_of(ada.sub)
        assert told
        contacts.confirm(told[1])


def refuse(town: Municipality, correction: UUID) -> None:
    """The clerk finds the entry right, and the letter leaves."""
    with acting_for(town):
        for path, value in (
            ("ergebnis_der_pruefung", "richtig_eingetragen"),
            ("ablehnungsgrund", "Der Baum steht dort."),
        ):
            operations.answer_question(case_id=correction, path=path, value=value, reason="geprüft", clerk="amtfrau")
        tasks.go_on(case_id=str(correction))
        for document in notices_of(correction):
            notices.note_posted(notice_id=document.id)


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_a_correction_is_refused_and_objected_to(
    services: None, decided: UUID, town: Municipality, ada: Identity, assertion: str, width: int, height: int
) -> None:
    give_address(ada)
    wrong: list[str] = []
    with override_settings(MAIL_IS_SENT=True), serving() as site:
        with browsing(width=width, height=height) as page:
            complaints: list[str] = []
            page.on("console", lambda message: complaints.append(message.text))
            page.goto(f"{site}/anmelden/demo/?nachweis={assertion}&weiter=/{SLUG}/vorgang/{decided}/")
            page.get_by_role("button", name="Ausweisen").click()
            page.get_by_role("link", name="Etwas ist falsch").click()
            wrong += findings(page, complaints)
            page.get_by_label("Standort des Baums: Marktplatz").check()
            page.get_by_role("button", name="Weiter").click()
            page.get_by_role("textbox").fill("Er steht am Bahnhof.")
            page.get_by_role("button", name="Weiter").click()
            page.get_by_role("button", name="Absenden").click()
            wrong += findings(page, complaints)
            correction, cookies = page.url, page.context.cookies()
        refuse(town, UUID(correction.rstrip("/").rpartition("/")[2]))
        with browsing(width=width, height=height) as page:
            page.on("console", lambda message: complaints.append(message.text))
            page.context.add_cookies(cookies)
            page.goto(correction)
            wrong += findings(page, complaints)
            assert "Gilt als bekannt gegeben am" in page.locator("main").inner_text()
            page.get_by_role("link", name="Widerspruch erheben").click()
            wrong += findings(page, complaints)
            page.get_by_role("button", name="Widerspruch beginnen").click()
            assert page.get_by_role("heading", level=1).inner_text() == "Stimmt alles?"
            page.get_by_role("button", name="Absenden").click()
            wrong += findings(page, complaints)
            assert "Ihr Widerspruch ist da." in page.get_by_role("heading", level=1).inner_text()
            for address in ("/meine/", "/meine/konto/", "/meine/konto/e-mail/abgelaufen/"):
                page.goto(site + address)
                complaints[:] = [text for text in complaints if "410" not in text]
                wrong += findings(page, complaints)
    assert not wrong


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_an_address_that_is_none_is_said_beside_the_field(
    town: Municipality, assertion: str, width: int, height: int
) -> None:
    with override_settings(MAIL_IS_SENT=True), serving() as site, browsing(width=width, height=height) as page:
        complaints: list[str] = []
        page.on("console", lambda message: complaints.append(message.text))
        page.goto(f"{site}/anmelden/demo/?nachweis={assertion}&weiter=/meine/konto/")
        page.get_by_role("button", name="Ausweisen").click()
        page.get_by_label("Ihre E-Mail-Adresse").fill("ada@ort")
        page.get_by_role("button", name="Link zum Bestätigen schicken").click()
        assert "Das ist keine E-Mail-Adresse." in page.locator("main").inner_text()
        complaints[:] = [text for text in complaints if "422" not in text]
        assert not findings(page, complaints)
