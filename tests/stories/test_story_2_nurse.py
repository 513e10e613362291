"""Story 2: a nurse moves in three weeks and tells it at night; on the day one tap with the wallet is enough."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from tests.nodes import eventually, kinds_sent, munich, stuttgart
from tests.people import present
from tests.stories.acting import Stage
from tests.stories.conftest import DESK, PHONE

from formlos.base import clock

WEEKS = timedelta(days=21)
WAYS = [pytest.param(PHONE, True, id="phone"), pytest.param(DESK, False, id="desk-without-scripts")]


@pytest.mark.parametrize(("size", "scripts"), WAYS)
def test_a_nurse_tells_her_move_in_advance_and_taps_once_on_the_day(
    stage: Stage, visiting: Any, size: tuple[int, int], scripts: bool
) -> None:
    nurse = stage.single("Nele", "Nachtdienst" + ("" if scripts else "los"))
    day = clock.today() + WEEKS
    home = stage.home(day=day)
    with visiting(size, scripts=scripts) as nele:
        nele.opens("/")
        address = f"{home.anschrift['strasse']} {home.anschrift['hausnummer']}"
        nele.says(f"ich zieh am {day.day}.{day.month}.{day.year} in die {address} in Stuttgart")
        nele.presses("Damit weiter: Umzug – Wohnung anmelden")
        nele.presses("Ausweisen und beginnen")
        nele.identifies_by_wallet(nurse.name)
        nele.answers(
            {
                "deren Daten Sie empfangen dürfen": lambda: nele.chooses("Nein"),
                "Welchen Code haben Sie": lambda: nele.types_code(home.code),
                "Womit weisen Sie die neue Wohnung nach": lambda: nele.chooses(
                    "Ich habe einen Code von der vermietenden Person"
                ),
                "ziehen Sie ein": lambda: None,
                "Wo wohnen Sie jetzt": lambda: None,
            },
            until="Stimmt alles?",
        )
        nele.presses("Absenden")
        assert f"{day.day}." in nele.title, nele.title
        case = nele.page.url.rstrip("/").split("/")[-1]
    assert kinds_sent(stuttgart(), case) == [], "Munich has not been asked"
    stage.sleep(days=WEEKS.days)
    with visiting(size, scripts=scripts) as nele:
        nele.opens("/meine/")
        nele.identifies_by_wallet(nurse.name)
        nele.follows("Umzug – Wohnung anmelden")
        nele.answers({"ingezogen": lambda: nele.chooses("Ja")}, until="Sie sind gemeldet.")
    assert kinds_sent(stuttgart(), case) == ["1702", "0201"]
    eventually(lambda: present(munich(), nurse.name) == [])
    assert len(present(stuttgart(), nurse.name)) == 1
