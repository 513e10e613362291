"""The simulated provider's page is quick: who is ready to move comes first, the rest is folded."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from django.test import Client as Browser
from django.test import override_settings

from formlos.identity.demo_provider import people
from formlos.identity.demo_provider.people import MOVES, STAFF, Person
from formlos.identity.tests.providing import ANNA, BO, CLIENT, PUBLIC
from formlos.identity.tests.test_demo_provider import request_to

BACK, STAFF_BACK = f"{PUBLIC}/anmelden/zurueck/demo/", f"{PUBLIC}/dienst/anmelden/zurueck/demo/"
MOVER = replace(ANNA, group=MOVES)
HERE = replace(ANNA, key="hier", name="Hanna Hier", town="Stuttgart", group=MOVES)
CLERK = replace(BO, key="dienst", name="Sabine Amtmann", story="arbeitet im Bürgerbüro", group=STAFF)


def page(home: Path, *known: Person, **changes: str) -> str:
    """What stands on the page, the provider knowing these people."""
    client = replace(CLIENT, redirect_uris=(BACK, STAFF_BACK), towns=("Stuttgart",))
    with override_settings(ROOT_URLCONF="formlos.config.urls_idp", ROLE="idp", DEMO=True, HOME=home):
        people.write(home, people=known, clients=[client])
        return Browser().get(request_to("", **changes), headers={"host": "localhost"}).content.decode()


def test_who_is_ready_to_move_is_seen_at_once_and_everybody_else_is_folded(tmp_path: Path) -> None:
    seen, _, folded = page(tmp_path, MOVER, BO, CLERK).partition("<details")
    assert MOVER.name in seen and BO.name not in seen and CLERK.name not in seen
    assert BO.name in folded and CLERK.name in folded


def test_who_signs_in_to_work_finds_the_staff_first(tmp_path: Path) -> None:
    seen, _, folded = page(tmp_path, MOVER, CLERK, redirect_uri=STAFF_BACK).partition("<details")
    assert CLERK.name in seen and MOVER.name not in seen
    assert MOVER.name in folded


def test_those_who_would_move_to_the_town_come_before_those_who_live_there(tmp_path: Path) -> None:
    shown = page(tmp_path, HERE, MOVER, town="Stuttgart")
    assert shown.index(MOVER.name) < shown.index(HERE.name)


def test_without_anybody_to_put_first_nobody_is_folded(tmp_path: Path) -> None:
    shown = page(tmp_path, ANNA, BO)
    assert BO.name in shown.partition("<details")[0] and "Weitere Personen" not in shown


def test_the_page_names_the_town_that_one_goes_back_to(tmp_path: Path) -> None:
    shown = page(tmp_path, MOVER, town="Stuttgart")
    assert "zurück zur Stadt Stuttgart" in shown and "localhost" not in shown


@pytest.mark.parametrize("town", ["", "Entenhausen"])
def test_a_town_that_the_node_does_not_have_is_not_named(tmp_path: Path, town: str) -> None:
    shown = page(tmp_path, MOVER, town=town)
    assert "zurück zu der Seite, von der Sie kommen" in shown and "Entenhausen" not in shown


def test_the_level_is_folded_with_its_explanation_and_the_pin_stands_before_it(tmp_path: Path) -> None:
    shown = page(tmp_path, MOVER)
    assert shown.index('id="pin"') < shown.index("Wie sicher weisen Sie sich aus?") < shown.index('name="niveau"')
