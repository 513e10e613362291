from __future__ import annotations

from datetime import date, timedelta

import pytest

from formlos.base.sources import local_source
from formlos.base.tenancy import within
from formlos.law import NONE
from formlos.registers.models import Dwelling, Residence, Resident
from formlos.registers.operations.codes import confirm_dwelling, create_address_code
from formlos.registers.queries.demo import demo_dwellings
from formlos.registers.queries.records import accesses_to

DAY = date(2026, 3, 1)


def ask(kind, context, **inputs):
    return local_source(kind)(inputs, context)


def card(person, **changes):
    names = {name: person.eid[name] for name in ("familienname", "vornamen", "geburtsdatum", "anschrift")}
    return names | changes


def test_a_card_that_agrees_in_every_character_identifies_the_resident(demo_munich, demo_person, asking):
    with within(demo_munich):
        jana = demo_person("jana")
        answer = ask("register.match", asking(), **card(jana))
        assert answer.values["treffer"] == "vollstaendig" and answer.values["resident"] == str(jana.resident_id)
        assert answer.supplier == "Melderegister München"


@pytest.mark.parametrize(
    "changes",
    [
        {"familienname": "Kovacevic"},
        {"familienname": "kovačević"},
        {"vornamen": "Jana"},
        {"geburtsdatum": date(1988, 4, 13)},
    ],
)
def test_nothing_but_complete_equality_identifies(demo_munich, demo_person, asking, changes):
    with within(demo_munich):
        answer = ask("register.match", asking(), **card(demo_person("jana"), **changes))
        assert answer.values["treffer"] == "keiner" and answer.values["resident"] is NONE


@pytest.mark.parametrize("field, value", [("hausnummer", "1a"), ("postleitzahl", "80539"), ("zusatz", "EG links")])
def test_another_address_does_not_identify(demo_munich, demo_person, asking, field, value):
    with within(demo_munich):
        jana = demo_person("jana")
        answer = ask("register.match", asking(), **card(jana, anschrift=jana.eid["anschrift"] | {field: value}))
        assert answer.values["treffer"] == "keiner"


def test_decomposed_letters_are_the_same_name(demo_munich, demo_person, asking):
    with within(demo_munich):
        answer = ask("register.match", asking(), **card(demo_person("jana"), familienname="Kovac\u030cevic\u0301"))
        assert answer.values["treffer"] == "vollstaendig"


def test_a_card_with_a_former_address_does_not_identify(demo_munich, demo_person, asking):
    with within(demo_munich):
        assert ask("register.match", asking(), **card(demo_person("bjoern"))).values["treffer"] == "keiner"


def test_a_block_and_a_departure_to_an_unknown_place_are_told_to_the_rules(demo_munich, demo_person, asking):
    with within(demo_munich):
        blocked, lukasz = demo_person("tobias"), demo_person("lukasz")
        assert ask("register.match", asking(), **card(blocked)).values["auskunftssperre"] is True
        Residence.objects.filter(resident=lukasz.resident_id).update(auszugsdatum=DAY, nach_unbekannt=True)
        assert ask("register.match", asking(), **card(lukasz)).values["nach_unbekannt"] is True


def test_a_block_that_has_run_out_is_none(demo_munich, demo_person, asking):
    with within(demo_munich):
        tobias = Resident.objects.get(id=demo_person("tobias").resident_id)
        tobias.locks.update(until=asking().today - timedelta(days=1))
        assert ask("register.match", asking(), **card(demo_person("tobias"))).values["auskunftssperre"] is False


def test_the_household_is_spouse_and_minor_children_in_the_same_main_dwelling(demo_munich, demo_person, asking):
    with within(demo_munich):
        jana = demo_person("jana")
        values = ask("register.household", asking(), resident=str(jana.resident_id)).values
        keys = values["personen"].keys
        assert values["personen"].complete and len(keys) == 4
        assert [values[f"personen/{key}/rolle"] for key in keys] == ["antragsteller", "ehegatte", "kind", "kind"]
        assert values[f"personen/{keys[2]}/vornamen"] == "Mila"
        assert values[f"personen/{keys[0]}/geburtsname"] == "Lindgrün"
        assert values[f"personen/{keys[1]}/geburtsname"] is NONE


def test_a_child_leaves_the_household_of_the_register_on_its_18th_birthday(demo_munich, demo_person, asking):
    with within(demo_munich):
        jana, context = demo_person("jana"), asking()
        child = Resident.objects.get(vornamen="Mila", id__in=jana.household)

        def roles(born):
            Resident.objects.filter(id=child.id).update(geburtsdatum=born)
            values = ask("register.household", context, resident=str(jana.resident_id)).values
            return {key: values[f"personen/{key}/rolle"] for key in values["personen"].keys}

        assert roles(date(2008, 3, 11))[str(child.id)] == "kind"
        assert str(child.id) not in roles(date(2008, 3, 10))
        logged = [access for access in accesses_to(resident_id=child.id) if access.case_id == context.case_id]
        assert len(logged) == 1


