"""Two tabs, an expired login and a page that looks again by itself, as real browsers do it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from tests.eyes import findings

from formlos.base.tenancy import Municipality, within
from formlos.cases import operations
from formlos.identity.queries import Identity
from formlos.portals.citizen.tests.musterstadt import ADA, SLUG, issue_assertion
from formlos.portals.citizen.tests.serving import CHROMIUM, browsing, serving
from formlos.portals.citizen.tests.test_kept import token_in
from formlos.portals.polling import HEADER

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium; apt install chromium-headless-shell")

TYPED = "Am Ufer 3, „hinten“"


def enter(page: Any, site: str, assertion: str, way: str) -> None:
    page.goto(f"{site}/anmelden/demo/?nachweis={assertion}&weiter={way}")
    page.get_by_role("button", name="Ausweisen").click()


def enter_elsewhere(page: Any, site: str, assertion: str) -> None:
    """Sign in again with the cookies of this browser, as in another tab."""
    tab, here = page.context.request, f"{site}/anmelden/demo/"
    token = token_in(tab.get(here).text())
    tab.post(here, form={"nachweis": assertion, "csrfmiddlewaretoken": token}, headers={"Origin": site})


@pytest.mark.parametrize(
    ("width", "height", "scripts"),
    [pytest.param(1280, 800, True, id="desk"), pytest.param(390, 800, False, id="phone-no-scripts")],
)
def test_what_was_typed_outlives_another_tab_and_an_expired_login(
    case: UUID, demo: None, width: int, height: int, scripts: bool
) -> None:
    assertions = [issue_assertion(person=ADA, subject="card-1") for _ in range(3)]
    questions, wrong = f"/{SLUG}/vorgang/{case}/fragen/", []
    with serving() as site, browsing(width=width, height=height, scripts=scripts) as page:
        complaints: list[str] = []
        page.on("console", lambda message: complaints.append(message.text))

        def look() -> None:
            wrong.extend(findings(page, complaints) if scripts else ())

        enter(page, site, assertions[0], questions)
        page.get_by_role("textbox").fill(TYPED)
        enter_elsewhere(page, site, assertions[1])
        page.get_by_role("button", name="Weiter").click()
        assert "in einem anderen Fenster" in page.get_by_role("status").first.inner_text()
        assert page.get_by_role("textbox").input_value() == TYPED
        look()
        page.context.clear_cookies(name="sitzung")
        page.get_by_role("button", name="Weiter").click()
        assert "Ihre Anmeldung ist abgelaufen" in page.locator("main").inner_text()
        look()
        enter(page, site, assertions[2], questions)
        assert "Ihre Anmeldung war abgelaufen." in page.get_by_role("status").first.inner_text()
        assert page.get_by_role("textbox").input_value() == TYPED
        page.get_by_role("button", name="Weiter").click()
        assert page.get_by_role("heading", level=1).inner_text() == "Stimmt alles?"
        assert TYPED in page.locator("main").inner_text()
        page.goto(f"{site}/meine/konto/")
        look()
        page.get_by_role("button", name="Überall sonst ausloggen").click()
        assert "Sie sind überall sonst ausgeloggt." in page.locator("main").inner_text()
        look()
    assert not wrong


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_a_page_that_looks_again_says_so_and_shows_the_sign_in_when_the_visit_is_over(
    case: UUID, town: Municipality, ada: Identity, assertion: str, scripts: bool
) -> None:
    actor, status = f"person:{ada.subject_for(town.id)}", f"/{SLUG}/vorgang/{case}/"
    with within(town):
        operations.record_answers(case_id=case, values={"standort": "Marktplatz"}, actor=actor)
        operations.send_review(case_id=case, actor=actor)
    with serving() as site, browsing(width=1280, height=800, scripts=scripts) as page:
        enter(page, site, assertion, status)

        def is_poll(request: Any) -> bool:
            return HEADER.lower() in request.headers if scripts else request.url.endswith(f"{status}?nachsehen")

        with page.expect_response(lambda answer: is_poll(answer.request), timeout=20_000) as looked:
            pass
        looked.value.finished()
        if not scripts:  # pictures of the new page bring the cookie once more
            page.wait_for_url("**/?nachsehen", wait_until="load")
        page.context.clear_cookies(name="sitzung")
        page.wait_for_url("**/anmelden/**", timeout=20_000)
        assert page.get_by_role("heading", level=1).inner_text() == "Ausweisen"
