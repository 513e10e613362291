"""Sets a letter as PDF (PDF/UA-1 and PDF/A-3a in one file) with its machine data attached, and as HTML.

Typst compiles in this process; its compiler and fonts are loaded once and kept. Data reaches it as JSON
text by ``sys.inputs``: a name that looks like markup is a name.
"""

from __future__ import annotations

import json
import threading
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

import typst
from django.template.loader import render_to_string

from formlos.law.canonical import canonical_bytes
from formlos.notices import corrected  # noqa: F401  registers its words
from formlos.notices.contents import Contents
from formlos.notices.coverage import writable
from formlos.notices.letterheads import Letterhead
from formlos.notices.letters import letter

ROOM = Path(__file__).parent
STANDARDS = ["a-3a", "ua-1"]
_setting = threading.Lock()


def render(*, layout: str, contents: Contents, head: Letterhead, written_on: date) -> bytes:
    """The unsealed PDF, the same bytes for the same input; its machine data is attached."""
    inputs = {
        "letter": json.dumps(writable(letter(layout=layout, contents=contents, head=head, written_on=written_on))),
        "attachment": machine_data(layout=layout, contents=contents, head=head, written_on=written_on).decode(),
    }
    midnight = datetime(written_on.year, written_on.month, written_on.day, tzinfo=UTC)
    with _setting:  # one compiler per layout is shared by the threads of a process
        page = _compiler(layout).compile(sys_inputs=inputs, pdf_standards=STANDARDS, timestamp=midnight)
    assert isinstance(page, bytes)
    return page


def render_article(*, layout: str, contents: Contents, head: Letterhead, written_on: date) -> str:
    """The same words as an HTML ``<article>``, for a portal's own page."""
    words = letter(layout=layout, contents=contents, head=head, written_on=written_on)
    return render_to_string("notices/article.html", {"letter": words})


def machine_data(*, layout: str, contents: Contents, head: Letterhead, written_on: date) -> bytes:
    """Canonical JSON of what the letter says: no field that the page does not show."""
    return canonical_bytes(
        {
            "art": layout,
            "aussteller": head.municipality,
            "datum": written_on,
            "angaben": contents.model_dump(exclude_none=True),
            "spieldaten": head.demo,
        }
    )


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(ROOM / "fonts")])


@cache
def _compiler(layout: str) -> typst.Compiler:
    layouts = ROOM / "layouts"
    return typst.Compiler(str(layouts / f"{layout}.typ"), root=str(layouts), font_paths=_fonts())
