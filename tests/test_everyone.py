"""Nobody left behind: every page in every language, light and dark, on the narrowest window, by axe-core in a browser.

What people and clerks come across is composed once, in an invented town (``tests.scenes``).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.conf import settings
from tests import scenes, walks, whole_site
from tests.eyes import findings
from tests.scenes import SLUG, Scene
from tests.walks import Walk

from formlos.config.demo import provider
from formlos.identity.demo_provider import people
from formlos.identity.wallet import demo_pid
from formlos.portals.citizen.tests import musterstadt
from formlos.portals.citizen.tests.serving import CHROMIUM, browsing

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium; apt install chromium-headless-shell")

LANGUAGES = [code for code, _name in settings.LANGUAGES]
NARROWEST = 320  # what is left of 1280 pixels at 400 %
CARD = {"key": "ada", "name": "Ada Groß", "town": "Musterstadt", "story": "Zieht um."}


@pytest.fixture(scope="module")
def scene(clone: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with clone() as database, database.at_hand(), scenes.settings_for(tmp_path_factory.mktemp("scene")):
        made = scenes.compose()
        demo_pid.hand_over([CARD | {"person": musterstadt.ADA}])
        yield made


@pytest.fixture(scope="module")
def site(scene: Scene) -> Iterator[str]:
    ada = people.Person(**CARD, eid=musterstadt.ADA, group=people.MOVES)
    known = [ada, people.Person("olga", "Olga Alt", "", "Musterstadt", eid={}, expired=True), *provider.CLERKS]
    with whole_site.whole_site(*known, home=settings.HOME) as address:
        yield address


@contextmanager
def walking(scene: Scene, site: str, language: str) -> Iterator[Walk]:
    proofs = {walks.MOVER: scenes.proof_of(scene.mover), walks.LANDLORD: scenes.proof_of(scenes.LANDLORD)}
    with browsing(width=NARROWEST, height=800) as page:
        walk = Walk(page, site, language, proofs)
        walk.cookies({settings.LANGUAGE_COOKIE_NAME: language})
        yield walk


@contextmanager
def signed_in(scene: Scene, site: str, language: str) -> Iterator[Any]:
    with walking(scene, site, language) as walk:
        walks.show_proof(walk, walks.MOVER)
        yield walk.page


def test_eyes_see_what_is_wrong() -> None:
    dark = "@media (prefers-color-scheme: dark) { b { color: #000 } i { color: #333; background: #000 } }"
    style = f"<style>b {{ color: #ddd }} {dark} p {{ width: 500px }}</style>"
    with browsing(width=NARROWEST, height=800) as page:
        page.set_content(f"<html lang=de><title>T</title>{style}<main><h1>T</h1><b>hell</b><i>dunkel</i><img><p>breit")
        found = " ".join(findings(page))
    for wrong in ("image-alt: <img>", "color-contrast: <b>", "dark: color-contrast: <i>", "wider than the window"):
        assert wrong in found


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_is_for_everyone(scene: Scene, site: str, language: str) -> None:
    with whole_site.templates_shown() as shown, walking(scene, site, language) as walk:
        walks.person(walk, scene)
        with walk.somebody_else() as other:
            walks.landlord(other, scene)
        with walk.somebody_else() as other:
            walks.clerks(other, scene)
        with walk.somebody_else() as other:
            walks.newcomer(other, scene)
        with walk.somebody_else() as other:
            walks.too_often(other)
    assert not walk.wrong
    not_looked_at = whole_site.pages() - walk.seen
    assert not not_looked_at, "let tests/scenes.py compose something to see there"
    not_shown = whole_site.templates() - shown
    assert not not_shown, "let tests/scenes.py compose something that shows them"


def test_addresses_that_are_only_sent_to_show_no_page(site: str) -> None:
    answers = {address: musterstadt.browser().get(address).status_code for address in whole_site.routes_only_sent_to()}
    assert len(answers) == len(whole_site.ONLY_SENT_TO)
    assert set(answers.values()) == {405}, answers


def test_what_is_binding_stands_in_german_beside_its_translation(scene: Scene, site: str) -> None:
    with signed_in(scene, site, "tr") as page:
        page.goto(site + scene.pages["change uebermittlungssperren"])
        warning = page.locator(".f-warning")
        assert "itiraz edebilirsiniz" in warning.inner_text()
        assert "§\N{NO-BREAK SPACE}50" in warning.locator("[lang=de]").inner_text()
        page.goto(site + scene.pages["review"])
        declared = page.locator("main form").inner_text()
        assert "beyan edersiniz" in declared and "Mit dem Absenden erklären Sie" in declared
        assert "bağlayıcı olan Almanca metindir" in page.locator(".f-courtesy").inner_text()


def test_a_language_is_chosen_by_its_own_name_without_scripts_and_remembered(site: str) -> None:
    with browsing(width=NARROWEST, height=800, scripts=False) as page:
        page.goto(f"{site}/{SLUG}/")
        page.get_by_role("button", name="Українська").click()
        assert page.url == f"{site}/{SLUG}/"
        assert page.locator("h1").inner_text() == "Що сталося – або що ви плануєте?"
        assert "Що ви можете тут зробити" in page.locator("main").inner_text()
        kept = {one["name"]: one for one in page.context.cookies()}[settings.LANGUAGE_COOKIE_NAME]
        assert kept["expires"] > 0 and kept["httpOnly"]
        page.goto(site)
        assert page.locator("button[aria-current=true]").inner_text() == "Українська"


def test_texts_that_a_service_has_in_german_only_are_marked_as_german(scene: Scene, site: str) -> None:
    with signed_in(scene, site, "ar") as page:
        page.goto(site + scene.pages["decided"])
        heading = page.locator("h1 [lang=de][dir=ltr]")
        assert heading.inner_text() == "Der Baum gehört jetzt zu Ihnen."
        assert "<" not in page.title()
