"""Story 2: a nurse moves in three weeks and tells it at night; on the day one tap with the wallet is enough."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import translation
from django.utils.formats import date_format
from tests.nodes import eventually, kinds_sent, munich, stuttgart
from tests.people import present
from tests.stories.acting import Stage, moves_alone
from tests.stories.conftest import DESK, PHONE

from formlos.base import clock

WEEKS = timedelta(days=21)
WAYS = [pytest.param(PHONE, True, id="phone"), pytest.param(DESK, False, id="desk-without-scripts")]


def day_in_words(day: date) -> str:
    with translation.override("de"):
        return date_format(day, "DATE_FORMAT")


def tells(actor: Any, words: str) -> bool:
    """Whether the inbox says it by now: a worker looks each minute whose day has come."""
    actor.opens("/meine/")
    return words in actor.text


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
        assert f"Am {day_in_words(day)} geht es mit einem Tipp weiter." in nina.title, nina.title
        assert f"Sie am {day_in_words(day)}: ein Tipp genügt" in nina.text and "Eingegangen am" in nina.text
        case = nina.page.url.partition("?")[0].rstrip("/").split("/")[-1]
    assert kinds_sent(stuttgart(), case) == [], "Munich has not been asked"
    stage.sleep(days=WEEKS.days)
    with visiting(size, scripts=scripts) as nina:
        nina.opens("/meine/")  # where the hint of that morning leads
        nina.identifies_by_wallet(nurse.name)
        nina.waits_for(lambda: tells(nina, "Es ist so weit: Ein Tipp genügt."), seconds=90)
        assert "Sind Sie wie angekündigt eingezogen?" in nina.text
        nina.looks()
        nina.presses("Ja, jetzt abschließen")
        nina.waits_for_title("Sie sind gemeldet.")
        assert nina.typed == [], "one tap, nothing typed"
    assert kinds_sent(stuttgart(), case) == ["1702", "0201"]
    eventually(lambda: present(munich(), nurse.name) == [])
    assert len(present(stuttgart(), nurse.name)) == 1
