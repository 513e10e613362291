"""Two nodes flood each other with whole moves, each with one server process a role and one job at a time."""

from __future__ import annotations

import pytest
from tests.checks import moved_in_once, moved_out_once, nothing_is_left_over
from tests.citizens import Citizen, all_move
from tests.nodes import MUNICH, STUTTGART, Root, munich, settled, stuttgart
from tests.people import build, home, person, settle

EACH_WAY = 20


@pytest.fixture
def pair(new_node, tmp_path):
    slow = {"FORMLOS_JOB_CONCURRENCY": "1"}
    with new_node(STUTTGART, **slow) as here, new_node(MUNICH, **slow) as there:
        root = Root(tmp_path)
        directory = root.directory([*here.entries(), *there.entries()])
        for node in (here, there):
            node.take_over(directory, root)
            node.start()
        yield here, there


def test_moves_in_both_directions_at_once_starve_nobody(pair):
    (here, there), towns = pair, (stuttgart, munich)
    people = {}
    for node, town in zip(pair, towns, strict=True):
        with node.at_hand():
            people[town] = (
                [resident(town(), number) for number in range(EACH_WAY)],
                [home(town(), number=str(number)) for number in range(1, EACH_WAY + 1)],
            )
    citizens = {}
    for node, new, old in ((here, stuttgart, munich), (there, munich, stuttgart)):
        with node.at_hand():
            citizens[new] = [
                Citizen(node, new(), mover, dwelling).begins()
                for mover, dwelling in zip(people[old][0], people[new][1], strict=True)
            ]
    all_move([*citizens[stuttgart], *citizens[munich]], at_a_time=2 * EACH_WAY, seconds=120)
    for node, town, other in ((here, stuttgart, munich), (there, munich, stuttgart)):
        with node.at_hand():
            settled(town(), seconds=60)
            assert {citizen.looks()["state"] for citizen in citizens[town]} == {"closed"}
            for citizen in citizens[town]:
                moved_in_once(citizen)
            for citizen in citizens[other]:
                moved_out_once(citizen, town())
            nothing_is_left_over(town())


def resident(town, number):
    _, address = build(town, number=str(number + 1))
    return settle(town, address, person("Flut", f"Welle{chr(97 + number)}{town.land.lower()}"))
