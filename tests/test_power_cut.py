"""PostgreSQL itself is killed in the middle of moves and started again; it has a cluster of its own here."""

from __future__ import annotations

import os
import signal
import threading
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connections
from tests.checks import messages_between, moved_in_once, moved_out_once, nothing_is_left_over
from tests.citizens import Citizen, all_move
from tests.nodes import MUNICH, STUTTGART, Node, Root, munich, settled, stuttgart
from tests.people import build, home, person, settle

from formlos.config import initialise, launcher
from formlos.config.environment import read_environment

MOVES = 8
CUTS = 2


@pytest.fixture
def own_cluster(tmp_path):
    """A running node on a durable cluster of its own."""
    with launcher.ending_with_this_process(tmp_path, keep=False):
        node = Node(tmp_path, {name: value for name, value in os.environ.items() if name != "DATABASE_URL"})
        initialise.create_node_key(Path(settings.NODE_KEY_FILE))
        cluster = launcher.start(tmp_path)
        initialise.create_roles_and_database(read_environment(node.environment), cluster)
        with node.at_hand():
            initialise.migrate()
        node.found(STUTTGART, MUNICH)
        node.trust_the_demo_issuer()
        root = Root(tmp_path)
        node.take_over(root.directory(node.entries()), root)
        try:
            node.start()
            with node.at_hand():
                yield node, cluster
        finally:
            node.stop()


def test_moves_survive_the_death_of_postgresql(own_cluster):
    node, cluster = own_cluster
    here, there = stuttgart(), munich()
    citizens = [Citizen(node, here, mover(number), home(here, number=str(number))) for number in range(1, MOVES + 1)]
    for citizen in citizens:
        citizen.begins()
    over = threading.Event()
    cutting = threading.Thread(target=cut_the_power, args=[node, cluster, over])
    cutting.start()
    try:
        all_move(citizens, at_a_time=MOVES, seconds=150, patient=True)
    finally:
        over.set()
        cutting.join()
    connections.close_all()
    settled(here, there, seconds=90)
    for citizen in citizens:
        citizen.looks()
        moved_in_once(citizen)
        moved_out_once(citizen, there)
    nothing_is_left_over(here, there)
    assert messages_between(here, there) == {"1702": MOVES, "0201": MOVES}
    assert messages_between(there, here) == {"1703": MOVES, "0203": MOVES}


def mover(number):
    _, address = build(munich(), number=str(number))
    return settle(munich(), address, person("Strom", f"Ausfall{chr(96 + number)}"))


def cut_the_power(node, cluster, over):
    """Kill the server, leave it dead for a moment, start it; processes that give up are started by their manager."""
    for _ in range(CUTS):
        over.wait(1.5)
        postmaster = int((cluster.data / "postmaster.pid").read_text().split("\n", 1)[0])
        os.kill(postmaster, signal.SIGKILL)
        over.wait(0.5)
        launcher.start(node.home)
    while not over.wait(0.5):
        node.restart_what_ended()
