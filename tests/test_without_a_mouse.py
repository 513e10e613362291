"""By keyboard alone, and four times enlarged: a whole dialogue from its first page to the page after sending."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
from django.conf import settings
from tests import scenes
from tests.eyes import WIDER
from tests.scenes import SLUG, Scene

from formlos.base import clock
from formlos.portals.citizen.tests.serving import CHROMIUM, browsing, serving

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium; apt install chromium-headless-shell")

FOCUSED = """(() => {
  const one = document.activeElement, style = getComputedStyle(one), box = one.getBoundingClientRect();
  const near = one.matches("input[type=radio], input[type=checkbox], input[type=file]") ? one.parentElement : one;
  const ringed = [one, near, ...near.children].some(part => getComputedStyle(part).outlineStyle !== "none"
    || getComputedStyle(part).boxShadow !== "none");
  const inside = box.width > 0 && box.left >= 0 && box.right <= innerWidth && box.bottom > 0 && box.top < innerHeight;
  const words = one.labels && one.labels.length ? one.labels[0].innerText : one.innerText || one.value || "";
  return {nothing: one === document.body, ringed, inside, words: words.trim(), html: one.outerHTML.slice(0, 90),
          name: one.getAttribute("name") || "", place: [...document.querySelectorAll("*")].indexOf(one)};
})()"""
CUT_OFF = """[...document.querySelectorAll("main *, header *, footer *")].filter(one => {
  const box = one.getBoundingClientRect();
  const hidden = one.closest(".kern-sr-only, .f-skip, [aria-hidden=true]");
  return one.childElementCount === 0 && one.textContent.trim() && !hidden && box.width > 0
    && (box.left < -1 || box.right > innerWidth + 1);
}).map(one => one.outerHTML.slice(0, 90))"""


@pytest.fixture(scope="module")
def scene(clone: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with clone() as database, database.at_hand(), scenes.settings_for(tmp_path_factory.mktemp("scene")):
        yield scenes.compose()


class Keyboard:
    """Somebody who only has keys. Wherever the focus goes it is seen, inside the window and further down the page."""

    def __init__(self, page: Any) -> None:
        self.page, self.last = page, -1

    def arrives(self) -> None:
        """On a page that has just opened, at whose beginning the focus is."""
        self.page.wait_for_load_state()
        self.last = -1

    def goes_to(self, words: str, *, name: str = "") -> dict[str, Any]:
        """Press the tabulator until something with these words, or this name, has the focus."""
        seen = []
        for _press in range(80):
            self.page.keyboard.press("Tab")
            found = self._focused()
            assert not found["nothing"], f"{words}{name} is not reached: {seen}"
            if found["place"] == self.last:
                continue  # the browser's own parts of a date
            assert found["ringed"], f"the focus is not seen: {found['html']}"
            assert found["inside"], f"the focus is outside: {found['html']}"
            assert found["place"] > self.last, f"the focus goes back: {found['html']}"
            self.last = found["place"]
            seen.append(found["words"])
            if (words and found["words"].startswith(words)) or (name and found["name"] == name):
                return found
        raise AssertionError(f"{words}{name} is not reached: {seen}")

    def _focused(self) -> dict[str, Any]:
        """What has the focus, once the browser has scrolled to it."""
        for _moment in range(20):
            found: dict[str, Any] = self.page.evaluate(FOCUSED)
            if found["inside"] or found["nothing"]:
                break
            self.page.wait_for_timeout(50)
        return found

    def presses(self, words: str) -> None:
        """Go to a link or button and follow it."""
        self.goes_to(words)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        self.arrives()

    def types(self, name: str, text: str) -> None:
        self.goes_to("", name=name)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)

    def types_day(self, name: str, day: date) -> None:
        """In the order of parts that this browser has."""
        self.goes_to("", name=name)
        for order in ("%d%m%Y", "%m%d%Y"):
            self.page.keyboard.type(day.strftime(order))
            if self.page.evaluate("document.activeElement.value") == day.isoformat():
                return
            for _part in range(3):
                self.page.keyboard.press("ArrowLeft")
        raise AssertionError(f"{day} cannot be typed")

    def chooses(self, name: str, value: str) -> None:
        """Go into the group of radio buttons and along it by its arrow."""
        self.goes_to("", name=name)
        self.page.keyboard.press("Space")
        for _press in range(10):
            now = "(() => [document.activeElement.value, document.activeElement.checked])()"
            if self.page.evaluate(now) == [value, True]:
                break
            self.page.keyboard.press("ArrowDown")
        assert self.page.evaluate(now) == [value, True]
        self.last = self.page.evaluate(FOCUSED)["place"]

    @property
    def title(self) -> str:
        found: str = self.page.get_by_role("heading", level=1).inner_text()
        return found

    def answers(self) -> None:
        """Fill in the questions that are asked, in the order of the page."""
        form = self.page.locator("main form [name]:not([type=hidden]):not(button)")
        names = list(dict.fromkeys(form.evaluate_all("all => all.map(one => one.name)")))
        for name in names:
            kind = self.page.locator(f"main form [name='{name}']").first.get_attribute("type")
            said = scenes.ANSWERS.get(name.rpartition("/")[2])
            part = scenes.HOME.get(name.rpartition("/")[2])
            if kind == "radio":
                self.chooses(name, said)
            elif kind == "date":
                self.types_day(name, clock.today())
            elif kind == "checkbox":
                self.goes_to("", name=name)
                if not self.page.evaluate("document.activeElement.checked"):
                    self.page.keyboard.press("Space")
            elif part or said:
                self.types(name, part or said)


@contextmanager
def looking(scene: Scene, *, width: int, language: str = "de") -> Iterator[tuple[str, Any]]:
    """A signed-in person's browser, in which something is prepared without identity, too."""
    proof = scenes.proof_of(scene.mover)
    with serving() as site, browsing(width=width, height=800) as page:
        known = scene.cookies | {settings.LANGUAGE_COOKIE_NAME: language}
        page.context.add_cookies([{"name": name, "value": value, "url": site} for name, value in known.items()])
        page.goto(f"{site}/anmelden/demo/?nachweis={proof}&weiter=/meine/")
        page.locator("main form button").click()
        yield site, page


