"""Nobody left behind: every page in every language, light and dark, on the narrowest window, by axe-core in a browser.

Moving house (the flagship) is looked at from the first question to the review, an invented matter after its decision.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.core import signing
from django.test import override_settings

from formlos.base.tenancy import within
from formlos.base.ui.languages import tag
from formlos.cases import operations, queries
from formlos.catalogue.operations import adopt, publish
from formlos.config.environment import PROJECT
from formlos.feedback.operations import report
from formlos.identity.sessions import begin_session
from formlos.identity.wallet import demo_pid
from formlos.notices.queries import notices_of
from formlos.organisation.operations import appoint
from formlos.portals import cookies
from formlos.portals.citizen.tests import musterstadt
from formlos.portals.citizen.tests.conftest import ada, case, decided, demo, town  # noqa: F401  fixtures
from formlos.portals.citizen.tests.serving import CHROMIUM, browsing, serving
from formlos.portals.clerk import visits

axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="install axe-playwright-python").Axe()
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium; apt install chromium-headless-shell")

SLUG = musterstadt.SLUG
LANGUAGES = [code for code, _name in settings.LANGUAGES]
NARROWEST = 320  # what is left of 1280 pixels at 400 %
ANSWERS: dict[str, Any] = {
    "berechtigung_ist_versichert": "true",
    "einzugsdatum": "1.3.2026",
    "neue_anschrift": {"strasse": "Lindenweg", "hausnummer": "12", "postleitzahl": "12345", "ort": "Musterstadt"},
    "wohnungsnachweis": "eigentum",
}
CONTRAST = "axe.run({runOnly: ['color-contrast'], resultTypes: ['violations']}).then(found => found.violations)"
CHANGES = ("einzugsdatum", "neue_anschrift", "wohnungsnachweis", "uebermittlungssperren")
IN_FEW = ("/pruefen/", f"/{SLUG}/journal/", f"/{SLUG}/recht/umzug/", f"/{SLUG}/barrierefreiheit/", "/datenschutz/")
STAFF = ("/dienst/", "/dienst/rueckmeldungen/")


@dataclass(frozen=True)
class Scene:
    """Addresses by what they show, and how their person and their clerk are known."""

    pages: dict[str, str]
    proof: str
    staff: str


@pytest.fixture
def scene(town: Any, demo: None, decided: UUID, ada: Any) -> Scene:  # noqa: F811
    """A move that has just begun, one that is ready to be sent, and a matter that is decided."""
    with within(town):
        adopt(document=publish(folder=PROJECT / "services" / "umzug"))
        report(text="Мені бракує української тут.", page="/", contact="", language="uk")
        appoint(issuer="https://amt.example", subject="anna", office="buergerbuero", role="clerk")
        document = notices_of(decided)[0].id if notices_of(decided) else None
    begun, ready = _move(town, ada), _move(town, ada)
    _answer_all(town, ready, ada)
    done, move = f"/{SLUG}/vorgang/{decided}/", f"/{SLUG}/vorgang/{ready}/"
    pages = {
        "start": "/",
        "town": f"/{SLUG}/",
        "find": f"/{SLUG}/finden/",
        "matters": f"/{SLUG}/anliegen/",
        "matter": f"/{SLUG}/anliegen/umzug/",
        "offline matter": f"/{SLUG}/anliegen/reisepass/",
        "begin": f"/{SLUG}/anliegen/umzug/beginnen/",
        "sign in": f"/anmelden/?weiter=/{SLUG}/&stufe=high",
        "wallet": "/anmelden/wallet/",
        "first question": f"/{SLUG}/vorgang/{begun}/fragen/",
        "begun": f"/{SLUG}/vorgang/{begun}/",
        "review": f"{move}angaben/",
        **{f"change {path}": f"{move}angaben/{path}/" for path in CHANGES},
        "dispute": f"{move}stimmt-nicht/familienname/",
        "withdraw": f"{move}zuruecknehmen/",
        "decided": done,
        "mine": "/meine/",
        "data": "/meine/daten/",
        "account": "/meine/konto/",
        "report": f"/{SLUG}/barriere-melden/",
        "nowhere": "/nirgends/",
    }
    if document:
        pages["notice"] = f"{done}{document}/"
    proof = musterstadt.issue_assertion(person=musterstadt.ADA, subject="card-1")
    token = begin_session(issuer="https://amt.example", subject="anna", level="high", facts={}, purpose="staff")
    return Scene(pages, proof, signing.dumps(token, salt=visits.COOKIE))


def _move(here: Any, person: Any) -> UUID:
    with within(here):
        return operations.open_case(
            service="umzug",
            subject=person.subject_for(here.id),
            level=person.level,
            identity=person.facts,
            issuer=person.issuer,
        ).case.id


def _answer_all(here: Any, move: UUID, person: Any) -> None:
    subject, level = person.subject_for(here.id), person.level
    for _page in range(10):
        with within(here):
            pages = queries.view(queries.own_case(move, subject=subject, level=level)).pages
            if not pages:
                return
            values = {question.path: ANSWERS[question.path.rpartition("/")[2]] for question in pages[0]}
            operations.record_answers(case_id=move, values=values, actor=f"person:{subject}")


@contextmanager
def looking(scene: Scene, *, width: int = NARROWEST) -> Iterator[tuple[str, Any]]:
    """A signed-in person's browser. A clerk is signed in beside, as the cookies are apart."""
    with serving() as site, browsing(width=width, height=800) as page:
        page.context.add_cookies([{"name": cookies.named(visits.COOKIE), "value": scene.staff, "url": site}])
        page.goto(f"{site}/anmelden/demo/?nachweis={scene.proof}&weiter=/meine/")
        page.locator("main form button").click()
        yield site, page


