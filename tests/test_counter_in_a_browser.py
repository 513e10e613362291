"""Stories 3 and 5 in a real browser: every page on the way is accessible and fits, on a desk and on a phone."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.counters import PAPER, clerk, open_for_appointments, staff_cookie
from tests.nodes import munich, stuttgart
from tests.people import build, person, settle

from formlos.base import clock
from formlos.portals.citizen.tests.serving import CHROMIUM, browsing

axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="install axe-playwright-python").Axe()
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium; apt install chromium-headless-shell")
SHOTS = os.environ.get("SHOTS_FOLDER", "")
SIZES = [pytest.param(1280, 900, id="desk"), pytest.param(390, 844, id="phone")]


class Eye:
    """Looks at every page that was opened: what is wrong with it, and a picture where one is wanted."""

    def __init__(self, page: Any, name: str) -> None:
        self.page, self.name, self.wrong, self.number = page, name, dict[str, list[str]](), 0
        self.complaints: list[str] = []
        page.on("console", lambda message: self.complaints.append(message.text))

    def looks(self, what: str) -> None:
        page = self.page
        found = [f"{one['id']}: {one['nodes'][0]['html']}" for one in axe.run(page).response["violations"]]
        if page.evaluate("document.scrollingElement.scrollWidth > document.scrollingElement.clientWidth"):
            found.append("wider than the window")
        found += [text for text in self.complaints if "422" not in text]
        self.complaints.clear()
        self.number += 1
        if SHOTS:
            page.screenshot(path=Path(SHOTS) / f"{self.name}-{self.number:02}-{what}.png", full_page=True)
        if found:
            self.wrong[f"{self.number} {what}"] = found


def resident(vornamen: str, width: int) -> dict[str, Any]:
    """Somebody who lives alone in Munich, another one for each test; returns what the card tells."""
    _dwelling, address = build(munich(), street="Isarweg", number=f"{width}{len(vornamen)}")
    return settle(munich(), address, person(vornamen, "Gross" if width > 500 else "Klein", "1951-03-02")).eid


def press(page: Any, name: str) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).first.click()


def says(page: Any, home: Any, paper: Path | None) -> None:
    """Answer the page of questions that is open."""
    told = {f"neue_anschrift/{part}": value or "" for part, value in home.anschrift.items()}
    told |= {"einzugsdatum": clock.today().isoformat(), "zuordnungsmerkmal": home.code}
    for name, value in told.items():
        if page.locator(f"[name='{name}']").count():
            page.locator(f"[name='{name}']").fill(value)
    way = "upload" if paper else "zuordnungsmerkmal"
    chosen = {"berechtigung_ist_versichert": "true", "einzug_bestaetigt": "true", "wohnungsnachweis": way}
    for name, value in chosen.items():
        if page.locator(f"[name='{name}']").count():
            page.locator(f"[name='{name}'][value='{value}']").check()
    if page.locator("[name='wohnungsgeberbestaetigung']").count():
        page.locator("[name='wohnungsgeberbestaetigung']").set_input_files(paper)
    press(page, "Weiter")


def answers_all(page: Any, eye: Eye, home: Any, paper: Path | None = None) -> None:
    while page.locator("main form input[name='frage']").count():
        eye.looks("frage")
        says(page, home, paper)


def checks(page: Any, eye: Eye, seen: dict[str, Any]) -> None:
    eye.looks("ausweis")
    page.get_by_label("Personalausweis (auch vorläufiger)").check()
    page.get_by_label("Letzte Zeichen der Nummer").fill("7T2")
    for name in ("familienname", "vornamen", "geburtsdatum"):
        page.locator(f"[name='{name}']").fill(str(seen[name]))
    for name, value in seen["anschrift"].items():
        if page.locator(f"[name='{name}']").count():
            page.locator(f"[name='{name}']").fill(value or "")
    page.locator("[name='gesehen']").check()
    press(page, "Geprüft, Vorgang öffnen")


def waits(page: Any, eye: Eye, condition: Callable[[], bool]) -> None:
    for _moment in range(60):
        if condition():
            return
        page.wait_for_timeout(500)
        page.reload()
    pytest.fail(page.locator("main").inner_text())


def to_the_review(page: Any, eye: Eye) -> None:
    """Wait until the old town has answered, unless it was quicker than the page."""
    ready = page.get_by_role("link", name="Ausdruck zum Prüfen")
    if not ready.count():
        eye.looks("wartet")
        waits(page, eye, lambda: page.get_by_role("link", name="Prüfen und absenden").count() > 0)
        page.get_by_role("link", name="Prüfen und absenden").click()
        ready.wait_for()


def sends(page: Any, eye: Eye) -> None:
    eye.looks("pruefen")
    page.get_by_role("link", name="Ausdruck zum Prüfen").click()
    eye.looks("ausdruck")
    page.get_by_role("link", name="Zurück", exact=True).click()
    press(page, "Für die Person absenden")
    eye.looks("fehlt-noch")
    page.locator("[name='erklaert']").check()
    page.get_by_label("auf dem Ausdruck, mit Unterschrift").check()
    press(page, "Für die Person absenden")


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_a_tenant_without_pin(node: Any, new_home: Any, tmp_path: Path, width: int, height: int) -> None:
    home, tenant, slug = new_home(stuttgart()), resident("Łukasz", width), stuttgart().slug
    open_for_appointments(stuttgart())
    clerk(stuttgart(), subject=f"anna{width}")
    name, value = staff_cookie(f"anna{width}")
    paper = tmp_path / "bestaetigung.pdf"
    paper.write_bytes(PAPER)
    with browsing(width=width, height=height) as page:
        eye = Eye(page, f"drei-{width}")
        page.goto(f"{node.web}/{slug}/anliegen/umzug/beginnen/")
        eye.looks("beginnen")
        press(page, "Ausweisen und beginnen")
        eye.looks("anmelden")
        page.get_by_role("link", name="Kein Ausweis mit PIN?").click()
        eye.looks("ohne-pin")
        press(page, "Jetzt vorbereiten")
        answers_all(page, eye, home, paper)
        eye.looks("pruefen")
        press(page, "Weiter zum Termin")
        eye.looks("termin")
        press(page, "Termin buchen")
        eye.looks("termin-fehlt")
        page.locator("[name='zeit']").nth(1).check()
        press(page, "Termin buchen")
        eye.looks("gebucht")
        code = page.locator(".f-number").inner_text()
        page.goto(f"{node.web}/{slug}/termin/")
        page.locator("#code").fill(code)
        press(page, "Ansehen")
        eye.looks("code")

        page.context.add_cookies([{"name": name, "value": value, "url": node.web}])
        page.goto(f"{node.web}/dienst/{slug}/schalter/")
        eye.looks("schalter")
        page.locator("#zeichen").fill(code)
        press(page, "Vorgang öffnen")
        checks(page, eye, tenant)
        answers_all(page, eye, home)
        to_the_review(page, eye)
        sends(page, eye)
        waits(page, eye, lambda: page.locator("#klaeren").count() > 0)
        eye.looks("klaeren")
        page.locator("#klaeren + ul a").first.click()
        eye.looks("klaerung")
        page.locator("input[type='radio'][value='true']").check()
        page.locator("#grund").fill("Original lag vor")
        press(page, "Übernehmen")
        waits(page, eye, lambda: page.locator("#dokumente").count() > 0)
        eye.looks("fertig")
        page.get_by_role("link", name="als Seite").first.click()
        eye.looks("dokument")
    assert not eye.wrong


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_a_pensioner_without_a_smartphone(node: Any, new_home: Any, width: int, height: int) -> None:
    home, pensioner = new_home(stuttgart()), resident("Gerda", width)
    clerk(stuttgart(), subject=f"berta{width}")
    name, value = staff_cookie(f"berta{width}")
    with browsing(width=width, height=height) as page:
        eye = Eye(page, f"fuenf-{width}")
        page.context.add_cookies([{"name": name, "value": value, "url": node.web}])
        page.goto(f"{node.web}/dienst/")
        page.get_by_role("link", name="Am Schalter").click()
        page.get_by_role("link", name="Umzug").click()
        checks(page, eye, pensioner)
        press(page, "Größere Schrift")
        press(page, "Einfache Sprache")
        answers_all(page, eye, home)
        to_the_review(page, eye)
        sends(page, eye)
        waits(page, eye, lambda: page.locator("#dokumente").count() > 0)
        with page.expect_navigation():
            page.get_by_role("button", name="Per Brief schicken").first.click()
        eye.looks("brief")
        press(page, "Person ist fertig")
        eye.looks("naechste")
    assert not eye.wrong
