"""Reports of barriers: kept for one town, numbered, answered, forgotten after a year."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from formlos.base import clock
from formlos.base.tenancy import Municipality, within
from formlos.feedback import operations, queries
from formlos.feedback.operations import NoSuchReport, NothingSaid


def reported(town: Municipality, text: str = "Die Schrift ist zu klein.", **more: str) -> str:
    with within(town):
        return operations.report(**{"text": text, "page": "", "contact": "", "language": "de"} | more)


def test_a_report_is_seen_by_its_town_only(stuttgart: Municipality, munich: Municipality) -> None:
    number = reported(stuttgart, contact="ada@example.org", page="/stuttgart/")
    with within(stuttgart):
        (one,) = queries.reports()
    assert (one.number, one.contact, one.page, one.done_at) == (number, "ada@example.org", "/stuttgart/", None)
    assert one.answer_until - one.at == timedelta(days=30)
    with within(munich):
        assert queries.reports() == []
        with pytest.raises(NoSuchReport):
            operations.settle(report_id=one.id, by="anna")


def test_what_is_done_comes_after_what_waits(stuttgart: Municipality) -> None:
    reported(stuttgart, "eins")
    reported(stuttgart, "zwei")
    with within(stuttgart):
        first = queries.reports()[0]
        operations.settle(report_id=first.id, by="anna")
        settled_at = queries.reports()[1].done_at
        operations.settle(report_id=first.id, by="bo")
        assert [one.text for one in queries.reports()] == ["zwei", "eins"]
        assert queries.reports()[1].done_at == settled_at


def test_a_report_without_a_word_is_refused_and_a_long_one_is_cut(stuttgart: Municipality) -> None:
    with pytest.raises(NothingSaid):
        reported(stuttgart, "  \n ")
    reported(stuttgart, "x" * 9999, page="/" + "y" * 999)
    with within(stuttgart):
        (one,) = queries.reports()
    assert (len(one.text), len(one.page)) == (4000, 300)


def test_reports_are_forgotten_after_a_year(stuttgart: Municipality) -> None:
    now = clock.now()
    with clock.frozen(now - timedelta(days=366)):
        reported(stuttgart, "alt")
    reported(stuttgart, "neu")
    with within(stuttgart):
        assert operations.forget_old() == 1
        assert [one.text for one in queries.reports()] == ["neu"]


def test_numbers_hold_no_letters_that_are_mistaken_for_others(stuttgart: Municipality, database: Any) -> None:
    assert not set("01OILU") & set(reported(stuttgart).rpartition("B-")[2].split("-", 1)[1])


def test_signs_that_nobody_sees_are_left_out_of_a_report(stuttgart: Municipality) -> None:
    reported(stuttgart, text="a\x00b \u202egro\u202c", contact="x\x07")
    with within(stuttgart):
        (one,) = queries.reports()
    assert (one.text, one.contact) == ("ab gro", "x")