def test_the_household_tells_blocks_and_further_dwellings_to_the_rules(demo_munich, demo_person, asking):
    with within(demo_munich):
        amelie, henrike = demo_person("amelie"), demo_person("henrike")
        values = ask("register.household", asking(), resident=str(amelie.resident_id)).values
        assert values[f"personen/{demo_person('tobias').resident_id}/auskunftssperre"] is True
        values = ask("register.household", asking(), resident=str(henrike.resident_id)).values
        assert values[f"personen/{henrike.resident_id}/weitere_wohnungen"] == 1


def test_every_reading_of_a_person_is_logged_with_purpose_norm_and_file(demo_munich, demo_person, asking):
    with within(demo_munich):
        jana, context = demo_person("jana"), asking()
        ask("register.household", context, resident=str(jana.resident_id))
        for resident in jana.household:
            (access,) = accesses_to(resident_id=resident)
            assert (access.purpose, access.norm, access.case_id) == ("Anmeldung", "§ 23a BMG", context.case_id)
            assert "identifikationsnummer" in access.data


def test_an_address_of_the_register_is_known_with_its_landlord_and_free(demo_stuttgart, asking):
    with within(demo_stuttgart):
        free = demo_dwellings()[0]
        values = ask("register.address", asking(), neue_anschrift=free.anschrift).values
        assert values["anschrift_ist_bekannt"] and values["anschrift_ist_wohnung"]
        assert values["gemeldete_personen"] == 0 and values["wohnflaeche"] == free.wohnflaeche
        assert values["wohnungsgeber_name"] == free.wohnungsgeber_name


def test_an_unknown_address_and_a_house_without_the_flat_are_not_known(demo_stuttgart, asking):
    with within(demo_stuttgart):
        free = demo_dwellings()[0]
        unknown = ask("register.address", asking(), neue_anschrift=free.anschrift | {"strasse": "Nirgendweg"})
        assert unknown.values["anschrift_ist_bekannt"] is False and unknown.values["wohnflaeche"] is NONE
        Dwelling.objects.create(building=Dwelling.objects.get(id=free.id).building, zusatz="Hinterhaus")
        ambiguous = ask("register.address", asking(), neue_anschrift=free.anschrift)
        assert ambiguous.values["anschrift_ist_bekannt"] is False


def test_a_landlords_code_fits_one_dwelling_and_day(demo_stuttgart, asking):
    with within(demo_stuttgart):
        free, other = demo_dwellings()[:2]
        code = confirm_dwelling(dwelling_id=free.id, einzugsdatum=DAY, personen=["Linh Trần-Häußler"])

        def result(**changes):
            told = {"zuordnungsmerkmal": code, "neue_anschrift": free.anschrift, "einzugsdatum": DAY}
            told |= {"familienname": "Trần-Häußler", "vornamen": "Linh Mai"}
            return ask("register.landlord_code", asking(), **told | changes).values["zuordnungsmerkmal_ergebnis"]

        assert result() == "gueltig"
        assert result(zuordnungsmerkmal=code.lower().replace("-", " ")) == "gueltig"
        assert result(neue_anschrift=other.anschrift) == "passt_nicht"
        assert result(einzugsdatum=DAY + timedelta(days=1)) == "passt_nicht"
        assert result(zuordnungsmerkmal="0000-0000-0000") == "unbekannt"
        assert result(vornamen="Jana") == result(familienname="Tran") == "andere_namen"


def test_the_code_of_a_letter_to_the_address_proves_it(demo_stuttgart, asking):
    with within(demo_stuttgart):
        context, free = asking(), demo_dwellings()[0]
        code = create_address_code(case_id=context.case_id, dwelling=Dwelling.objects.get(id=free.id))["code"]

        def result(code, context=context):
            values = ask("register.letter_code", context, anschriftencode=code, neue_anschrift=free.anschrift).values
            return values["anschriftencode_ergebnis"]

        assert result(code) == "gueltig"
        assert result(code, asking()) == "falsch"  # another case
        assert [result("0000-0000") for _ in range(6)] == ["falsch"] * 5 + ["abgelaufen"]
        assert result(code) == "abgelaufen"


def test_no_address_is_flooded_with_letters(demo_stuttgart, asking):
    with within(demo_stuttgart):
        first, *others = [Dwelling.objects.get(id=free.id) for free in demo_dwellings()[:5]]
        case = asking().case_id
        letters = [create_address_code(case_id=case, dwelling=first) for _ in range(2)]
        assert [letter["is_new"] for letter in letters] == [True, False] and letters[0]["code"] == letters[1]["code"]
        assert [bool(create_address_code(case_id=case, dwelling=other)) for other in others] == [
            True,
            True,
            False,
            False,
        ]
        to_one = [create_address_code(case_id=asking().case_id, dwelling=first) for _ in range(6)]
        assert [bool(letter) for letter in to_one] == [True] * 4 + [False] * 2
