from __future__ import annotations

from datetime import date

import pytest

from formlos.base.tenancy import within
from formlos.registers.queries.people import resident_by_name


@pytest.mark.parametrize(
    "name, family",
    [
        ("Kovacevic", "Kovačević"),
        ("jana kovacevic", "Kovačević"),
        ("Lindgrün", "Kovačević"),
        ("Lindgruen", "Kovačević"),
        ("Wisniewsky", "Wiśniewski"),
        ("Oesswein", "Ößwein"),
        ("D'Angelo", "D’Angelo"),
        ("Nguyen Minh", "Nguyễn"),
        ("von der Heide", "von der Heide"),
    ],
)
def test_names_are_found_by_any_usual_spelling(demo_munich, name, family):
    with within(demo_munich):
        assert resident_by_name(name=name)[0].familienname == family


def test_every_word_must_be_like_a_name_of_the_person(demo_munich):
    with within(demo_munich):
        assert resident_by_name(name="Jana Wiśniewski") == []


def test_the_birth_date_narrows_the_search(demo_munich):
    with within(demo_munich):
        (found,) = resident_by_name(name="Kovačević", geburtsdatum=date(2017, 8, 21))
        assert found.vornamen == "Mila"


def test_a_search_for_nothing_finds_nobody(demo_munich):
    with within(demo_munich):
        assert resident_by_name(name=" - ") == []
