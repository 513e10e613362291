"""``advance`` may run at any time, any number of times: what it does follows from the journal alone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db.models import F
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from formlos.appointments import operations as appointments
from formlos.appointments import queries as booked
from formlos.base import clock
from formlos.base.tenancy import acting_for, within
from formlos.cases import operations, queries
from formlos.cases.correspondence import note_outcome, receive
from formlos.cases.models import Case, Correspondence, OpenQuestion
from formlos.cases.receipts import RECEIPT
from formlos.cases.tests.towns import ME, answer_all, incoming, journal, open_move, resident, send
from formlos.exchange import queries as exchange
from formlos.notices import queries as notices
from formlos.registers.models import Building, Dwelling
from formlos.registers.queries.records import register_digest

STAGES = ("opened", "answered", "waiting", "with the clerk", "decided", "closed", "withdrawn", "reversed")


def brought_to(stage, here, elsewhere):
    """A case of Stuttgart at this stage."""
    if stage == "waiting":
        case = open_move(here, resident(elsewhere, "lukasz"))
        answer_all(here, case)
        return case
    case = open_move(here, resident(here, "kaethe"))
    if stage == "opened":
        return case
    upload = {"wohnungsnachweis": "upload", "wohnungsgeberbestaetigung": "vertrag.pdf"}
    answer_all(here, case, **(upload if stage == "with the clerk" else {}))
    if stage in ("answered", "withdrawn"):
        with acting_for(here):
            if stage == "withdrawn":
                operations.withdraw(case_id=case, reason="doch nicht", actor=ME)
        return case
    send(here, case)
    with acting_for(here):
        if stage in ("closed", "reversed"):
            from formlos.cases import tasks

            tasks.go_on(case_id=str(case))
        if stage == "reversed":
            operations.reverse(case_id=case, reason="Irrtum", actor="clerk:x")
    return case


def everything(here, case):
    """All that a further run could change."""
    with within(here):
        row = Case.objects.get(id=case)
        return (
            journal(here, case),
            row.state,
            row.wake_at,
            row.unfinished,
            row.entries == row.processed,
            sorted(OpenQuestion.objects.filter(case=case).values_list("path", flat=True)),
            [(sent.kind, sent.state) for sent in exchange.messages_of(str(case))],
            Correspondence.objects.count(),
            [notice.id for notice in notices.notices_of(case)],
            register_digest(),
        )


@pytest.mark.parametrize("stage", STAGES)
def test_running_again_changes_nothing(here, elsewhere, stage):
    case = brought_to(stage, here, elsewhere)
    with acting_for(here):
        operations.continue_case(case_id=case)
    before = everything(here, case)
    for _ in range(3):
        with acting_for(here):
            operations.continue_case(case_id=case)
        assert everything(here, case) == before


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(runs=st.lists(st.integers(0, 3), min_size=4, max_size=4))
def test_however_often_it_runs_between_the_steps_they_leave_the_same_journal(here, elsewhere, runs):
    case = open_move(here, resident(here, "kaethe"))
    for step, times in zip((answer_all, disputes, adds, withdraws), runs, strict=True):
        step(here, case)
        with acting_for(here):
            for _ in range(times):
                operations.continue_case(case_id=case)
    told = [kind for kind in journal(here, case) if not kind.startswith(("source.", "case.evaluated"))]
    assert told[0] == "case.opened" and told[-3:] == ["fact.disputed", "facts.asserted", "case.withdrawn"]
    assert set(told[1:-3]) == {"facts.asserted"}
    assert journal(here, case).count("source.answered") == 4, "each register is asked once"


def disputes(here, case):
    with acting_for(here):
        path = next(path for path in queries.state_of(case).facts if path.endswith("/familienstand"))
        operations.dispute(case_id=case, path=path, reason="stimmt nicht", actor=ME)


def adds(here, case):
    with acting_for(here):
        operations.record_answers(case_id=case, values={"besonderheiten": "nichts weiter"}, actor=ME)


def withdraws(here, case):
    with acting_for(here):
        operations.withdraw(case_id=case, reason="doch nicht", actor=ME)


def test_a_refused_effect_leaves_no_trace_but_the_refusal_and_its_question(here):
    """Everything the decision had begun is rolled back, and the case knows that it is not decided."""
    case = open_move(here, resident(here, "kaethe"))
    answer_all(here, case, wohnungsnachweis="upload", wohnungsgeberbestaetigung="vertrag.pdf", nth=1)
    send(here, case)
    with within(here):
        before = register_digest()
        address = queries.state_of(case).facts["neue_anschrift/hausnummer"].value
        building = Building.objects.get(hausnummer=address)
        Dwelling.objects.create(building=building, zusatz="2. OG", wohnflaeche=50)
    with acting_for(here):
        operations.answer_question(
            case_id=case, path="bestaetigung_ist_in_ordnung", value=True, reason="geprüft", clerk="amtfrau"
        )
        view = queries.case_for_staff(case)
        assert (view.state, view.goals, view.decided_at) == ("clerk", {}, None)
        assert [effect["id"] for effect in view.effects] == [RECEIPT], "what was sent was acknowledged, no more"
        assert [question.path for question in queries.clerk_questions()] == ["effect:eintragung"]
    with within(here):
        assert register_digest() == before
        Dwelling.objects.filter(zusatz="2. OG").delete()
    with acting_for(here):
        operations.answer_question(
            case_id=case, path="effect:eintragung", value=True, reason="Anschrift ist eindeutig", clerk="amtfrau"
        )
        assert queries.case_for_staff(case).goals == {"anmeldung_ist_einzutragen": True}
        assert queries.verify_journal(case).intact


def test_an_answer_that_comes_after_the_withdrawal_is_filed_and_leaves_nothing_to_do(here, elsewhere):
    case = brought_to("waiting", here, elsewhere)
    with within(here):
        asked = Correspondence.objects.get(case=case).message
    with acting_for(here):
        operations.withdraw(case_id=case, reason="doch nicht", actor=ME)
    late = incoming("xmeld:1703", {"treffer": "keiner"}, reply_to=asked)
    with within(here):
        note_outcome(asked, str(case), "delivered", {})
        receive(late)
    with acting_for(here):
        operations.continue_case(case_id=case)
    assert journal(here, case)[-1] == "message.received"
    with within(here):
        assert not Case.objects.exclude(entries=F("processed")).exists()


def test_an_answer_from_somebody_else_is_refused(here, elsewhere):
    from formlos.cases.correspondence import UnexpectedMessage

    case = brought_to("waiting", here, elsewhere)
    with within(here):
        asked = Correspondence.objects.get(case=case).message
    forged = incoming("xmeld:1703", {"treffer": "vollstaendig"}, reply_to=asked, sender_ags="05315000")
    with pytest.raises(UnexpectedMessage), within(here):
        receive(forged)
    assert "message.received" not in journal(here, case)


def test_the_same_answer_twice_counts_once(here, elsewhere):
    case = brought_to("waiting", here, elsewhere)
    with within(here):
        asked = Correspondence.objects.get(case=case).message
    for _ in range(2):
        with within(here):
            receive(incoming("xmeld:1703", {"treffer": "keiner"}, reply_to=asked))
    assert journal(here, case).count("source.answered") == answered_locally(here, case) + 1


def answered_locally(here, case):
    with acting_for(here):
        entries = queries.journal_of(case)
    return sum(entry.kind == "source.answered" and entry.actor != "source:wegzug" for entry in entries)


@pytest.mark.parametrize("stage", ["withdrawn", "reversed"])
def test_nobody_is_expected_for_a_case_that_was_withdrawn_or_undone(stage, here, elsewhere):
    with within(here):
        week = {day: ["08:00-18:00"] for day in ("mo", "di", "mi", "do", "fr", "sa", "so")}
        appointments.set_hours(office="buergerbuero", hours={"hours": week, "minutes": 30, "days_ahead": 7})
    case = brought_to({"withdrawn": "answered", "reversed": "closed"}[stage], here, elsewhere)
    with acting_for(here):
        chosen = booked.free_times(office="buergerbuero")[-1]
        appointments.book(office="buergerbuero", starts_at=chosen, about="Umzug", case_id=case)
        operations.take_back(case_id=case, reason="Irrtum", actor="clerk:x")
        assert queries.case_for_staff(case).state == stage
        assert booked.of_case(case) is None
        assert chosen in booked.free_times(office="buergerbuero")


def test_an_appointment_that_has_been_stays_what_it_was(here, elsewhere):
    with within(here):
        week = {day: ["08:00-18:00"] for day in ("mo", "di", "mi", "do", "fr", "sa", "so")}
        appointments.set_hours(office="buergerbuero", hours={"hours": week, "minutes": 30, "days_ahead": 7})
    case = brought_to("closed", here, elsewhere)
    with acting_for(here):
        chosen = booked.free_times(office="buergerbuero")[0]
        appointments.book(office="buergerbuero", starts_at=chosen, about="Umzug", case_id=case)
        with clock.frozen(chosen + timedelta(hours=1)):
            operations.take_back(case_id=case, reason="Irrtum", actor="clerk:x")
        assert booked.of_case(case).starts_at == chosen
