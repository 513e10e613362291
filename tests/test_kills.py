"""Workers, and now and then servers, are killed at random points of many moves; each move happens exactly once."""

from __future__ import annotations

import os
import random
import threading
from collections import Counter

import pytest
from tests.checks import messages_between, moved_in_once, moved_out_once, nothing_is_left_over
from tests.citizens import Citizen, all_move
from tests.nodes import MUNICH, STUTTGART, Node, Root, munich, settled, stuttgart
from tests.people import build, home, person, settle

MOVES, COUPLES = 54, 6
KILLS = 20
VICTIMS = ["worker"] * 5 + ["worker2"] * 5 + ["exchange"] * 2 + ["web"]


@pytest.fixture
def town_pair(new_node, tmp_path):
    with new_node(STUTTGART, MUNICH) as node, node.at_hand():
        root = Root(tmp_path)
        node.take_over(root.directory(node.entries()), root)
        yield node


def test_every_move_happens_exactly_once_however_often_processes_are_killed(town_pair):
    node = town_pair
    seed = int(os.environ.get("KILLS_SEED", "20260310"))
    print(f"seed {seed}")  # noqa: T201
    here, there = stuttgart(), munich()
    citizens = [Citizen(node, here, mover(number), home(here, number=str(number))) for number in range(1, MOVES + 1)]
    node.start("web", "exchange", "worker", "worker2")
    for citizen in citizens:
        citizen.begins()
    with Killer(node, seed=seed) as killer:
        all_move(citizens, at_a_time=18, seconds=200)
    settled(here, there, seconds=90)
    assert sum(killer.killed.values()) >= 10, killer.killed
    for citizen in citizens:
        citizen.looks()
        moved_in_once(citizen)
        moved_out_once(citizen, there)
    nothing_is_left_over(here, there)
    assert messages_between(here, there) == {"1702": MOVES, "0201": MOVES}
    assert messages_between(there, here) == {"1703": MOVES, "0203": MOVES}


def mover(number):
    """Somebody who lives in Munich, some of them with a partner."""
    _, address = build(munich(), number=str(number))
    name = f"Zug{chr(97 + number // 26)}{chr(97 + number % 26)}"
    if number > COUPLES:
        return settle(munich(), address, person("Anna", name))
    partner = person("Bernd", name, geschlecht="m", familienstand="VH", rolle="ehegatte")
    return settle(munich(), address, person("Anna", name, familienstand="VH"), partner)


class Killer:
    """Kills one process after the other with signal 9 and starts it again, for as long as the block takes."""

    def __init__(self, node: Node, *, seed: int) -> None:
        self.killed: Counter[str] = Counter()
        self.failed = ""
        self._node, self._chance, self._end = node, random.Random(seed), threading.Event()
        self._thread = threading.Thread(target=self._kill)

    def __enter__(self) -> Killer:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._thread.join()
        assert not self.failed, self.failed

    def _kill(self) -> None:
        try:
            self._kill_on()
        except Exception as error:
            self.failed = repr(error)

    def _kill_on(self) -> None:
        while self.killed.total() < KILLS and not self._end.wait(self._chance.uniform(0.3, 2.5)):
            victim = self._chance.choice(VICTIMS)
            self._node.kill(victim)
            self.killed[victim] += 1
            self._node.start(victim)
