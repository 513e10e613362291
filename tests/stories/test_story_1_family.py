"""Story 1: a family of four moves from Munich to Stuttgart, says it in one sentence, and nobody in an office acts."""

from __future__ import annotations

from typing import Any

import pytest
from tests.nodes import kinds_sent, munich, settled, stuttgart
from tests.people import present
from tests.stories.acting import BY_CODE, Actor, Stage
from tests.stories.conftest import DESK, PHONE

from formlos.base.tenancy import within
from formlos.cases.models import Case

EVERYONE = ("Jana Sophie", "Marko", "Mila", "Jonas Luka")
WAYS = [
    pytest.param(PHONE, True, id="phone"),
    pytest.param(PHONE, False, id="phone-without-scripts"),
    pytest.param(DESK, True, id="desk"),
    pytest.param(DESK, False, id="desk-without-scripts"),
]


@pytest.mark.parametrize(("size", "scripts"), WAYS)
def test_a_family_moves_in_minutes_and_types_address_day_and_code(
    stage: Stage, visiting: Any, request: Any, size: tuple[int, int], scripts: bool
) -> None:
    surname = "Umzieher-" + {PHONE: "Hand", DESK: "Tisch"}[size] + ("" if scripts else "los")
    mother, home = stage.family(surname), stage.home()
    street, number = home.anschrift["strasse"], home.anschrift["hausnummer"]
    with visiting(size, scripts=scripts) as jana:
        jana.opens("/")
        jana.says(f"Wir ziehen heute von München nach Stuttgart in die {street} {number}")
        assert jana.title == "Das passt dazu"
        assert f"{street} {number}" in jana.text
        jana.presses("Damit weiter: Umzug – Wohnung anmelden")
        jana.identifies(mother.name)
        titles = jana.answers(
            {
                "Zieht Ihre Familie mit um": lambda: _assures(jana),
                "Womit weisen Sie die neue Wohnung nach": lambda: _gives_code(jana, home.code),
            },
            until="Stimmt alles?",
        )
        assert titles[-1] == "Wer zieht mit um?" and len(titles) == 3, "what was confirmed is not asked again"
        assert all(f"{name} {surname}" in jana.text for name in EVERYONE[1:])
        assert "Aus München" in jana.text
        begun = jana.seconds
        jana.presses("Absenden")
        jana.waits_for_title("Sie sind gemeldet.")
        assert jana.seconds - begun < 60 and jana.seconds < 180
        jana.looks()
        assert len(jana.typed) == 2, "one sentence with address and day, and the code"
        _knows_what_happened(jana, surname)
        case = jana.page.url.partition("?")[0].rstrip("/").split("/")[-1]
    settled(stuttgart(), munich())
    for name in EVERYONE:
        assert present(munich(), f"{name} {surname}") == []
        assert len(present(stuttgart(), f"{name} {surname}")) == 1
    assert kinds_sent(stuttgart(), case) == ["1702", "0201"]
    with within(stuttgart()):
        assert not Case.objects.get(id=case).with_clerk, "no clerk acted"


def _gives_code(actor: Actor, code: str) -> None:
    actor.chooses(BY_CODE)
    actor.types_code(code)


def _assures(actor: Actor) -> None:
    assert "§ 202a" in actor.text
    actor.chooses("Ja")


def _knows_what_happened(actor: Actor, surname: str) -> None:
    """The sealed confirmations, every office that now knows, what only the family can still do."""
    actor.waits_for(lambda: actor.text.count("Amtliche Meldebestätigung") >= len(EVERYONE) or _looks_again(actor))
    known, _, to_come = actor.text.partition("Wer es noch erfährt")
    assert "Ihre bisherige Gemeinde weiß vom Umzug" in known.partition("Wer jetzt Bescheid weiß")[2]
    assert "Bundeszentralamt für Steuern" in to_come and "Was Sie noch tun können" in to_come
    assert "Neue Anschrift im Ausweis" in known.partition("Was Sie noch tun müssen")[2]
    assert f"Mila {surname}" in actor.text


def _looks_again(actor: Actor) -> bool:
    """The page looks again by itself; without scripts a reload stands for its refresh."""
    actor.page.reload()
    return False
