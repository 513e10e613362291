"""The invented statute that the engine is tested on, and a workshop for small services."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from formlos.law import Document, Facts, Law, ListOf, load_service

BRUNNEN = Path(__file__).parent / "musterstadt" / "brunnen"
HEAD = """from __future__ import annotations
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal
from formlos.law.language import (
    add_months, age_on, computed, days_between, is_none, next_working_day, record, round_half_up, rule
)
"""
SOURCES = """
sources:
  uhr: {kind: clock, rank: 1}
  register: {kind: register.x, rank: 2}
  person: {kind: applicant, rank: 8}
  amt: {kind: clerk, rank: 9}
"""

MakeService = Callable[..., Document]


@pytest.fixture(scope="session")
def document() -> Document:
    return load_service(BRUNNEN)


@pytest.fixture(scope="session")
def law(document: Document) -> Law:
    return Law(document, land="MU")


@pytest.fixture
def family() -> Facts:
    """A family with a child that counts (a) and one of age (b), and a metered well in use."""
    return Facts(
        {
            "heute": date(2026, 3, 10),
            "antragsdatum": date(2026, 3, 10),
            "nutzungsbeginn": date(2026, 3, 1),
            "art": "haus",
            "lage/strasse": "Am Markt",
            "lage/hausnummer": "1",
            "lage/bezirk": "Mitte",
            "zaehler_vorhanden": True,
            "verbrauch": Decimal(100),
            "tiefe": 8,
            "kinder": ListOf(("a", "b")),
            "kinder/a/vorname": "Anna",
            "kinder/a/geburtsdatum": date(2010, 6, 1),
            "kinder/a/lebt_im_haushalt": True,
            "kinder/b/vorname": "Bela",
            "kinder/b/geburtsdatum": date(2005, 6, 1),
            "kinder/b/lebt_im_haushalt": True,
            "ermaessigung_beantragt": False,
            "altlast_vermutet": False,
        }
    )


def write_service(
    folder: Path, *, rules: str, facts: str, params: str = "", effects: str = "", sources: str = "", **service: str
) -> Path:
    """Write a small service folder; `facts` and `rules` without the usual head."""
    folder.mkdir(parents=True, exist_ok=True)
    settings = {"name": "probe", "title": "Probe", "key_date": "heute", "goals": "[ziel]", **service}
    (folder / "service.yaml").write_text("".join(f"{key}: {value}\n" for key, value in settings.items()))
    (folder / "facts.yaml").write_text(f"{SOURCES}{sources}facts:\n  heute: {{type: date, sources: [uhr]}}\n{facts}")
    (folder / "rules.py").write_text(HEAD + rules)
    if params:
        (folder / "params.yaml").write_text(params)
    if effects:
        (folder / "effects.yaml").write_text(effects)
    return folder


@pytest.fixture
def make_service(tmp_path: Path) -> MakeService:
    def make(rules: str, facts: str, **parts: str) -> Document:
        return load_service(write_service(tmp_path / "probe", rules=rules, facts=facts, **parts))

    return make


@pytest.fixture
def make_law(make_service: MakeService) -> Callable[..., Law]:
    def make(rules: str, facts: str, **parts: str) -> Law:
        return Law(make_service(rules, facts, **parts))

    return make
