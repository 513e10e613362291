"""Story 11: the old municipality is not connected. The card tells what it can, a clerk gets the rest, a letter leaves."""

from __future__ import annotations

from typing import Any

import pytest
from tests.citizens import clerk_asks, clerk_says
from tests.nodes import eventually, kinds_sent, stuttgart
from tests.people import Mover, card, person, present
from tests.stories.acting import Actor, Stage, moves_alone
from tests.stories.conftest import DESK, PHONE

from formlos.base.tenancy import acting_for
from formlos.cases import queries
from formlos.notices import queries as notices

COLOGNE = {"strasse": "Domgasse", "hausnummer": "4", "zusatz": None, "postleitzahl": "50667", "ort": "Köln"}
WAYS = [pytest.param(PHONE, True, id="phone"), pytest.param(DESK, False, id="desk-without-scripts")]


@pytest.mark.parametrize(("size", "scripts"), WAYS)
def test_who_comes_from_a_town_that_is_not_connected_waits_for_a_clerk_and_types_no_more(
    stage: Stage, visiting: Any, size: tuple[int, int], scripts: bool
) -> None:
    facts = person("Kölsche", "Zugezogen" + ("" if scripts else "los"))
    name = f"Kölsche {facts['familienname']}"
    mover = stage.introduced(Mover(f"cologne-{scripts}", name, card(facts, COLOGNE | {"ags": "05315000"}), ()))
    home = stage.home()
    with visiting(size, scripts=scripts) as citizen:
        citizen.opens("/")
        address = f"{home.anschrift['strasse']} {home.anschrift['hausnummer']}"
        citizen.says(f"Bin heute von Köln nach Stuttgart gezogen, {address}")
        citizen.presses("Damit weiter: Umzug – Wohnung anmelden")
        citizen.identifies(mover.name)
        citizen.answers(moves_alone(citizen, home), until="Stimmt alles?")
        assert "Aus Ihrem Ausweis" in citizen.text
        citizen.presses("Absenden")
        citizen.waits_for(lambda: "Köln" in citizen.text or "Mensch" in citizen.title)
        case = citizen.page.url.rstrip("/").split("/")[-1]
        citizen.meanwhile(lambda: a_clerk_gets_the_rest(case, facts))
        citizen.waits_for(lambda: _is_registered(citizen, scripts=scripts))
        assert len(citizen.typed) == 2, "one sentence with address and day, and the code"
    assert len(present(stuttgart(), name)) == 1
    assert kinds_sent(stuttgart(), case) == []
    with acting_for(stuttgart()):
        letters = [letter.layout for letter in notices.letters_to_post() if str(letter.case_id) == case]
    assert letters == ["rueckmeldung"]


def a_clerk_gets_the_rest(case: str, facts: dict[str, Any]) -> None:
    """By telephone or letter, and enters it with the reason."""
    told = {name: value if value is not None else {"none": True} for name, value in facts.items()}
    told |= {"auskunftssperre": False, "weitere_wohnungen": 0}
    answers = {"identitaet_ist_geprueft": True, "personen": [told]}

    def answered() -> bool:
        for path in set(clerk_asks(stuttgart(), case)) & set(answers):
            clerk_says(stuttgart(), case, path, answers[path])
        with acting_for(stuttgart()):
            return bool(queries.case_for_staff(case).decided_at)

    eventually(answered, otherwise=lambda: clerk_asks(stuttgart(), case))


def _is_registered(citizen: Actor, *, scripts: bool) -> bool:
    if not scripts and citizen.title != "Sie sind gemeldet.":
        citizen.page.reload()
    return citizen.title == "Sie sind gemeldet."
