"""Story 2: a nurse moves in three weeks and tells it at night; on the day one tap with the wallet is enough."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from tests.nodes import eventually, kinds_sent, munich, stuttgart
from tests.people import present
from tests.stories.acting import Stage, moves_alone
from tests.stories.conftest import DESK, PHONE

from formlos.base import clock

WEEKS = timedelta(days=21)
WAYS = [pytest.param(PHONE, True, id="phone"), pytest.param(DESK, False, id="desk-without-scripts")]


@pytest.mark.parametrize(("size", "scripts"), WAYS)
def test_a_nurse_tells_her_move_in_advance_and_taps_once_on_the_day(
    stage: Stage, visiting: Any, size: tuple[int, int], scripts: bool
) -> None:
    nurse = stage.single("Nina", "Nachtdienst" + ("" if scripts else "los"))
    day = clock.today() + WEEKS
    home = stage.home(day=day)
    with visiting(size, scripts=scripts) as nina:
        nina.opens("/")
        address = f"{home.anschrift['strasse']} {home.anschrift['hausnummer']}"
        nina.says(f"ich zieh am {day.day}.{day.month}.{day.year} in die {address} in Stuttgart")
        nina.presses("Damit weiter: Umzug – Wohnung anmelden")
        nina.identifies_by_wallet(nurse.name)
        nina.answers(moves_alone(nina, home), until="Stimmt alles?")
        nina.page.go_back()
        assert "Welchen Code haben Sie" in nina.title
        assert nina.page.get_by_role("textbox").input_value() == home.code, "back without loss"
        nina.presses("Weiter")
        nina.presses("Absenden")
        assert f"{day.day}." in nina.title, nina.title
        case = nina.page.url.rstrip("/").split("/")[-1]
    assert kinds_sent(stuttgart(), case) == [], "Munich has not been asked"
    stage.sleep(days=WEEKS.days)
    with visiting(size, scripts=scripts) as nina:
        nina.opens("/meine/")
        nina.identifies_by_wallet(nurse.name)
        nina.follows("Umzug – Wohnung anmelden")
        nina.answers({"ingezogen": lambda: nina.chooses("Ja")}, until="Sie sind gemeldet.")
    assert kinds_sent(stuttgart(), case) == ["1702", "0201"]
    eventually(lambda: present(munich(), nurse.name) == [])
    assert len(present(stuttgart(), nurse.name)) == 1
