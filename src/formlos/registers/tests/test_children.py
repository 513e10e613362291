"""For whom somebody may act: own children under custody, and nothing, not even a gap, about anybody else."""

from __future__ import annotations

from datetime import date

import pytest

from formlos.base.tenancy import within
from formlos.registers.models import AccessLog, Lock, Relation, Residence, Resident
from formlos.registers.operations.children import children_of
from formlos.registers.tests.conftest import NOW, TODAY


@pytest.fixture
def town(demo_munich):
    with within(demo_munich):
        yield demo_munich


def who(demo_person, key, **changes):
    eid = demo_person(key).eid
    told = {name: eid[name] for name in ("familienname", "vornamen", "geburtsdatum", "anschrift")}
    return told | changes


def names(identity, *, until_age=16, today=TODAY):
    found = children_of(
        identity=identity, until_age=until_age, ags="09162000", today=today, purpose="Anmeldung", norm="§ 17 Abs. 3 BMG"
    )
    return [child.name for child in found]


def resident(name):
    return Resident.objects.get(vornamen=name)


def lock(name):
    Lock.objects.create(resident=resident(name), kind=Lock.AUSKUNFTSSPERRE, recorded_at=NOW)


def move_to_lukasz(name):
    """Let somebody live in another household of the street."""
    there = Residence.objects.get(resident=resident("Łukasz"))
    Residence.objects.filter(resident=resident(name)).update(dwelling=there.dwelling)


def test_a_parent_with_custody_acts_for_the_own_children_the_oldest_first(town, demo_person):
    assert names(who(demo_person, "jana")) == ["Mila Kovačević", "Jonas Luka Kovačević"]
    assert names(who(demo_person, "aylin")) == ["Deniz Çelik"]


def test_without_children_or_with_those_of_others_there_is_nobody(town, demo_person):
    assert names(who(demo_person, "lukasz")) == []


def test_without_custody_there_is_nobody(town, demo_person):
    Relation.objects.filter(resident=resident("Aylin"), kind=Relation.PARENT).update(sorgerecht=False)
    assert names(who(demo_person, "aylin")) == []


@pytest.mark.parametrize(
    "wrong", [{"vornamen": "Jana"}, {"geburtsdatum": "1988-04-13"}, {"anschrift": {}}, {"geburtsdatum": None}]
)
def test_who_does_not_match_completely_has_no_children(town, demo_person, wrong):
    assert names(who(demo_person, "jana", **wrong)) == []


def test_a_child_with_a_bar_is_not_there(town, demo_person):
    lock("Deniz")
    assert names(who(demo_person, "aylin")) == []


def test_a_child_that_lives_with_a_protected_parent_elsewhere_is_not_there(town, demo_person):
    move_to_lukasz("Mila")
    assert "Mila Kovačević" in names(who(demo_person, "jana"))
    lock("Łukasz")
    assert names(who(demo_person, "jana")) == ["Jonas Luka Kovačević"]


def test_a_bar_that_has_ended_hides_nobody(town, demo_person):
    lock("Deniz")
    Lock.objects.filter(resident=resident("Deniz")).update(until=date(2026, 3, 9))
    assert names(who(demo_person, "aylin")) == ["Deniz Çelik"]


def test_from_the_birthday_on_a_child_acts_for_itself(town, demo_person):
    assert names(who(demo_person, "aylin"), today=date(2032, 1, 10)) == ["Deniz Çelik"]
    assert names(who(demo_person, "aylin"), today=date(2032, 1, 11)) == []


def test_it_is_proven_unless_another_parent_with_custody_lives_elsewhere(town, demo_person):
    def proven():
        found = children_of(
            identity=who(demo_person, "jana"), until_age=16, ags="09162000", today=TODAY, purpose="", norm=""
        )
        return [child.proven for child in found]

    assert proven() == [True, True]
    move_to_lukasz("Marko")
    assert proven() == [False, False]


def test_reading_is_logged_for_those_who_are_told_and_nobody_else(town, demo_person):
    lock("Mila")
    names(who(demo_person, "jana"))
    told = {resident("Jana Sophie").id, resident("Jonas Luka").id}
    assert set(AccessLog.objects.values_list("resident_id", flat=True)) == told
