"""Drafts: announced, kept by whoever goes on, erased after a time of silence."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from formlos.base import clock
from formlos.base.journal import ERASED
from formlos.base.tenancy import Municipality, acting_for, within
from formlos.cases import drafts, operations, queries, tasks
from formlos.cases.correspondence import receive
from formlos.cases.models import Case, Correspondence
from formlos.cases.state import ANNOUNCED, WITHDRAWN
from formlos.cases.tests.towns import ME, answer_all, incoming, journal, open_move, resident, send
from formlos.cases.work import CaseIsOver


@contextmanager
def days_later(days: int) -> Iterator[None]:
    with clock.frozen(clock.now() + timedelta(days=days)):
        yield


def look(days: int) -> None:
    """What the nightly job does, so many days from now."""
    with days_later(days):
        tasks.look_after_drafts(timestamp=0)


@pytest.fixture
def draft(here: Municipality) -> UUID:
    return open_move(here, resident(here, "kaethe"))


def test_a_young_draft_is_left_alone(here: Municipality, draft: UUID) -> None:
    before = journal(here, draft)
    look(22)
    assert journal(here, draft) == before


def test_a_draft_is_announced_a_week_before_and_then_erased(here: Municipality, draft: UUID) -> None:
    look(23)
    with acting_for(here):
        assert queries.state_of(draft).erase_on == clock.today() + timedelta(days=30)
    look(24)
    assert journal(here, draft).count(ANNOUNCED) == 1
    look(29)
    assert WITHDRAWN not in journal(here, draft)
    look(30)
    with within(here):
        row = Case.objects.get(id=draft)
        kept = [entry.kind for entry in queries.journal_of(draft) if entry.payload is not None]
        assert (row.state, row.subject, row.entries == row.processed) == ("withdrawn", "", True)
        assert queries.own_cases(subject="me") == []
        assert queries.verify_journal(draft).intact
    assert kept == [WITHDRAWN, ERASED]


def test_a_draft_that_was_never_announced_is_announced_first_however_old(here: Municipality, draft: UUID) -> None:
    look(300)
    with acting_for(here):
        assert queries.state_of(draft).erase_on == clock.today() + timedelta(days=307)
    look(306)
    assert WITHDRAWN not in journal(here, draft)
    look(307)
    assert WITHDRAWN in journal(here, draft)


def test_whoever_goes_on_keeps_the_draft(here: Municipality, draft: UUID) -> None:
    look(23)
    with days_later(25):
        answer_all(here, draft)
    look(40)
    assert WITHDRAWN not in journal(here, draft)
    with acting_for(here):
        assert queries.state_of(draft).erase_on is None


def test_what_was_sent_is_no_draft(here: Municipality, draft: UUID) -> None:
    answer_all(here, draft, wohnungsnachweis="upload", wohnungsgeberbestaetigung="vertrag.pdf")
    send(here, draft)
    before = journal(here, draft)
    look(300)
    assert journal(here, draft) == before
    with acting_for(here), pytest.raises(CaseIsOver):
        drafts.discard(case_id=draft, reason="", norm=drafts.NO_LONGER_NEEDED, actor=ME)


def test_running_the_job_again_changes_nothing(here: Municipality, draft: UUID) -> None:
    look(23)
    look(30)
    before = journal(here, draft)
    look(31)
    assert journal(here, draft) == before


def test_an_answer_too_late_for_an_erased_draft_is_not_kept(here: Municipality, elsewhere: Municipality) -> None:
    case = open_move(here, resident(elsewhere, "lukasz"))
    answer_all(here, case)
    with within(here):
        asked = Correspondence.objects.get(case_id=case)
        drafts.discard(case_id=case, reason="", norm=drafts.NO_LONGER_NEEDED, actor=ME)
        receive(incoming(asked.reply, {"familienname": "Geheim"}, reply_to=asked.message))
        received: Any = queries.journal_of(case)[-1]
    assert (received.kind, received.payload["body"]) == ("message.received", {})


def test_a_withdrawn_draft_cannot_be_discarded_again(here: Municipality, draft: UUID) -> None:
    with acting_for(here):
        operations.withdraw(case_id=draft, reason="", actor=ME)
        with pytest.raises(CaseIsOver):
            drafts.discard(case_id=draft, reason="", norm=drafts.NO_LONGER_NEEDED, actor=ME)
