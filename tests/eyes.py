"""What is wrong with a page as people see it: axe-core in light, contrast in dark, nothing wider than the window."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Error

AXE = pytest.importorskip("axe_playwright_python.base", reason="install axe-playwright-python").AXE_FILE_PATH
FIRST = "found => found.violations.map(one => `${one.id}: ${one.nodes[0].html}`)"
QUICKLY = (
    "resultTypes: ['violations'], preload: false"  # what it would load first are sounds and films, of which none are
)
EVERYTHING = f"{{{QUICKLY}}}"
NO_COLOURS = f"{{{QUICKLY}, rules: {{'color-contrast': {{enabled: false}}}}}}"
COLOURS = f"{{{QUICKLY}, runOnly: ['color-contrast']}}"
MOST_LOOKS = 3
WIDER = "document.scrollingElement.scrollWidth > document.scrollingElement.clientWidth"
WIDEST = """() => {
    const reaches = one => { const at = one.getBoundingClientRect(); return Math.max(at.right - innerWidth, -at.left) };
    return [...document.querySelectorAll("body *")].sort((one, other) => reaches(other) - reaches(one))[0].outerHTML;
}"""

LIGHT, DARK = "light", "dark"


def findings(page: Any, complaints: list[str] | None = None, *, colours: tuple[str, ...] = (LIGHT, DARK)) -> list[str]:
    """What is wrong with the open page, one line for each broken rule, and what its console complained of so far.

    colours: schemes in which contrast is looked at. A page that renews itself meanwhile is looked at anew.
    """
    wrong = _looked_at(page, colours)
    wrong += [text for text in complaints or () if "404" not in text]
    if complaints:
        complaints.clear()
    return wrong


def _looked_at(page: Any, colours: tuple[str, ...]) -> list[str]:
    page.wait_for_load_state("load")
    for _ in range(MOST_LOOKS - 1):
        try:
            return _findings(page, colours)
        except Error:
            page.wait_for_load_state("load")
    return _findings(page, colours)


def _findings(page: Any, colours: tuple[str, ...]) -> list[str]:
    if not page.evaluate("'axe' in window"):
        page.add_init_script(path=AXE)  # the browser keeps it for the pages to come
        page.evaluate(AXE.read_text())
    wrong = _axe(page, EVERYTHING if LIGHT in colours else NO_COLOURS)
    if DARK in colours:
        page.emulate_media(color_scheme=DARK)
        wrong += [f"{DARK}: {one}" for one in _axe(page, COLOURS)]
        page.emulate_media(color_scheme=LIGHT)
    if page.evaluate(WIDER):
        wrong.append(f"wider than the window: {page.evaluate(WIDEST)}")
    return wrong


def _axe(page: Any, options: str) -> list[str]:
    found: list[str] = page.evaluate(f"axe.run({options}).then({FIRST})")
    return found
