"""Drafts: announced, kept by whoever goes on, erased after a time of silence."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from formlos.appointments import operations as booking
from formlos.appointments.queries import free_times
from formlos.base import clock
from formlos.base.journal import ERASED
from formlos.base.models import Blob
from formlos.base.tenancy import Municipality, acting_for, within
from formlos.cases import attachments, drafts, operations, queries, tasks
from formlos.cases.correspondence import receive
from formlos.cases.models import Attachment, Case, Correspondence
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


def test_an_erased_draft_leaves_no_file_but_what_another_case_uses(here: Municipality, draft: UUID) -> None:
    with acting_for(here):
        other = open_move(here, resident(here, "kaethe"), subject="you")
        for case, content in (
            (draft, b"%PDF-1.4 mine %%EOF"),
            (draft, b"%PDF-1.4 ours %%EOF"),
            (other, b"%PDF-1.4 ours %%EOF"),
        ):
            attachments.hand_in(case_id=case, name="a.pdf", content=content, actor=ME)
        drafts.discard(case_id=draft, reason="", norm=drafts.NO_LONGER_NEEDED, actor=ME)
    with within(here):
        (kept,) = Attachment.objects.all()
        contents = [bytes(blob.content) for blob in Blob.objects.all()]
        assert kept.case_id == other and attachments.file_of(kept.id, case_id=other).content == b"%PDF-1.4 ours %%EOF"
    assert b"%PDF-1.4 mine %%EOF" not in contents


@pytest.mark.parametrize("ending", ["withdrawn", "erased"])
def test_a_draft_that_ends_gives_its_appointment_back(here: Municipality, draft: UUID, ending: str) -> None:
    days = dict.fromkeys(("mo", "di", "mi", "do", "fr"), ["08:00-12:00"])
    with acting_for(here):
        booking.set_hours(office="buergerbuero", hours={"hours": days})
        time = free_times(office="buergerbuero")[3]
        booking.book(office="buergerbuero", starts_at=time, about="Umzug", case_id=draft)
        before = free_times(office="buergerbuero").count(time)
        if ending == "withdrawn":
            operations.withdraw(case_id=draft, reason="", actor=ME)
        else:
            drafts.discard(case_id=draft, reason="", norm=drafts.NO_LONGER_NEEDED, actor=ME)
        assert (before, free_times(office="buergerbuero").count(time)) == (0, 1)
