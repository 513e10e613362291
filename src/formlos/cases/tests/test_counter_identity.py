"""Whose document opens a case at the counter."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from formlos.base import clock
from formlos.base.tenancy import acting_for, within
from formlos.cases import counter, operations, queries
from formlos.cases.access import Person
from formlos.cases.counter import Clerk
from formlos.cases.identifying import PERSON, Check, NotComparable, OtherPerson
from formlos.cases.models import Case
from formlos.cases.tests.test_landlords import confirm, dwelling_of
from formlos.cases.tests.towns import open_move, resident

CLERK = Clerk("issuer", "anna", "buergerbuero")


def take_over(town: Any, case: Any, *, ending: str = "", **person: str) -> None:
    with acting_for(town):
        counter.open_case_of_person(case_id=case, clerk=CLERK, check=Check("personalausweis", ending, person))


def known_of(town: Any, case: Any) -> dict[str, str]:
    with within(town):
        facts = queries.state_of(case).facts
        return {name: str(facts[name].value) for name in PERSON if name in facts}


def test_a_document_with_other_given_names_or_another_birth_date_opens_nothing(here: Any) -> None:
    case = open_move(here, resident(here, "kaethe"))
    known = known_of(here, case)
    for wrong in (
        {"vornamen": "Somebody Else"},
        {"vornamen": ""},
        {"geburtsdatum": "2001-01-01"},
        {"familienname": "X"},
    ):
        with pytest.raises(OtherPerson):
            take_over(here, case, **(known | wrong))


def test_one_of_the_given_names_is_enough_and_accents_and_case_do_not_matter(here: Any) -> None:
    case = open_move(here, resident(here, "kaethe"))
    known = known_of(here, case)
    assert known["familienname"] == "Häberle"
    take_over(here, case, **(known | {"vornamen": known["vornamen"].split()[0].upper(), "familienname": "HAEBERLE"}))


def test_a_case_without_birth_date_is_not_opened_by_a_name(here: Any) -> None:
    case = confirm(here, dwelling_of(here, "Erna Anders"))
    with pytest.raises(OtherPerson):
        take_over(here, case, familienname="Wägele", vornamen="Petra")
    for ending in ("", "7T2"):
        with pytest.raises(NotComparable):
            take_over(here, case, ending=ending, familienname="Wägele", vornamen="Karl")


def test_a_childs_case_that_does_not_say_who_acts_is_opened_by_no_document(here: Any) -> None:
    case = open_move(here, resident(here, "kaethe"))
    with within(here):
        Case.objects.filter(id=case).update(representative="parent")
    with pytest.raises(NotComparable):
        take_over(here, case, **known_of(here, case))


KARL = {"familienname": "Wägele", "vornamen": "Karl Friedrich", "geburtsdatum": "1960-01-01"}


def landlords_case(town: Any, **identity: Any) -> Any:
    """Of a service that needs no birth date."""
    with acting_for(town):
        facts = KARL | {"vertrauensniveau": "substantial"} | identity
        who = Person("karl", "substantial", facts, "Konto")
        work = operations.open_case(service="wohnungsgeberbestaetigung", person=who)
        return work.case.id


def test_a_case_that_needs_no_birth_date_is_opened_by_the_document_of_who_identified(here: Any) -> None:
    case = landlords_case(here)
    for wrong in ({"geburtsdatum": "1960-01-02"}, {"familienname": "Wagner"}, {"vornamen": "Petra"}, {"vornamen": ""}):
        with pytest.raises(OtherPerson):
            take_over(here, case, **(KARL | wrong))
    take_over(here, case, familienname="WAEGELE", vornamen="Friedrich", geburtsdatum="1960-01-01")
    assert "geburtsdatum" not in known_of(here, case)


def test_what_is_kept_for_that_can_be_read_by_nobody(here: Any) -> None:
    case = landlords_case(here)
    with acting_for(here):
        (opened, *_rest) = queries.journal_of(case)
        marks = opened.payload["identified"]
        whole = str([entry.payload for entry in queries.journal_of(case)])
        umzug = queries.journal_of(open_move(here, resident(here, "kaethe")))[0].payload
    assert len(marks) == 2 and all(len(bytes.fromhex(mark)) == 32 for mark in marks)
    assert "1960-01-01" not in whole
    assert "identified" not in umzug, "its facts tell who the person is"


def test_an_identity_without_birth_date_leaves_nothing_to_compare(here: Any) -> None:
    case = landlords_case(here, geburtsdatum=None)
    with pytest.raises(NotComparable):
        take_over(here, case, **KARL)


def test_a_case_that_was_opened_at_the_counter_is_found_again_by_the_same_person(here: Any) -> None:
    check = Check("personalausweis", "", KARL)
    with acting_for(here):
        case = counter.open_for_person(service="wohnungsgeberbestaetigung", clerk=CLERK, check=check).case.id
        counter.leave(clerk_issuer=CLERK.issuer, clerk_subject=CLERK.subject)
    with pytest.raises(OtherPerson):
        take_over(here, case, **(KARL | {"geburtsdatum": "1980-01-01"}))
    take_over(here, case, **KARL)


def press(town: Any, *, clerk: Clerk = CLERK, service: str = "wohnungsgeberbestaetigung", **other: str) -> UUID:
    """The button of the counter that opens a case, as its page presses it."""
    with acting_for(town):
        counter.leave(clerk_issuer=clerk.issuer, clerk_subject=clerk.subject)
        return counter.open_for_person(
            service=service, clerk=clerk, check=Check("personalausweis", "7T2", KARL | other)
        ).case.id


def test_who_presses_twice_at_the_counter_opens_one_case_and_runs_it(here: Any) -> None:
    def at_once(_: int) -> UUID:
        try:
            return press(here)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        (case,) = set(pool.map(at_once, range(2)))
    assert press(here) == case == press(here)
    with acting_for(here):
        assert len(queries.cases_of_municipality()) == 1
        running = counter.running_visit(clerk_issuer=CLERK.issuer, clerk_subject=CLERK.subject)
    assert running and running.case_id == case


def test_the_next_person_a_colleague_and_what_was_gone_on_with_are_other_cases(here: Any) -> None:
    first = press(here)
    others = [press(here, vornamen="Petra"), press(here, clerk=Clerk("issuer", "berta", "buergerbuero"))]
    with acting_for(here):
        operations.record_answers(case_id=first, values={"handelt_als": "eigentuemer"}, actor="counter:anna")
    others.append(press(here))
    with clock.frozen(clock.now() + timedelta(seconds=61)):
        others.append(press(here))
    assert len({first, *others}) == 5