def speak(page: Any, site: str, language: str) -> None:
    page.context.add_cookies([{"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": site}])


def findings(page: Any) -> list[str]:
    """What is wrong with the open page: all rules in light, contrast alone in dark, nothing wider than the window."""
    page.emulate_media(color_scheme="light")
    found = axe.run(page, options={"resultTypes": ["violations"]}).response["violations"]
    page.emulate_media(color_scheme="dark")
    dark = page.evaluate(CONTRAST)
    page.emulate_media(color_scheme="light")
    wrong = [f"{one['id']}: {one['nodes'][0]['html']}" for one in found]
    wrong += [f"dark {one['id']}: {one['nodes'][0]['html']}" for one in dark]
    if page.evaluate("document.scrollingElement.scrollWidth > document.scrollingElement.clientWidth"):
        wrong.append("wider than the window")
    return wrong


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_is_for_everyone(scene: Scene, language: str) -> None:
    wrong = {}
    with looking(scene) as (site, page):
        speak(page, site, language)
        for name, address in scene.pages.items():
            page.goto(site + address)
            wrong[name] = findings(page)
            said = page.evaluate("[document.documentElement.lang, document.documentElement.dir]")
            assert said == [tag(language), "rtl" if language == "ar" else "ltr"], name
        page.goto(site + scene.pages["change neue_anschrift"])
        page.locator("main input[type=text]").first.fill("")
        page.locator("main form button").click()
        wrong["problems"] = findings(page)
        assert page.evaluate("document.activeElement.getAttribute('role')") == "alert"
    assert not {name: found for name, found in wrong.items() if found}


@pytest.mark.parametrize("language", ["de", "en", "ar"])
def test_pages_that_are_in_few_languages_are_for_everyone_too(scene: Scene, language: str) -> None:
    wrong = {}
    with looking(scene) as (site, page):
        speak(page, site, language)
        for address in (*IN_FEW, *STAFF):
            page.goto(site + address)
            wrong[address] = findings(page)
            assert page.evaluate("document.documentElement.lang") == ("en" if language == "en" else "de")
            assert page.locator("main p.f-courtesy[lang=ar]").count() == (1 if language == "ar" else 0)
    assert not {address: found for address, found in wrong.items() if found}


