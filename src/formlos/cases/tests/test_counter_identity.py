"""Whose document opens a case at the counter."""

from __future__ import annotations

from typing import Any

import pytest

from formlos.base.tenancy import acting_for, within
from formlos.cases import counter, queries
from formlos.cases.counter import Check, Clerk, NotComparable, OtherPerson
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
        return {name: str(facts[name].value) for name in counter.PERSON if name in facts}


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


def test_a_childs_case_is_opened_by_no_document_of_the_child(here: Any) -> None:
    case = open_move(here, resident(here, "kaethe"))
    with within(here):
        Case.objects.filter(id=case).update(representative="parent")
    with pytest.raises(NotComparable):
        take_over(here, case, **known_of(here, case))