def test_a_move_is_told_from_the_first_page_to_the_last_by_keyboard_alone(scene: Scene) -> None:
    with looking(scene, width=1280) as (site, page):
        keys = Keyboard(page)
        page.goto(f"{site}/{SLUG}/anliegen/umzug/beginnen/")
        keys.arrives()
        keys.goes_to("Zum Inhalt")
        page.keyboard.press("Enter")
        keys.presses("Beginnen")
        for _page in range(8):
            if "/fragen/" not in page.url:
                break
            keys.answers()
            keys.presses("Weiter")
            assert not page.get_by_role("alert").count(), page.locator("main").inner_text()
        assert keys.title == "Stimmt alles?"
        keys.presses("ändern")
        keys.presses("Übernehmen")
        assert keys.title == "Stimmt alles?"
        keys.presses("Absenden")
        assert "Anmeldung" in keys.title, keys.title
        assert "/angaben/" not in page.url


@pytest.mark.parametrize("language", ["de", "ar"])
def test_four_times_enlarged_nothing_is_cut_off_and_nobody_scrolls_sideways(scene: Scene, language: str) -> None:
    """A window of 1280 by 1024 pixels shows 320 by 256 at 400 %."""
    wrong = {}
    shown = ("town", "begin", "first question", "change neue_anschrift", "review", "withdraw", "with a clerk")
    with looking(scene, width=320, language=language) as (site, page):
        page.set_viewport_size({"width": 320, "height": 256})
        for name in (*shown, "decided", "times", "booked", "link opened", "notice", "consents"):
            page.goto(site + scene.pages[name])
            wrong[name] = page.evaluate(CUT_OFF) + (["wider than the window"] if page.evaluate(WIDER) else [])
            heading = page.get_by_role("heading", level=1).first
            heading.scroll_into_view_if_needed()
            assert heading.is_visible(), name
    assert not {name: found for name, found in wrong.items() if found}
