"""Stuttgart and Munich on nodes of their own, with nothing in common but the network and a signed directory."""

from __future__ import annotations

import pytest
from tests.citizens import Citizen, is_over, is_ready_to_send, waits
from tests.nodes import (
    MUNICH,
    STUTTGART,
    Root,
    all_journals_intact,
    eventually,
    munich,
    services_run,
    settled,
    stuttgart,
)
from tests.people import demo, home, present

from formlos.base.tenancy import Municipality, within
from formlos.exchange import queries as exchange
from formlos.exchange.directory import sign_directory
from formlos.exchange.operations import directories
from formlos.exchange.refusals import DirectoryRefused


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    return Root(tmp_path_factory.mktemp("root"))


@pytest.fixture(scope="module")
def pair(new_node, root):
    """The two nodes, running."""
    with new_node(STUTTGART) as here, new_node(MUNICH) as there:
        directory = root.directory([*here.entries(), *there.entries()])
        for node in (here, there):
            node.take_over(directory, root)
            node.start()
        yield here, there


def test_a_family_moves_between_two_nodes(pair):
    here, there = pair
    with there.at_hand():
        jana = demo(munich(), "jana")
    with here.at_hand():
        assert [town.name for town in Municipality.objects.all()] == ["Stuttgart"]
        citizen = Citizen(here, stuttgart(), jana, home(stuttgart(), number="1")).begins()
        case = citizen.goes_on(is_over)
        assert case["goals"] == {"anmeldung_ist_einzutragen": True}
        eventually(lambda: "auswertung" in services_run(stuttgart()))
        settled(stuttgart())
        assert len(present(stuttgart(), "Mila Kovačević")) == 1
        assert all_journals_intact(stuttgart())
    with there.at_hand():
        settled(munich())
        assert present(munich(), "Mila Kovačević") == []
        assert services_run(munich()) == ["meldeschein", "rueckmeldung"]
        assert all_journals_intact(munich())


def test_while_munich_is_down_the_case_waits_and_finishes_by_itself(pair):
    here, there = pair
    with there.at_hand():
        lukasz = demo(munich(), "lukasz")
    there.kill("web", "exchange", "worker")
    with here.at_hand():
        citizen = Citizen(here, stuttgart(), lukasz, home(stuttgart(), number="2")).begins()
        case = citizen.goes_on(lambda case: waits(case) and not case["pages"])
        citizen.portal.send(case["id"])
        eventually(lambda: attempts(case["id"]) >= 2)
        case = citizen.looks()
        assert case["state"] == "waiting" and not case["pages"]
        assert [one["source"] for one in case["waiting"]] == ["wegzug"]
        assert "§§ 23, 23a BMG" in case["waiting"][0]["norm"]
        there.start()
        eventually(lambda: is_over(citizen.looks()), seconds=60)
        assert citizen.case["goals"] == {"anmeldung_ist_einzutragen": True}
        settled(stuttgart())
    with there.at_hand():
        settled(munich())
        assert present(munich(), lukasz.name) == []


def test_a_rueckmeldung_that_finds_munich_down_arrives_later(pair):
    here, there = pair
    with there.at_hand():
        giulia = demo(munich(), "giulia")
    with here.at_hand():
        citizen = Citizen(here, stuttgart(), giulia, home(stuttgart(), number="3")).begins()
        citizen.goes_on(is_ready_to_send)
        before = services_run(stuttgart()).count("auswertung")
        there.kill("exchange")
        case = citizen.goes_on(is_over)
        assert len(citizen.looks()["documents"]) == 1
        eventually(lambda: attempts(case["id"]) >= 2)
        there.start("exchange")
        settled(stuttgart(), seconds=60)
        eventually(lambda: services_run(stuttgart()).count("auswertung") > before)
    with there.at_hand():
        assert present(munich(), giulia.name) == []


def attempts(case):
    with within(stuttgart()):
        return max(row.attempts for row in exchange.messages_of(str(case)))


def test_an_older_directory_is_refused_and_the_newer_one_stays_in_use(pair, root):
    here, there = pair
    newer = root.directory([*here.entries(), *there.entries()], serial=3)
    here.take_over(newer, root)
    with here.at_hand():
        older = sign_directory(root.directory(here.entries(), serial=2), key=root.key)
        with pytest.raises(DirectoryRefused, match="not newer than 3"):
            directories.import_directory(token=older)
        assert exchange.current_directory().serial == 3
