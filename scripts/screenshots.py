"""Makes docs/screenshots: plays the demonstration on a node of its own and looks at it, on a desk and on a phone.

    .venv/bin/python scripts/screenshots.py

Needs Playwright and chromium-headless-shell (requirements/dev.in; apt).
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from formlos.config.demo.node import Node, demo_node

TARGET = Path(__file__).resolve().parents[1] / "docs" / "screenshots"
SIZES = {"desk": (1100, 760), "phone": (390, 844)}
SENTENCE = "Wir ziehen heute mit den Kindern nach Stuttgart in den Neckarbogen 9, und wir haben einen Hund"
LONGEST = 1800  # pixels of a page that are shown


def main() -> None:
    TARGET.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix="formlos-screenshots-") as home,
        demo_node(home=Path(home) / "node", residents=300, told=say) as node,
    ):
        case, pdf, sign_ins = move(node)
        for (name, size), sign_in in zip(SIZES.items(), sign_ins, strict=True):
            look(node.web, name, size, case=case, pdf=pdf, sign_in=sign_in)


def move(node: Node) -> tuple[str, bytes, list[str]]:
    """Let the demonstration's family move; the address of the case, its sealed PDF, a proof of identity a look."""
    from formlos.base import clock
    from formlos.base.tenancy import municipality_by_ags, within
    from formlos.config.demo.move import Move
    from formlos.config.demo.portal import Portal
    from formlos.config.demo.script import Script
    from formlos.config.demo.towns import confirmed_dwelling
    from formlos.identity import demo_issuer
    from formlos.registers.queries.demo import demo_people

    here, there = municipality_by_ags("08111000"), municipality_by_ags("09162000")
    with within(there):
        person = demo_people()[0]
    anschrift, code = confirmed_dwelling(here, persons=[person.name], day=clock.today())
    story = Move(Portal(url=node.web, ags=here.ags), Script(anschrift, clock.today(), code), lambda step: None)
    case = story.play(demo_issuer.issue(person=person.eid, subject=person.key))
    pdf = story.portal.document(case["id"], case["documents"][0]["id"])
    proofs = [demo_issuer.issue(person=person.eid, subject=person.key) for _ in SIZES]
    return f"/{here.slug}/vorgang/{case['id']}/", pdf, proofs


def look(web: str, size_name: str, size: tuple[int, int], *, case: str, pdf: bytes, sign_in: str) -> None:
    from formlos.portals.citizen.tests.serving import browsing

    town = case.split("/")[1]
    with browsing(width=size[0], height=size[1]) as page:
        pages = {
            "start": "/",
            "gemeinde": f"/{town}/",
            "recht": f"/{town}/recht/umzug/",
            "vorfuehrung": "/vorfuehrung/",
        }
        for name, address in pages.items():
            page.goto(web + address)
            take(page, f"{name}-{size_name}")
        page.goto(web)
        page.get_by_label("Was ist passiert").fill(SENTENCE)
        page.get_by_role("button", name="Weiter", exact=True).click()
        take(page, f"gefunden-{size_name}")
        for name, content in {"echt": pdf, "veraendert": pdf[:5000] + b"!" + pdf[5001:]}.items():
            page.goto(f"{web}/pruefen/")
            file = {"name": "meldebestaetigung.pdf", "mimeType": "application/pdf", "buffer": content}
            page.locator("input[type=file]").set_input_files(file)
            page.get_by_role("button", name="Prüfen", exact=True).click()
            take(page, f"{name}-{size_name}")
        page.goto(f"{web}/anmelden/demo/?{urlencode({'nachweis': sign_in, 'weiter': case})}")
        page.get_by_role("button", name="Ausweisen").click()
        take(page, f"vorgang-{size_name}")
        for name, address in {"meine": "/meine/", "daten": "/meine/daten/"}.items():
            page.goto(web + address)
            take(page, f"{name}-{size_name}")
        page.goto(f"{web}/{town}/anliegen/umzug/beginnen/")
        page.get_by_role("button", name="Beginnen").click()
        take(page, f"frage-{size_name}")


def take(page: Any, name: str) -> None:
    page.wait_for_load_state("load")
    height = min(page.locator("body").evaluate("body => body.scrollHeight"), LONGEST)
    clip = {"x": 0, "y": 0, "width": page.viewport_size["width"], "height": height}
    page.screenshot(path=TARGET / f"{name}.png", full_page=True, clip=clip)


def say(text: str) -> None:
    sys.stderr.write(f"{text} …\n")


if __name__ == "__main__":
    main()
