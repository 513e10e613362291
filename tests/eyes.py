"""What is wrong with a page as people see it: axe-core in light, contrast in dark, nothing wider than the window."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Error

AXE = pytest.importorskip("axe_playwright_python.base", reason="install axe-playwright-python").AXE_FILE_PATH
FIRST = "found => found.violations.map(one => `${one.id}: ${one.nodes[0].html}`)"
NO_COLOURS = "{resultTypes: ['violations'], rules: {'color-contrast': {enabled: false}}}"
COLOURS = "{resultTypes: ['violations'], runOnly: ['color-contrast']}"
COLOURS_IN = ("de", "ar")
"""Languages in which colours are looked at: they follow the direction of writing, not the words."""
MOST_LOOKS = 3
WIDER = "document.scrollingElement.scrollWidth > document.scrollingElement.clientWidth"


def findings(page: Any, complaints: list[str] | None = None, *, dark: bool = True) -> list[str]:
    """What is wrong with the open page, one line for each broken rule, and what its console complained of so far.

    A page that renews itself meanwhile is looked at anew.
    """
    wrong = _looked_at(page, dark)
    wrong += [text for text in complaints or () if "404" not in text]
    if complaints:
        complaints.clear()
    return wrong


def _looked_at(page: Any, dark: bool) -> list[str]:
    page.wait_for_load_state("load")
    for _ in range(MOST_LOOKS - 1):
        try:
            return _findings(page, dark)
        except Error:
            page.wait_for_load_state("load")
    return _findings(page, dark)


def _findings(page: Any, dark: bool) -> list[str]:
    if not page.evaluate("'axe' in window"):
        page.add_init_script(path=AXE)  # the browser keeps it for the pages to come
        page.evaluate(AXE.read_text())
    wrong = _axe(page, NO_COLOURS)
    if page.evaluate("document.documentElement.lang") in COLOURS_IN:
        wrong += _axe(page, COLOURS)
        if dark:
            page.emulate_media(color_scheme="dark")
            wrong += [f"dark {one}" for one in _axe(page, COLOURS)]
            page.emulate_media(color_scheme="light")
    if page.evaluate(WIDER):
        wrong.append("wider than the window")
    return wrong


def _axe(page: Any, options: str) -> list[str]:
    found: list[str] = page.evaluate(f"axe.run({options}).then({FIRST})")
    return found
