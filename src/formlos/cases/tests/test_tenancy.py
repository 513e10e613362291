"""Cases of one town, tried from another on the same node: by operations, queries, jobs and plain SQL."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from formlos.base import journal as chains
from formlos.base.jobs import defer
from formlos.base.tenancy import NoMunicipality, acting_for, within
from formlos.cases import operations, queries, tasks
from formlos.cases.models import Case, Correspondence, OpenQuestion
from formlos.cases.tests.towns import answer_all, incoming, journal, open_move, resident, send
from formlos.cases.work import NoSuchCase


@pytest.fixture
def case(here, elsewhere):
    """A case of Stuttgart that waits for a clerk."""
    opened = open_move(here, resident(here, "kaethe"))
    answer_all(here, opened, wohnungsnachweis="upload", wohnungsgeberbestaetigung="mietvertrag.pdf")
    send(here, opened)
    with acting_for(here):
        assert [question.path for question in queries.clerk_questions()] == ["bestaetigung_ist_in_ordnung"]
    return opened


OPERATIONS = {
    "record_answers": {"values": {}, "actor": "a"},
    "send_review": {"actor": "a"},
    "dispute": {"path": "familienname", "reason": "r", "actor": "a"},
    "answer_question": {"path": "bestaetigung_ist_in_ordnung", "value": True, "reason": "r", "clerk": "c"},
    "withdraw": {"reason": "r", "actor": "a"},
    "reverse": {"reason": "r", "actor": "a"},
    "continue_case": {},
}


@pytest.mark.parametrize("name", OPERATIONS)
def test_no_operation_of_another_town_finds_the_case(here, elsewhere, case, name):
    before = journal(here, case)
    with acting_for(elsewhere), pytest.raises(NoSuchCase):
        getattr(operations, name)(case_id=case, **OPERATIONS[name])
    assert journal(here, case) == before


def test_no_query_of_another_town_tells_of_the_case(here, elsewhere, case):
    with acting_for(here):
        reference = queries.case_for_staff(case).reference
    with acting_for(elsewhere):
        for query in (queries.case_for_staff, queries.state_of):
            with pytest.raises(NoSuchCase):
                query(case)
        for own in (queries.own_case, queries.require_own):
            with pytest.raises(NoSuchCase):
                own(case, subject="me", level="high")
        with pytest.raises(NoSuchCase):
            queries.case_by_reference(reference)
        assert queries.journal_of(case) == [] and queries.verify_journal(case).entries == 0
        assert queries.clerk_questions() == [] and queries.cases_of_municipality() == []
        assert queries.under_way() == []


def test_without_a_town_nothing_is_told(here, case):
    with pytest.raises(NoMunicipality):
        queries.case_for_staff(case)
    with pytest.raises(DatabaseError, match="no municipality is set"), transaction.atomic():
        connection.cursor().execute("SELECT * FROM cases_case")


def work_through():
    """Run the jobs that are there."""
    with app.replace_connector(app.connector.get_worker_connector()) as worker:
        worker.run_worker(wait=False, install_signal_handlers=False, listen_notify=False)


@pytest.mark.parametrize("job", [tasks.go_on, tasks.look_again, tasks.reverse], ids=lambda job: job.__name__)
def test_a_job_that_carries_another_town_does_not_touch_the_case(here, elsewhere, case, job):
    work_through()
    before = journal(here, case)
    more = {"reason": "r"} if job is tasks.reverse else {}
    with within(elsewhere):
        defer(job, case_id=str(case), **more)
    work_through()
    assert not ProcrastinateJob.objects.filter(status="doing").exists()
    assert journal(here, case) == before
    with acting_for(elsewhere):
        assert queries.cases_of_municipality() == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE cases_case SET state = 'closed'",
        "DELETE FROM cases_openquestion",
        "DELETE FROM cases_correspondence",
        "DELETE FROM cases_case",
    ],
)
def test_plain_sql_of_another_town_changes_no_row(here, elsewhere, case, statement):
    with within(elsewhere), connection.cursor() as cursor:
        cursor.execute(statement)
        assert cursor.rowcount == 0
    with within(here):
        assert Case.objects.get(id=case).state == "clerk" and OpenQuestion.objects.count() == 1


def test_no_row_of_another_town_can_belong_to_the_case(here, elsewhere, case):
    with pytest.raises(IntegrityError), within(elsewhere):
        OpenQuestion.objects.create(case_id=case, path="x", office="o", since="2026-01-01T00:00Z")
    with pytest.raises(IntegrityError), within(elsewhere):
        Correspondence.objects.create(case_id=case, message=case, receiver="08111000")


def test_another_town_cannot_write_into_the_journal_nor_block_it(here, elsewhere, case):
    with acting_for(here):
        length = len(queries.journal_of(case))
    with within(elsewhere):
        stranger = chains.Chain(case, [])
        for number in range(length + 3):
            stranger.append("case.opened", {"number": number}, actor="stranger")
        stranger.save()
    with acting_for(here):
        operations.answer_question(
            case_id=case, path="bestaetigung_ist_in_ordnung", value=True, reason="geprüft", clerk="amtfrau"
        )
        assert queries.verify_journal(case).intact
        assert "stranger" not in {entry.actor for entry in queries.journal_of(case)}


def test_the_same_message_id_from_two_senders_opens_two_cases(here, elsewhere):
    """Senders choose their ids; nobody can keep another's message out by using its id first."""
    from formlos.cases.correspondence import receive

    first = incoming("xmeld:0201.storno", {"bezug": "", "grund": "x"})
    second = incoming("xmeld:0201.storno", {"bezug": "", "grund": "x"}, id=first.id, sender_ags="05315000")
    for town in (here, elsewhere):
        for message in (first, second, first):
            with within(town):
                receive(message)
        with acting_for(town):
            assert len(queries.cases_of_municipality()) == 2
