"""A list is tried out, confirmed row by row, and gives codes; what is wrong in a row is told and hurts no other."""

from __future__ import annotations

from datetime import timedelta

import pytest

from formlos.base import clock
from formlos.base.tenancy import acting_for, within
from formlos.cases import queries as cases
from formlos.cases.access import LevelTooLow, Person
from formlos.cases.tests.test_landlords import KARL, dwelling_of
from formlos.landlords import operations, queries, tasks
from formlos.landlords.files import ListRefused
from formlos.landlords.models import Batch
from formlos.landlords.operations import ListNotReady, NoSuchList, RoleIncomplete

FACTS = KARL | {"vertrauensniveau": "substantial"}
FIRM = {
    "handelt_als": "beauftragt",
    "angegebener_wohnungsgeber": "Wohnbau Lerchenfeld eG",
    "sitz_des_wohnungsgebers": "Weg 2, 70173 Stuttgart",
}


def row(address, **more):
    given = {name: address.get(name) or "" for name in ("strasse", "hausnummer", "zusatz", "postleitzahl", "ort")}
    day = clock.today().strftime("%d.%m.%Y")
    return given | {"einzugsdatum": day, "personen": "Käthe Häberle", "eigentuemer": ""} | more


def try_out(town, rows, *, said=FIRM, level="substantial"):
    with acting_for(town):
        return operations.try_out(rows=rows, said=said, person=Person("me", level, FACTS, "Konto"))


def confirm(town, batch):
    with acting_for(town):
        operations.confirm(batch_id=batch, subject="me", assured=True)
        tasks.confirm_rows(batch_id=str(batch))


def look(town, batch):
    with within(town):
        return queries.list_of(batch, subject="me")


@pytest.fixture
def home(here):
    return dwelling_of(here, "Wohnbau Lerchenfeld eG").anschrift


def test_good_rows_become_cases_with_codes_and_bad_ones_say_what_to_mend(here, home):
    rows = [
        row(home),
        row(home),
        row(home, einzugsdatum="31.02.2026"),
        row(home, personen="Роман"),
        row(home, strasse="Gibtesnichtweg"),
        row(home, personen=" | "),
    ]
    batch = try_out(here, rows)
    found = [[code for code, _ in line.problems] for line in look(here, batch).lines]
    assert found == [[], ["duplicate"], ["date"], ["name"], ["address"], ["missing"]]
    confirm(here, batch)
    done = look(here, batch)
    assert done.done and done.count("confirmed") == 1 and done.count("wrong") == 5
    assert len(done.lines[0].code) == 14
    with acting_for(here):
        case = cases.case_for_staff(done.lines[0].case_id)
    assert case.goals == {"bestaetigung_ist_zu_erteilen": True}


def test_streets_are_completed_as_the_register_spells_them(here, home):
    short = home["strasse"].upper().replace("STRASSE", "str.").replace("STRAßE", "str.")
    (line,) = look(here, try_out(here, [row(home, strasse=short, ort="", postleitzahl="")])).lines
    assert line.problems == [] and line.said["neue_anschrift"]["strasse"] == home["strasse"]


def test_a_row_whose_landlord_is_not_on_file_waits_for_a_clerk(here, home):
    batch = try_out(here, [row(home)], said=FIRM | {"angegebener_wohnungsgeber": "Andere GmbH"})
    confirm(here, batch)
    (line,) = look(here, batch).lines
    assert (line.state, line.code) == ("asked", "")


def test_confirming_twice_makes_no_second_case(here, home):
    batch = try_out(here, [row(home)])
    confirm(here, batch)
    (once,) = look(here, batch).lines
    confirm(here, batch)
    assert look(here, batch).lines == [once]


def test_without_assurance_or_good_rows_nothing_is_confirmed(here, home):
    batch, bad = try_out(here, [row(home)]), try_out(here, [row(home, einzugsdatum="")])
    with acting_for(here):
        for one, assured in ((batch, False), (bad, True)):
            with pytest.raises(ListNotReady):
                operations.confirm(batch_id=one, subject="me", assured=assured)


def test_a_list_is_there_for_its_sender_only(here, home):
    batch = try_out(here, [row(home)])
    with within(here):
        for attempt in (
            queries.list_of,
            lambda b, subject: operations.confirm(batch_id=b, subject=subject, assured=True),
        ):
            with pytest.raises(NoSuchList):
                attempt(batch, subject="you")


def test_a_list_needs_an_account_of_level_substantial_a_role_and_rows(here, home):
    with pytest.raises(LevelTooLow):
        try_out(here, [row(home)], level="basic")
    with pytest.raises(RoleIncomplete):
        try_out(here, [row(home)], said={"handelt_als": "beauftragt"})
    with pytest.raises(ListRefused):
        try_out(here, [])


def test_lists_are_forgotten_and_their_cases_stay(here, home):
    kept, batch = try_out(here, [row(home)]), try_out(here, [row(home)])
    confirm(here, batch)
    case = look(here, batch).lines[0].case_id
    with within(here):
        Batch.objects.filter(id=batch).update(confirmed_at=clock.now() - timedelta(days=31))
    with acting_for(here):
        operations.tidy()
        assert cases.case_for_staff(case).goals
    assert [line.state for line in look(here, kept).lines] == ["ready"]
