"""Nobody left behind: every page in every language, light and dark, on the narrowest window, by axe-core in a browser.

What people and clerks come across is composed once, in an invented town (``tests.scenes``).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.test import override_settings
from tests import scenes
from tests.eyes import findings
from tests.scenes import SLUG, Scene

from formlos.base.ui.languages import COURTESY, tag
from formlos.identity.demo_provider import people
from formlos.identity.wallet import demo_pid
from formlos.portals.citizen.tests import musterstadt
from formlos.portals.citizen.tests.serving import CHROMIUM, browsing, serving
from formlos.portals.citizen.tests.test_browser import without_refresh

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium; apt install chromium-headless-shell")

LANGUAGES = [code for code, _name in settings.LANGUAGES]
NARROWEST = 320  # what is left of 1280 pixels at 400 %
IN_FEW = (
    "/pruefen/",
    "/barrierefreiheit/",
    "/datenschutz/",
    f"/{SLUG}/journal/",
    f"/{SLUG}/recht/umzug/",
    f"/{SLUG}/barrierefreiheit/",
    f"/{SLUG}/datenschutz/",
    f"/{SLUG}/impressum/",
    "/impressum/",
)
AUTHORIZE = "/anmelden?" + urlencode(
    {
        "client_id": "formlos",
        "redirect_uri": "http://localhost/zurueck/",
        "response_type": "code",
        "scope": "openid",
        "state": "s",
        "nonce": "n",
        "code_challenge_method": "S256",
        "code_challenge": "a" * 43,
    }
)


@pytest.fixture(scope="module")
def scene(clone: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with clone() as database, database.at_hand(), scenes.settings_for(tmp_path_factory.mktemp("scene")):
        yield scenes.compose()


@contextmanager
def looking(scene: Scene, *, width: int = NARROWEST, who: Any = None) -> Iterator[tuple[str, Any]]:
    """A signed-in person's browser, in which something is prepared without identity, too."""
    proof = scenes.proof_of(who or scene.mover)
    with serving() as site, browsing(width=width, height=800) as page:
        page.context.add_cookies([{"name": name, "value": value, "url": site} for name, value in scene.cookies.items()])
        page.goto(f"{site}/anmelden/demo/?nachweis={proof}&weiter=/meine/")
        page.locator("main form button").click()
        page.route(lambda address: "/wallet/warten/" in address or "/sprachmodell/" in address, without_refresh)
        yield site, page


def speak(page: Any, site: str, language: str) -> None:
    page.context.add_cookies([{"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": site}])


def looks(page: Any, language: str) -> list[str]:
    """What is wrong with the page. Colours follow the direction of writing, not the words."""
    return findings(page) if language in ("de", "ar") else findings(page, colours=())


def examined(page: Any, site: str, addresses: dict[str, str], language: str) -> dict[str, list[str]]:
    """What is wrong with these pages, by what they show; only those with something wrong."""
    wrong = {}
    for name, address in addresses.items():
        page.goto(site + address)
        wrong[name] = looks(page, language)
        said = page.evaluate("[document.documentElement.lang, getComputedStyle(document.body).direction]")
        if said != [tag(language), "rtl" if language == "ar" else "ltr"]:
            wrong[name].append(f"the page is in {said}")
    return {name: found for name, found in wrong.items() if found}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_is_for_everyone(scene: Scene, language: str) -> None:
    with looking(scene) as (site, page):
        speak(page, site, language)
        wrong = examined(page, site, scene.pages, language)
        wrong |= {name: found for name, found in _answers(page, site, scene, language) if found}
    assert not wrong


