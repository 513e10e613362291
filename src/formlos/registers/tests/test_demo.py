from __future__ import annotations

from datetime import date

from formlos.base.tenancy import Municipality, within
from formlos.registers.models import Resident
from formlos.registers.operations.demo import ensure_demo_people
from formlos.registers.queries.demo import demo_dwellings, demo_people
from formlos.registers.queries.people import household_of
from formlos.registers.queries.records import register_digest
from formlos.vocabulary import check_name


def test_munich_has_a_family_of_four_and_people_for_the_exceptions(demo_munich):
    with within(demo_munich):
        people = demo_people()
        assert len(people[0].household) == 4 and len({person.story for person in people}) == 8
        family = household_of(resident=Resident.objects.get(id=people[0].resident_id), today=date(2026, 3, 10))
        assert [role for _, role in family] == ["antragsteller", "ehegatte", "kind", "kind"]


def test_building_the_street_again_changes_nothing(demo_munich):
    with within(demo_munich):
        before = register_digest()
        assert ensure_demo_people() is False
        assert register_digest() == before


def test_cards_say_what_an_identity_provider_would_assert(demo_munich):
    with within(demo_munich):
        for person in demo_people():
            assert set(person.eid) == {
                "familienname", "geburtsname", "vornamen", "doktorgrad", "geburtsdatum", "geburtsort",
                "ausweis_art", "staatsangehoerigkeit", "anschrift",
            }  # fmt: skip
            assert check_name(person.eid["familienname"]) == person.eid["familienname"]


def test_no_two_people_of_different_towns_share_a_tax_number(demo_munich, demo_stuttgart):
    numbers = []
    for town in (demo_munich, demo_stuttgart):
        with within(town):
            numbers += Resident.objects.values_list("identifikationsnummer", flat=True)
    assert len(set(numbers)) == len(numbers) == 17


def test_every_town_has_free_dwellings_with_a_landlord(demo_stuttgart):
    small = Municipality.objects.create(ags="01001000", name="Flensburg", land="SH", slug="flensburg")
    for town in (demo_stuttgart, small):
        with within(town):
            ensure_demo_people()
            free = demo_dwellings()
            assert len(free) >= 12 and all(dwelling.wohnungsgeber_name for dwelling in free)
            assert free[0].anschrift["ags"] == town.ags
