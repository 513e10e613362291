"""A landlord confirms, gets a code, and the move of the tenant accepts it."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from formlos.base import clock
from formlos.base.tenancy import acting_for, within
from formlos.cases import operations, queries, tasks
from formlos.cases.access import Person
from formlos.cases.answers import AnswersRefused
from formlos.cases.tests.towns import answer_all, open_move, resident, send
from formlos.notices import queries as notices
from formlos.notices.tests.examples import text_of
from formlos.registers.models import Dwelling
from formlos.registers.operations.codes import CodeNotUsable
from formlos.registers.queries.confirmations import confirmed_in
from formlos.registers.queries.demo import demo_dwellings

LANDLORD = "person:landlord"
ADDRESS = {"strasse": "Weg", "hausnummer": "1", "postleitzahl": "70173", "ort": "Stuttgart", "ags": "08111000"}
KARL = {"familienname": "Wägele", "vornamen": "Karl Friedrich", "bisherige_anschrift": ADDRESS}


def dwelling_of(town, owner):
    with within(town):
        found = demo_dwellings()[0]
        Dwelling.objects.filter(id=found.id).update(eigentuemer_name=owner)
        return found


def confirm(town, dwelling, **more):
    """A landlord answers everything and sends; returns the case."""
    said = {
        "handelt_als": "eigentuemer",
        "neue_anschrift": dwelling.anschrift,
        "einzugsdatum": clock.today().isoformat(),
        "einziehende_personen": "Käthe Häberle\n\n",
        "bezug_ist_versichert": True,
    } | more
    facts = KARL | {"vertrauensniveau": "substantial"}
    with acting_for(town):
        who = Person("landlord", "substantial", facts, "Konto")
        case = operations.open_case(service="wohnungsgeberbestaetigung", person=who).case.id
        while pages := queries.view(queries.own_case(case, subject="landlord", level="substantial")).pages:
            told = {question.path: said[question.path] for question in pages[0]}
            operations.record_answers(case_id=case, values=told, actor=LANDLORD)
        operations.send_review(case_id=case, actor=LANDLORD)
        tasks.go_on(case_id=str(case))
    return case


def code_of(town, case):
    with within(town):
        found = confirmed_in([case]).get(case)
        return found and found.code


def state_of(town, case):
    with acting_for(town):
        return queries.case_for_staff(case)


def reasons_of(town, case):
    with acting_for(town):
        return queries.clerk_reasons(queries.case_for_staff(case))


def test_the_code_of_an_owner_on_file_is_accepted_by_the_move(here):
    case = confirm(here, dwelling_of(here, "Wägele, Karl"))
    assert state_of(here, case).goals == {"bestaetigung_ist_zu_erteilen": True}
    move = open_move(here, resident(here, "kaethe"))
    answer_all(here, move, zuordnungsmerkmal=code_of(here, case))
    send(here, move)
    assert state_of(here, move).goals == {"anmeldung_ist_einzutragen": True}
    with within(here):
        assert confirmed_in([case])[case].used


def test_the_code_stands_in_the_sealed_document_and_nowhere_in_the_journal(here):
    case = confirm(here, dwelling_of(here, "Karl Wägele"))
    code = code_of(here, case)
    with acting_for(here):
        (document,) = notices.notices_of(case)
        pdf = notices.pdf_of(document.id, case_id=case)
        assert code in text_of(pdf) and "Käthe Häberle" in text_of(pdf) and notices.check(pdf).genuine
        assert code not in notices.article_of(document.id, case_id=case)
        journal = json.dumps([entry.payload for entry in queries.journal_of(case)])
        assert code not in journal and code.replace("-", "") not in journal


def test_another_name_on_file_becomes_a_clerks_question_that_yes_settles(here):
    case = confirm(here, dwelling_of(here, "Erna Anders"))
    assert code_of(here, case) is None and state_of(here, case).state == "clerk"
    (why,) = reasons_of(here, case)
    assert "ein anderer oder noch kein Name" in why and "Erna" not in why
    with acting_for(here):
        operations.answer_question(
            case_id=case, path="wohnungsgeber_ist_geklaert", value=True, reason="geerbt", clerk="amtfrau"
        )
    assert code_of(here, case) and reasons_of(here, case) == []


def test_property_management_confirms_for_the_firm_on_file(here):
    agent = {
        "handelt_als": "beauftragt",
        "angegebener_wohnungsgeber": "WOHNBAU Lerchenfeld, eG",
        "sitz_des_wohnungsgebers": "Weg 2, 70173 Stuttgart",
        "beauftragung_ist_versichert": True,
        "angegebener_eigentuemer": "Wohnbau Lerchenfeld eG",
    }
    case = confirm(here, dwelling_of(here, "Wohnbau Lerchenfeld eG"), **agent)
    assert code_of(here, case)


def test_undoing_a_confirmation_voids_an_unused_code_and_spares_a_used_one(here):
    dwelling = dwelling_of(here, "Karl Wägele")
    unused, used = confirm(here, dwelling), confirm(here, dwelling)
    move = open_move(here, resident(here, "kaethe"))
    answer_all(here, move, zuordnungsmerkmal=code_of(here, used))
    send(here, move)
    with acting_for(here):
        operations.reverse(case_id=unused, reason="Irrtum", actor="clerk:x")
        with pytest.raises(CodeNotUsable):
            operations.reverse(case_id=used, reason="Irrtum", actor="clerk:x")
    assert code_of(here, unused) is None and code_of(here, used)


def test_a_name_with_signs_that_registers_cannot_hold_is_explained(here):
    with pytest.raises(AnswersRefused) as refused:
        confirm(here, dwelling_of(here, "Karl Wägele"), einziehende_personen="Käthe Häberle\nРоман")
    assert refused.value.errors["einziehende_personen"][0] == "name"


def test_a_code_that_names_somebody_else_makes_a_clerk_look(here):
    case = confirm(here, dwelling_of(here, "Karl Wägele"), einziehende_personen="Erna Anders")
    move = open_move(here, resident(here, "kaethe"))
    answer_all(here, move, zuordnungsmerkmal=code_of(here, case))
    send(here, move)
    assert state_of(here, move).state == "clerk"
    with acting_for(here):
        operations.answer_question(
            case_id=move, path="wohnungsnachweis_ist_anerkannt", value=True, reason="heißt jetzt so", clerk="amtfrau"
        )
    assert state_of(here, move).goals == {"anmeldung_ist_einzutragen": True}


@pytest.mark.parametrize("hidden", ["Stadtbau \u202eHbmG\u202c", "a\x07b", "a\x00b"])
def test_a_text_with_hidden_signs_is_refused(here, hidden):
    with pytest.raises(AnswersRefused) as refused:
        confirm(here, dwelling_of(here, "person"), handelt_als="vermieter", angegebener_eigentuemer=hidden)
    assert [code for code, _ in refused.value.errors.values()] == ["signs"]


@pytest.mark.parametrize("owner", ["Київ Bau", "محمد", "中文", "Haus 👩‍👧 GmbH"])
def test_an_owner_in_any_script_gets_a_sealed_document(here, owner):
    case = confirm(here, dwelling_of(here, "person"), handelt_als="vermieter", angegebener_eigentuemer=owner)
    with acting_for(here):
        for question in queries.clerk_questions():
            operations.answer_question(case_id=question.case, path=question.path, value=True, reason="", clerk="k")
        tasks.go_on(case_id=str(case))
        documents = [notices.pdf_of(one.id, case_id=case) for one in notices.notices_of(case)]
        assert len(documents) == 2, "the receipt, because a clerk was asked, and the confirmation"
        assert all(notices.check(one).genuine for one in documents)


def test_a_postal_code_in_digits_of_another_script_is_the_same_postal_code(here):
    dwelling = dwelling_of(here, "Karl Wägele")
    arabic = "".join(chr(0x660 + int(digit)) for digit in dwelling.anschrift["postleitzahl"])
    case = confirm(here, replace(dwelling, anschrift={**dwelling.anschrift, "postleitzahl": arabic}))
    assert code_of(here, case)
