"""Story 5: a pensioner without a smartphone: the same dialogue at the counter, larger, in simple language, and a letter."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from tests.nodes import munich, settled, stuttgart
from tests.people import Home, present
from tests.stories.acting import Actor, Stage
from tests.stories.conftest import DESK, PHONE
from tests.stories.counter import (
    checks_the_card,
    lets_the_print_be_checked,
    place_of_case,
    sends,
    signs_in,
    waits_for_words,
)

from formlos.base import clock, journal
from formlos.base.tenancy import acting_for, within
from formlos.notices import queries as notices

WAYS = [pytest.param(PHONE, True, id="phone"), pytest.param(DESK, False, id="desk-without-scripts")]


@pytest.mark.parametrize(("size", "scripts"), WAYS)
def test_a_pensioner_is_heard_at_the_counter_and_gets_a_letter(
    stage: Stage, visiting: Any, size: tuple[int, int], scripts: bool
) -> None:
    gerda = stage.single("Gerda", "Ohnetelefon" + ("" if scripts else "los"), born="1943-05-17")
    home = stage.home()
    with visiting(size, scripts=scripts) as clerk:
        signs_in(clerk)
        clerk.follows("Umzug")
        checks_the_card(clerk, gerda)
        case = UUID(place_of_case(clerk).rpartition("/")[2])
        reads_aloud(clerk)
        clerk.answers(spoken(clerk, home), until="Stimmt alles?", looking=True)
        lets_the_print_be_checked(clerk, f"{home.anschrift['strasse']} {home.anschrift['hausnummer']}")
        sends(clerk)
        waits_for_words(clerk, "Amtliche Meldebestätigung")
        clerk.looks()
        clerk.presses(f"Per Brief schicken – Amtliche Meldebestätigung {gerda.name}")
        assert "Geht auch mit der Post" in clerk.text
        clerk.looks()
        clerk.presses("Person ist fertig")
        assert clerk.title == "Wer steht vor Ihnen?"
    settled(stuttgart(), munich())
    assert len(present(stuttgart(), gerda.name)) == 1 and not present(munich(), gerda.name)
    says_so_in_the_journal(case)
    with acting_for(stuttgart()):
        assert [one.layout for one in notices.letters_to_post() if one.case_id == case] == ["meldebestaetigung"]


def reads_aloud(clerk: Actor) -> None:
    """The page that is open, larger and in simple language; what the clerk's own page speaks stays as it is."""
    usual = size_of_letters(clerk)
    clerk.presses("Größere Schrift")
    bar = clerk.page.get_by_role("region", name="Am Schalter")
    bar.get_by_role("button", name="Einfache Sprache").click()
    bar.get_by_role("button", name="Alltagssprache").wait_for()
    assert size_of_letters(clerk) > usual


def size_of_letters(clerk: Actor) -> float:
    found: float = clerk.page.locator("main p").first.evaluate("one => parseFloat(getComputedStyle(one).fontSize)")
    return found


def spoken(clerk: Actor, home: Home) -> dict[str, Any]:
    """What she answers to the questions of the plain texts, typed by the clerk."""

    def address() -> None:
        clerk.types("Straße", str(home.anschrift["strasse"]))
        clerk.types("Haus-Nummer", str(home.anschrift["hausnummer"]))

    return {
        "Zieht Ihre Familie mit um?": lambda: clerk.chooses("Nein"),
        "Wohin ziehen Sie?": address,
        "Wann sind Sie eingezogen?": lambda: clerk.types(
            "Wann sind Sie eingezogen? Oder wann ziehen Sie ein?", clock.today().isoformat()
        ),
        "Wie zeigen Sie uns dass Sie dort wohnen?": lambda: clerk.chooses("Ich habe einen Code vom Vermieter"),
        "Welchen Code haben Sie vom Vermieter?": lambda: clerk.types(
            "Welchen Code haben Sie vom Vermieter?", home.code
        ),
    }


def says_so_in_the_journal(case: UUID) -> None:
    with within(stuttgart()):
        kept = journal.load(case)
    (checked,), (sent,) = kept.of_kind("identity.checked"), kept.of_kind("review.sent")
    assert checked.payload["document"] == "personalausweis"
    assert sent.payload["noted"]["where"] == "am Schalter"
    assert [one["path"] for one in sent.payload["noted"]["declared_orally"]] == ["berechtigung_ist_versichert"]
