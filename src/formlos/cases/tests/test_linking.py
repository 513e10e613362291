"""Cases that follow another one: a real registration that was wrong is undone, and who is told of what."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from uuid import UUID

import pytest
from django.test import override_settings

from formlos.base import people
from formlos.base.tenancy import Municipality, acting_for, within
from formlos.cases import counter, linking, operations, queries, tasks
from formlos.cases.access import LevelTooLow, Person
from formlos.cases.counter import Clerk
from formlos.cases.identifying import PERSON, Check, OtherPerson
from formlos.cases.linking import AlreadyLinked
from formlos.cases.tests.towns import ME, answer_all, journal, open_move, resident, send
from formlos.cases.work import NoSuchCase
from formlos.catalogue.queries import ServiceNotAdopted
from formlos.notices.queries import notices_of
from formlos.registers.queries.people import resident_by_name

ADDRESS = {"strasse": "Königstraße", "hausnummer": "5", "zusatz": None, "postleitzahl": "70173", "ort": "Stuttgart"}
GIVEN = {"vorgang_zeichen": "UMZ-1", "angabe": "Tag des Einzugs", "bisher": "heute"}


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Occasions on which people are told that there is news."""
    occasions: list[str] = []
    monkeypatch.setitem(people._reach, "tell", lambda subject, *, occasion: occasions.append(occasion))
    with override_settings(MAIL_IS_SENT=True):
        yield occasions


@pytest.fixture
def moved(here: Municipality) -> UUID:
    """Somebody who moved inside Stuttgart and is registered."""
    case = open_move(here, resident(here, first_key(here)))
    answer_all(here, case)
    send(here, case)
    with acting_for(here):
        tasks.go_on(case_id=str(case))
    return case


def first_key(town: Municipality) -> str:
    from formlos.registers.queries.demo import demo_people

    with within(town):
        return demo_people()[0].key


def me(town: Municipality, case: UUID, *, subject: str = "me", level: str = "high") -> Person:
    eid = resident(town, first_key(town)).eid
    return Person(subject, level, eid, "Simulierter Online-Ausweis")


def correct(town: Municipality, case: UUID, **changes: str) -> UUID:
    given = GIVEN | {"anschrift": ADDRESS | {"ags": "08111000"}}
    with acting_for(town):
        work = linking.open_linked(
            service="berichtigung",
            first=case,
            relation="berichtigung",
            about="einzugsdatum",
            given=given,
            supplier="Vorgang UMZ-1",
            person=me(town, case, **changes),
        )
        return work.case.id


def test_a_registration_that_was_all_wrong_is_undone_and_the_register_stands_as_before(here, moved):
    with within(here):
        assert queries.case_for_staff(moved).state == "closed"
    correction = correct(here, moved)
    with acting_for(here):
        operations.record_answers(case_id=correction, values={"richtig": "Wir sind nicht eingezogen."}, actor=ME)
        operations.send_review(case_id=correction, actor=ME)
        operations.answer_question(
            case_id=correction, path="ergebnis_der_pruefung", value="rueckgaengig", reason="angerufen", clerk="a"
        )
        tasks.go_on(case_id=str(correction))
        tasks.reverse(case_id=str(moved), reason="Berichtigung nach § 12 BMG")
        assert queries.case_for_staff(moved).state == "reversed"
        assert {one.title for one in notices_of(correction)} == {
            "Ihr Antrag auf Berichtigung ist eingegangen",
            "Wir machen den Vorgang rückgängig",
        }
        assert all(one.revoked_at for one in notices_of(moved))
    eid = resident(here, first_key(here)).eid
    with within(here):
        names = f"{eid['vornamen']} {eid['familienname']}"
        assert resident_by_name(name=names, geburtsdatum=date.fromisoformat(eid["geburtsdatum"]))
    assert journal(here, moved)[-1] == "case.reversed" and "case.linked" in journal(here, moved)


def test_both_cases_know_of_each_other(here, moved):
    correction = correct(here, moved)
    with acting_for(here):
        (forth,), (back,) = linking.linked_cases(moved), linking.linked_cases(correction)
    assert (forth.case, forth.began, forth.about) == (correction, True, "einzugsdatum")
    assert (back.case, back.began, back.relation) == (moved, False, "berichtigung")


def test_a_second_one_of_the_same_waits_for_the_end_of_the_first(here, moved):
    correction = correct(here, moved)
    with pytest.raises(AlreadyLinked) as running:
        correct(here, moved)
    assert running.value.case == correction
    with acting_for(here):
        operations.withdraw(case_id=correction, reason="doch richtig", actor=ME)
    assert correct(here, moved) != correction


def test_only_the_person_of_the_case_with_enough_trust_begins_one(here, moved):
    with pytest.raises(NoSuchCase):
        correct(here, moved, subject="somebody")
    with pytest.raises(LevelTooLow):
        correct(here, moved, level="basic")


def test_such_a_service_is_not_begun_on_its_own_and_others_do_not_follow(here, moved):
    person = me(here, moved)
    with acting_for(here), pytest.raises(ServiceNotAdopted):
        operations.open_case(service="widerspruch", person=person)
    with acting_for(here), pytest.raises(ServiceNotAdopted):
        linking.open_linked(service="umzug", first=moved, relation="x", about="", given={}, supplier="x", person=person)


def test_people_are_told_of_what_others_did_and_not_of_what_they_did(here, told):
    case = open_move(here, resident(here, first_key(here)))
    answer_all(here, case)
    send(here, case)
    assert told == []
    with acting_for(here):
        tasks.go_on(case_id=str(case))
    assert told and all(occasion.startswith(f"case:{case}:") for occasion in told)
    assert len(told) == len(set(told))


def test_an_objection_is_found_at_the_counter_by_the_document_of_who_objects(here, moved):
    given = {"bescheid_titel": "Gebühr", "bescheid_zeichen": "UMZ-1", "rechtsbehelf": "widerspruch"}
    given |= {"bescheid_vom": "2026-01-02", "anschrift": ADDRESS | {"ags": "08111000"}}
    person = me(here, moved)
    with acting_for(here):
        objection = linking.open_linked(
            service="widerspruch",
            first=moved,
            relation="widerspruch",
            about="x",
            given=given,
            supplier="x",
            person=person,
        ).case.id
    clerk = Clerk("issuer", "anna", "buergerbuero")
    seen = {name: str(person.identity[name]) for name in PERSON}
    with acting_for(here):
        with pytest.raises(OtherPerson):
            wrong = Check("personalausweis", "", seen | {"geburtsdatum": "1901-01-01"})
            counter.open_case_of_person(case_id=objection, clerk=clerk, check=wrong)
        check = Check("personalausweis", "", seen)
        counter.open_case_of_person(case_id=objection, clerk=clerk, check=check)
        assert counter.running_visit(clerk_issuer="issuer", clerk_subject="anna").case_id == objection
