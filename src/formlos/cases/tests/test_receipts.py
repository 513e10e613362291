"""What was sent is acknowledged by a document, once, where the result does not come at once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from formlos.base import clock
from formlos.base.tenancy import acting_for, within
from formlos.cases import operations, queries, receipts, tasks
from formlos.cases.models import Case
from formlos.cases.tests.towns import ME, answer_all, open_move, resident, send
from formlos.notices import queries as notices

UPLOAD = {"wohnungsnachweis": "upload", "wohnungsgeberbestaetigung": "vertrag.pdf"}
FUTURE = {"wohnungsnachweis": "eigentum"}
TITLE = "Ihre Anmeldung ist eingegangen"


def look(here, case, *, times=3):
    """What workers do, more often than needed."""
    with acting_for(here):
        for _ in range(times):
            tasks.look_again(case_id=str(case))
            tasks.go_on(case_id=str(case))


def titles(here, case):
    with within(here):
        return [notice.title for notice in notices.notices_of(case)]


def state(here, case):
    with within(here):
        return Case.objects.get(id=case).state


def test_who_waits_for_a_clerk_gets_one_receipt_with_the_time(here):
    case = open_move(here, resident(here, "kaethe"))
    answer_all(here, case, **UPLOAD)
    assert titles(here, case) == []
    send(here, case)
    look(here, case)
    assert (state(here, case), titles(here, case)) == ("clerk", [TITLE])
    with within(here):
        (receipt,) = notices.notices_of(case)
        said = notices.article_of(receipt.id, case_id=case)
        sent = queries.state_of(case).reviewed_at.astimezone(clock.BERLIN)
    assert f"um {sent:%H:%M} Uhr" in said.replace("\N{NO-BREAK SPACE}", " ") and "Eingegangen am" in said


def test_who_waits_for_a_day_gets_one_receipt_and_none_more_on_that_day(here):
    case, day = open_move(here, resident(here, "kaethe")), clock.today() + timedelta(days=20)
    answer_all(here, case, einzugsdatum=day.isoformat(), **FUTURE)
    send(here, case)
    look(here, case)
    assert (state(here, case), titles(here, case)) == ("waiting", [TITLE])
    with clock.frozen(clock.now() + timedelta(days=21)):
        look(here, case)
        with acting_for(here):
            operations.record_answers(case_id=case, values={"einzug_bestaetigt": True}, actor=ME)
        look(here, case)
        assert titles(here, case).count(TITLE) == 1


def test_what_is_decided_as_it_is_sent_has_no_receipt_beside_its_result(here):
    case = open_move(here, resident(here, "kaethe"))
    answer_all(here, case)
    send(here, case)
    look(here, case)
    assert state(here, case) == "closed"
    assert TITLE not in titles(here, case) and titles(here, case)


def test_another_authority_has_an_hour_before_a_receipt_comes(here, elsewhere):
    case = open_move(here, resident(elsewhere, "lukasz"))
    answer_all(here, case)
    send(here, case)
    look(here, case)
    assert (state(here, case), titles(here, case)) == ("waiting", [])
    with within(here):
        assert Case.objects.get(id=case).wake_at <= clock.now() + receipts.AFTER
    with clock.frozen(clock.now() + receipts.AFTER + timedelta(minutes=1)):
        look(here, case)
        assert (state(here, case), titles(here, case)) == ("waiting", [TITLE])
    with clock.frozen(clock.now() + timedelta(days=4)):
        look(here, case)
        assert (state(here, case), titles(here, case)) == ("clerk", [TITLE])


@pytest.mark.parametrize("service", ["umzug", "wohnungsgeberbestaetigung", "uebermittlungssperren"])
def test_every_service_of_the_portal_declares_its_receipt(here, service):
    with within(here):
        from formlos.catalogue.queries import adopted, law

        pinned = adopted(service)
        declared = law(document=pinned.document, parameters=pinned.parameters).document.data
    words = declared["service"]["receipt"]
    assert words["betreff"] and words["text"] and words["anschrift"] in declared["facts"]