def test_the_simulated_wallet_is_for_everyone(database: Any, demo: None) -> None:  # noqa: F811
    demo_pid.enable()
    card = {"key": "ada", "name": "Ada Groß", "town": "Musterstadt", "story": "Zieht um.", "person": musterstadt.ADA}
    demo_pid.hand_over([card])
    wrong = {}
    wallet = override_settings(ROOT_URLCONF="formlos.config.urls_wallet")
    with wallet, serving() as site, browsing(width=NARROWEST, height=800) as page:
        for address in ("/", "/ada/", "/nirgends/"):
            page.goto(site + address)
            wrong[address] = findings(page)
    assert not {address: found for address, found in wrong.items() if found}


def test_what_is_binding_stands_in_german_beside_its_translation(scene: Scene) -> None:
    with looking(scene) as (site, page):
        speak(page, site, "tr")
        page.goto(site + scene.pages["change uebermittlungssperren"])
        warning = page.locator(".f-warning")
        assert "itiraz edebilirsiniz" in warning.inner_text()
        assert "§\N{NO-BREAK SPACE}50" in warning.locator("[lang=de]").inner_text()
        page.goto(site + scene.pages["review"])
        declared = page.locator("main form").inner_text()
        assert "beyan edersiniz" in declared and "Mit dem Absenden erklären Sie" in declared
        assert "bağlayıcı olan Almanca metindir" in page.locator(".f-courtesy").inner_text()


def test_a_language_is_chosen_by_its_own_name_without_scripts_and_remembered(scene: Scene) -> None:
    with serving() as site, browsing(width=NARROWEST, height=800, scripts=False) as page:
        page.goto(f"{site}/{SLUG}/")
        page.get_by_role("button", name="Українська").click()
        assert page.url == f"{site}/{SLUG}/"
        assert page.locator("h1").inner_text() == "Musterstadt"
        assert "Що ви можете тут зробити" in page.locator("main").inner_text()
        kept = {one["name"]: one for one in page.context.cookies()}[settings.LANGUAGE_COOKIE_NAME]
        assert kept["expires"] > 0 and kept["httpOnly"]
        page.goto(site)
        assert page.locator("button[aria-current=true]").inner_text() == "Українська"


def test_texts_that_a_service_has_in_german_only_are_marked_as_german(scene: Scene) -> None:
    with looking(scene) as (site, page):
        speak(page, site, "ar")
        page.goto(site + scene.pages["decided"])
        heading = page.locator("h1 [lang=de][dir=ltr]")
        assert heading.inner_text() == "Der Baum gehört jetzt zu Ihnen."
        assert "<" not in page.title()


def test_the_keyboard_goes_through_the_page_in_its_order_and_is_seen(scene: Scene) -> None:
    with looking(scene) as (site, page):
        page.goto(site + scene.pages["change neue_anschrift"])
        order = []
        for _press in range(60):
            page.keyboard.press("Tab")
            seen = page.evaluate(
                "(() => { const one = document.activeElement, style = getComputedStyle(one), box ="
                " one.getBoundingClientRect(); return [one === document.body, style.outlineStyle !== 'none' ||"
                " style.boxShadow !== 'none', box.width > 0 && box.left >= 0 && box.right <= innerWidth,"
                " one.outerHTML.slice(0, 80), [...document.querySelectorAll('*')].indexOf(one)]; })()"
            )
            if seen[0]:
                break
            order.append(seen)
        assert [one[3] for one in order if not (one[1] and one[2])] == []
        assert [one[4] for one in order] == sorted(one[4] for one in order) and len(order) > 15
        assert "f-skip" in order[0][3]
