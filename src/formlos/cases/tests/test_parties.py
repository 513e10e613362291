"""A second party confirms by a link with their own identity: the landlord, for somebody who moves."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from formlos.base import clock
from formlos.base.limits import TooMany
from formlos.base.tenancy import acting_for, within
from formlos.cases import invitations, operations, queries, tasks
from formlos.cases.access import LevelTooLow, Person
from formlos.cases.invitations import LinkOver, NotInvitable, OwnLink
from formlos.cases.models import Invitation
from formlos.cases.operations import NotReadyToSend
from formlos.cases.tests.towns import ME, journal, open_move, resident, send
from formlos.cases.work import CaseIsOver
from formlos.registers.models import Dwelling
from formlos.registers.queries.demo import demo_dwellings

LANDLORD = "landlord"
KARL: dict[str, Any] = {"vornamen": "Karl Friedrich", "familienname": "Wägele", "vertrauensniveau": "substantial"}
HOME = {"strasse": "Weg", "hausnummer": "2", "zusatz": None, "postleitzahl": "70173", "ort": "Stuttgart"}
KARL |= {"bisherige_anschrift": HOME | {"ags": "08111000"}}
ROLE = {"handelt_als": "eigentuemer", "bezug_ist_versichert": True}


@pytest.fixture
def move(here) -> UUID:
    """Käthe moves inside Stuttgart, into a flat of Karl Wägele, and wants to send him a link."""
    case = open_move(here, resident(here, "kaethe"))
    with within(here):
        home = demo_dwellings()[0]
        Dwelling.objects.filter(id=home.id).update(eigentuemer_name="Wägele, Karl", wohnungsgeber_name="Wägele, Karl")
    said = {
        "berechtigung_ist_versichert": True,
        "neue_anschrift": home.anschrift,
        "einzugsdatum": clock.today().isoformat(),
        "wohnungsnachweis": "link",
        "zieht_mit": True,
    }
    with acting_for(here):
        while pages := view(case).pages:
            told = {question.path: said[question.path.rpartition("/")[2]] for question in pages[0]}
            operations.record_answers(case_id=case, values=told, actor=ME)
    return case


def view(case: UUID, subject: str = "me") -> Any:
    return queries.view(queries.own_case(case, subject=subject, level="high"))


def invite(here, case: UUID) -> str:
    """The token of a fresh link."""
    with within(here):
        work = invitations.invite(case_id=case, source="wohnungsgeber", actor=ME)
        return invitations.token_for(work, queries.view(work).parties[0])


def take(here, token: str, subject: str = LANDLORD, level: str = "substantial") -> UUID:
    with acting_for(here):
        return invitations.take(token=token, person=Person(subject, level, KARL, "Konto"))


def confirm(here, case: UUID, **answers: Any) -> None:
    actor = f"person:{LANDLORD}"
    with acting_for(here):
        while pages := view(case, LANDLORD).pages:
            told = {question.path: (ROLE | answers)[question.path] for question in pages[0]}
            operations.record_answers(case_id=case, values=told, actor=actor)
        operations.send_review(case_id=case, actor=actor)


def hear(here) -> None:
    """What the workers would do."""
    with acting_for(here):
        with within():
            rows = list(Invitation.objects.values_list("id", "answer"))
        for row, answer in rows:
            if answer:
                tasks.note_opened(invitation=str(row))
                tasks.hear_party(invitation=str(row))


def party(here, case: UUID) -> Any:
    with acting_for(here):
        return view(case).parties[0]


def test_the_case_waits_for_a_link_to_be_made_and_is_not_sent_without(here, move):
    assert party(here, move).state == "wanted"
    with acting_for(here), pytest.raises(NotReadyToSend):
        operations.send_review(case_id=move, actor=ME)


def test_the_landlord_adds_role_and_assurance_and_the_code_arrives_by_itself(here, move):
    token = invite(here, move)
    send(here, move)
    case = take(here, token)
    with acting_for(here):
        known = {one.path: one.value for one in view(case, LANDLORD).known}
    assert known["einziehende_personen"] == "Käthe Marie Häberle"
    assert known["einzugsdatum"] == clock.today().isoformat()
    assert known["neue_anschrift/strasse"]
    confirm(here, case)
    hear(here)
    with acting_for(here):
        found = view(move)
        said = {one.path: one for one in found.known}
    assert found.goals == {"anmeldung_ist_einzutragen": True}
    assert said["wohnungsgeber_hat_per_link_bestaetigt"].kind == "party"
    assert "vorgang_des_wohnungsgebers" not in said
    assert "party.invited" in journal(here, move) and "party.opened" in journal(here, move)
    assert "party.told" in journal(here, case)


def test_the_journal_names_the_second_person_by_pseudonym_and_level_and_holds_no_token(here, move):
    token = invite(here, move)
    confirm(here, take(here, token))
    hear(here)
    with acting_for(here):
        entries = queries.journal_of(move)
    told = next(entry for entry in entries if entry.actor == f"party:{LANDLORD}" and entry.kind == "source.answered")
    assert told.payload["party"] == {"subject": LANDLORD, "level": "substantial"}
    assert token not in json.dumps([entry.payload for entry in entries])
    with within(here):
        assert token not in json.dumps(list(Invitation.objects.values()), default=str)


def test_while_a_clerk_looks_at_the_landlords_case_the_move_goes_on_waiting(here, move):
    token = invite(here, move)
    send(here, move)
    with within(here):
        Dwelling.objects.update(eigentuemer_name="Erna Anders", wohnungsgeber_name="Erna Anders")
    case = take(here, token)
    confirm(here, case)
    hear(here)
    assert party(here, move).state == "opened"
    with acting_for(here):
        operations.answer_question(
            case_id=case, path="wohnungsgeber_ist_geklaert", value=True, reason="geerbt", clerk="amtfrau"
        )
    hear(here)
    with acting_for(here):
        assert view(move).goals == {"anmeldung_ist_einzutragen": True}


def test_a_refusal_becomes_a_clerks_question(here, move):
    case = take(here, invite(here, move))
    send(here, move)
    with acting_for(here):
        operations.withdraw(case_id=case, reason="kenne ich nicht", actor=f"person:{LANDLORD}")
    hear(here)
    assert party(here, move).state == "refused"
    with acting_for(here):
        assert [one.path for one in queries.clerk_questions()] == ["wohnungsnachweis_ist_anerkannt"]


def test_one_link_serves_one_person_once(here, move):
    token = invite(here, move)
    case = take(here, token)
    assert take(here, token) == case
    with pytest.raises(LinkOver):
        take(here, token, subject="somebody else")
    with acting_for(here), pytest.raises(LinkOver):
        invitations.asked(token=token)


def test_nobody_answers_the_own_link_and_nobody_below_the_level_of_the_service(here, move):
    token = invite(here, move)
    with pytest.raises(OwnLink):
        take(here, token, subject="me")
    with pytest.raises(LevelTooLow):
        take(here, token, level="basic")


def test_before_anybody_signs_in_a_link_tells_initials_and_no_more(here, move):
    token = invite(here, move)
    with acting_for(here):
        found = invitations.asked(token=token)
    assert found.initials == "K. M. H." and "Häberle" not in str(found)


def test_a_link_of_another_town_a_guessed_a_revoked_and_an_expired_one_are_all_the_same(here, elsewhere, move):
    token = invite(here, move)
    with pytest.raises(LinkOver):
        take(elsewhere, token)
    with pytest.raises(LinkOver):
        take(here, token[:-1] + ("A" if token[-1] != "A" else "B"))
    with clock.frozen(clock.now() + timedelta(days=15)), pytest.raises(LinkOver):
        take(here, token)
    with acting_for(here):
        invitations.take_back(case_id=move, source="wohnungsgeber", actor=ME)
    with pytest.raises(LinkOver):
        take(here, token)
    assert party(here, move).state == "wanted"


def test_a_new_link_ends_the_one_before(here, move):
    old, new = invite(here, move), invite(here, move)
    assert old != new
    with pytest.raises(LinkOver):
        take(here, old)
    take(here, new)


def test_after_its_last_day_the_person_is_asked_again(here, move):
    invite(here, move)
    send(here, move)
    with clock.frozen(clock.now() + timedelta(days=15)), acting_for(here):
        operations.continue_case(case_id=move)
        found = view(move)
    assert found.state == "open" and found.parties[0].state == "expired"


def test_a_landlords_draft_that_ends_after_the_link_is_no_refusal_but_a_late_yes_counts(here, move):
    token = invite(here, move)
    send(here, move)
    case = take(here, token)
    with clock.frozen(clock.now() + timedelta(days=15)):
        with acting_for(here):
            operations.withdraw(case_id=case, reason="lange nicht bearbeitet", actor="system")
        hear(here)
        assert party(here, move).state == "expired"
    other = take(here, invite(here, move))
    with clock.frozen(clock.now() + timedelta(days=15)):
        confirm(here, other)
        hear(here)
        with acting_for(here):
            assert view(move).goals == {"anmeldung_ist_einzutragen": True}


def test_another_address_makes_the_link_worthless(here, move):
    token = invite(here, move)
    with within(here):
        other = demo_dwellings()[1].anschrift
    with acting_for(here):
        operations.record_answers(case_id=move, values={"neue_anschrift": other}, actor=ME)
    with pytest.raises(LinkOver):
        take(here, token)


def test_a_landlord_who_answers_for_the_old_address_confirms_nothing(here, move):
    case = take(here, invite(here, move))
    with within(here):
        other = demo_dwellings()[1].anschrift
    with acting_for(here):
        operations.record_answers(case_id=move, values={"neue_anschrift": other}, actor=ME)
    confirm(here, case)
    hear(here)
    assert party(here, move).state == "wanted"


def test_another_way_stays_open_meanwhile_and_ends_the_link(here, move):
    token = invite(here, move)
    send(here, move)
    with acting_for(here):
        operations.record_answers(case_id=move, values={"wohnungsnachweis": "zuordnungsmerkmal"}, actor=ME)
        assert [one.path for one in view(move).pages[0]] == ["zuordnungsmerkmal"]
        assert not view(move).parties
    with pytest.raises(LinkOver):
        take(here, token)


def test_links_of_a_case_are_counted(here, move):
    for _ in range(invitations.LINKS_OF_A_CASE.most):
        invite(here, move)
    with pytest.raises(TooMany):
        invite(here, move)


def test_a_case_that_wants_no_link_makes_none(here):
    case = open_move(here, resident(here, "kaethe"))
    with pytest.raises(NotInvitable):
        invite(here, case)


def test_the_answer_to_a_case_that_was_withdrawn_changes_nothing(here, move):
    token = invite(here, move)
    case = take(here, token)
    with acting_for(here):
        operations.withdraw(case_id=move, reason="doch nicht", actor=ME)
    confirm(here, case)
    hear(here)
    with acting_for(here):
        assert view(move).state == "withdrawn"
        with pytest.raises(CaseIsOver):
            invitations.invite(case_id=move, source="wohnungsgeber", actor=ME)


def test_a_confirmation_that_is_taken_back_after_the_links_end_counts_no_more(here, move):
    case = take(here, invite(here, move))
    confirm(here, case)
    hear(here)
    assert party(here, move).state == "confirmed"
    with clock.frozen(clock.now() + timedelta(days=15)):
        with acting_for(here):
            operations.reverse(case_id=case, reason="Irrtum", actor="clerk:k")
        hear(here)
        assert party(here, move).state == "refused"


@pytest.mark.parametrize("change", [{}, {"familienname": "HÄBERLE "}])
def test_nobody_confirms_for_themselves_with_a_second_account(here, move, change):
    token = invite(here, move)
    identity = dict(resident(here, "kaethe").eid) | change
    with acting_for(here), pytest.raises(OwnLink):
        invitations.take(token=token, person=Person("second", "substantial", identity, "Konto"))


def test_who_has_the_same_name_and_was_born_on_another_day_may_confirm(here, move):
    token = invite(here, move)
    identity = dict(resident(here, "kaethe").eid) | {"geburtsdatum": "1950-01-01", "vertrauensniveau": "substantial"}
    with acting_for(here):
        case = invitations.take(token=token, person=Person("second", "substantial", identity, "Konto"))
        assert invitations.opened_by(token=token, subject="second") == case
