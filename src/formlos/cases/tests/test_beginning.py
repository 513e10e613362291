"""Whoever presses twice has begun once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from formlos.base import clock
from formlos.base.tenancy import acting_for
from formlos.cases import operations, queries
from formlos.cases.access import Person
from formlos.cases.beginning import begin_case
from formlos.cases.tests.towns import ME, resident


def begin(town: Any, subject: str = "me", **other: Any) -> UUID:
    with acting_for(town):
        identity = {**resident(town, "kaethe").eid, **other}
        work = begin_case(service="umzug", person=Person(subject, "high", identity, "Ausweis"))
        return work.case.id


def test_two_presses_at_once_and_a_third_begin_one_case(here: Any) -> None:
    def press(_: int) -> UUID:
        try:
            return begin(here)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        found = set(pool.map(press, range(2)))
    assert found == {begin(here)}
    with acting_for(here):
        assert len(queries.cases_of_municipality()) == 1


def test_others_and_who_begins_later_begin_another_case(here: Any) -> None:
    first = begin(here)
    assert begin(here, "somebody else") != first
    assert begin(here, familienname="Neu") != first, "another name on the card"
    with clock.frozen(clock.now() + timedelta(seconds=61)):
        assert begin(here) != first


def test_a_case_that_was_gone_on_with_or_withdrawn_is_not_begun_again(here: Any) -> None:
    first = begin(here)
    with acting_for(here):
        page = queries.view(queries.own_case(first, subject="me", level="high")).pages[0]
        said = {"berechtigung_ist_versichert": True, "einzugsdatum": clock.today().isoformat()}
        told = {one.path: said[one.path] for one in page if one.path in said}
        assert told
        operations.record_answers(case_id=first, values=told, actor=ME)
    second = begin(here)
    with acting_for(here):
        operations.withdraw(case_id=second, reason="x", actor=ME)
    assert len({first, second, begin(here)}) == 3