def _answers(page: Any, site: str, scene: Scene, language: str) -> Iterator[tuple[str, list[str]]]:
    """Pages that are the answer to something that was sent."""
    page.goto(site + scene.pages["ways without PIN"])
    page.locator("main form button").first.click()
    yield "begun already", looks(page, language)
    page.goto(site + scene.pages["change neue_anschrift"])
    page.locator("main input[type=text]").first.fill("")
    page.locator("main form button").click()
    yield "problems", looks(page, language)
    assert page.evaluate("document.activeElement.getAttribute('role')") == "alert"
    page.goto(site + scene.pages["find"])
    page.locator("main textarea, main input[type=search], main input[type=text]").first.fill("Mein Hund, ich ziehe um")
    page.locator("main form button").first.click()
    yield "found", looks(page, language)
    model = page.locator("main form[action*='/sprachmodell/']")
    model.locator("button").click()
    page.get_by_role("alert").wait_for()
    yield "a language model without consent", looks(page, language)
    model.locator("input[type=checkbox]").check()
    with page.expect_navigation():
        model.locator("button").click()
    assert "/finden/sprachmodell/" in page.url
    yield "waiting for a language model", looks(page, language)
    page.goto(site + scene.pages["wallet"])
    page.locator("main form button").first.click()
    yield "waiting for the wallet", looks(page, language)
    page.goto(site + scene.pages["code of an appointment"])
    page.locator("main input[type=text], main input:not([type])").first.fill("AAAA-AAAA")
    page.locator("main form button").first.click()
    yield "no such appointment", looks(page, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_of_a_landlord_is_for_everyone(scene: Scene, language: str) -> None:
    with looking(scene, who=scenes.LANDLORD) as (site, page):
        speak(page, site, language)
        assert not examined(page, site, scene.landlord, language)


@pytest.mark.parametrize("language", ["de", "en", "ar"])
def test_pages_that_are_in_few_languages_are_for_everyone_too(scene: Scene, language: str) -> None:
    addresses = {one: one for one in IN_FEW} | scene.in_few
    with looking(scene, who=scenes.LANDLORD) as (site, page):
        speak(page, site, language)
        shown = "de" if language in COURTESY else language
        wrong = examined(page, site, addresses, shown)
        assert page.locator("main p.f-courtesy[lang=ar]").count() == (1 if language == "ar" else 0)
    assert not wrong


def test_what_clerks_see_is_for_everyone(scene: Scene) -> None:
    wrong: dict[str, list[str]] = {}
    with serving() as site, browsing(width=NARROWEST, height=800) as page:
        for (name, value), pages in scene.desks:
            page.context.add_cookies([{"name": name, "value": value, "url": site}])
            wrong |= examined(page, site, pages, "de")
            for title in [one for one in pages if one in ("check", "review")]:
                page.goto(site + pages[title])
                page.locator("main form button").last.click()
                wrong |= {f"{title} refused": found for found in [findings(page)] if found}
    assert not wrong


@pytest.mark.parametrize("language", ["de", "en", "ar"])
def test_the_simulated_wallet_and_provider_are_for_everyone(scene: Scene, language: str) -> None:
    card = {"key": "ada", "name": "Ada Groß", "town": "Musterstadt", "story": "Zieht um.", "person": musterstadt.ADA}
    demo_pid.hand_over([card])
    known = people.Person(key="ada", name="Ada Groß", story="zieht um", town="Musterstadt", eid=musterstadt.ADA)
    asking = people.Client(id="formlos", secret="x", redirect_uris=("http://localhost/zurueck/",), sign_out_uris=())
    people.write(settings.HOME, people=[known], clients=[asking])
    shown = "de" if language in COURTESY else language
    wrong: dict[str, list[str]] = {}
    for role, addresses in {
        "wallet": ("/", "/ada/", "/nirgends/"),
        "idp": (AUTHORIZE, "/anmelden", "/abmelden"),
    }.items():
        process = override_settings(ROOT_URLCONF=f"formlos.config.urls_{role}", ROLE=role)
        with process, serving() as site, browsing(width=NARROWEST, height=800) as page:
            speak(page, site, language)
            wrong |= examined(page, site, {one: one for one in addresses}, shown)
            if role == "idp":
                page.goto(site + AUTHORIZE)
                page.locator("input[type=radio]").check()
                page.locator("#pin").fill("000000")
                page.locator("main form button").first.click()
                if found := findings(page):
                    wrong["wrong PIN"] = found
    assert not wrong


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
        assert page.locator("h1").inner_text() == "Що сталося – або що ви плануєте?"
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
