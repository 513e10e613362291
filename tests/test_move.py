"""The move from Munich to Stuttgart as people and authorities see it: real processes, HTTP, registers, seals."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from tests.citizens import (
    Citizen,
    clerk_asks,
    clerk_says,
    is_over,
    is_ready_to_send,
    is_sent,
    is_with_clerk,
)
from tests.nodes import (
    all_journals_intact,
    eventually,
    kinds_sent,
    munich,
    services_run,
    settled,
    stuttgart,
)
from tests.people import Mover, build, card, demo, person, present, settle

from formlos.base import clock
from formlos.base.tenancy import acting_for, within
from formlos.cases import operations, queries
from formlos.cases.access import Person
from formlos.config.demo.portal import PortalRefused
from formlos.identity import demo_issuer
from formlos.identity.operations import accept_assertion
from formlos.identity.queries import identity_for
from formlos.notices import queries as notices
from formlos.registers.code_secrets import letter_code
from formlos.registers.models import AddressCode, Lock
from formlos.registers.queries.records import register_digest, snapshot


def test_a_family_of_four_moves_with_a_landlords_code(node, new_home):
    home = new_home(stuttgart())
    jana = Citizen(node, stuttgart(), demo(munich(), "jana"), home).begins()
    case = jana.goes_on(is_over)
    settled(stuttgart(), munich())
    assert case["goals"] == {"anmeldung_ist_einzutragen": True}
    assert len(jana.asked) == 8
    for name in ("Jana Sophie", "Marko", "Mila", "Jonas Luka"):
        assert present(munich(), f"{name} Kovačević") == []
        (address,) = present(stuttgart(), f"{name} Kovačević")
        assert address["strasse"] == home.anschrift["strasse"]
    assert kinds_sent(stuttgart(), case["id"]) == ["1702", "0201"]
    case = jana.looks()
    assert len(case["documents"]) == 4
    with acting_for(stuttgart()):
        for document in case["documents"]:
            assert notices.check(jana.portal.document(case["id"], document["id"])).genuine
    assert {"meldeschein", "rueckmeldung"} <= set(services_run(munich()))
    assert all_journals_intact(stuttgart(), munich())


def test_a_single_person_is_asked_six_things(node, new_home):
    lukasz = Citizen(node, stuttgart(), demo(munich(), "lukasz"), new_home(stuttgart())).begins()
    lukasz.goes_on(is_over)
    assert sorted(lukasz.asked) == [
        "berechtigung_ist_versichert",
        "einzugsdatum",
        "neue_anschrift",
        "wohnungsnachweis",
        "zuordnungsmerkmal",
    ]
    assert len(present(stuttgart(), "Łukasz Wiśniewski")) == 1
    eventually(lambda: present(munich(), "Łukasz Wiśniewski") == [])


def test_a_move_inside_the_town_asks_and_tells_nobody_else(node, new_home):
    home = new_home(stuttgart())
    kaethe = Citizen(node, stuttgart(), demo(stuttgart(), "kaethe"), home).begins()
    case = kaethe.goes_on(is_over)
    (address,) = present(stuttgart(), "Käthe Marie Häberle")
    assert address["hausnummer"] == home.anschrift["hausnummer"]
    assert kinds_sent(stuttgart(), case["id"]) == []
    assert len(kaethe.looks()["documents"]) == 1


def test_a_move_told_in_advance_is_completed_by_one_confirmation_on_the_day(node, new_home):
    home, lena = new_home(stuttgart()), settle_in_munich("Lena", "Frühauf")
    node.stop("worker")  # whose clock shows the day of the move already
    with clock.frozen(clock.now() - timedelta(days=9)):
        case_id = tells_in_advance(lena, home)
        with acting_for(stuttgart()):
            view = queries.case_for_staff(case_id)
        assert view.reviewed and view.state == "waiting" and view.wake_at is not None
        assert view.wake_at.astimezone(clock.BERLIN).date() == clock.today() + timedelta(days=9)
        assert kinds_sent(stuttgart(), case_id) == []
        assert {known.source for known in view.known} <= {"eid", "person", "verzeichnis", "anschriften"} | {
            "wohnungsgeberbestaetigungen"
        }
    node.start("worker")
    on_the_day = Citizen(node, stuttgart(), lena, home).identifies()
    on_the_day.case = {"id": str(case_id)}
    on_the_day.looks()
    case = on_the_day.goes_on(is_over)
    assert on_the_day.asked == ["einzug_bestaetigt"]
    assert case["goals"] == {"anmeldung_ist_einzutragen": True}
    assert kinds_sent(stuttgart(), case_id) == ["1702", "0201"]
    assert len(present(stuttgart(), "Lena Frühauf")) == 1


def settle_in_munich(vornamen, familienname, *, number=[100], **facts):  # noqa: B006

    number[0] += 1
    _, address = build(munich(), number=str(number[0]))
    return settle(munich(), address, person(vornamen, familienname, **facts))


def tells_in_advance(mover, home):
    """What the pages do, on an earlier day than the processes' clock shows."""
    token = accept_assertion(token=demo_issuer.issue(person=mover.eid, subject=mover.key))
    who = identity_for(token=token)
    town = stuttgart()
    subject = who.subject_for(town.id)
    with acting_for(town):
        case = operations.open_case(service="umzug", person=Person.of(who)).case.id
        answers = {
            "berechtigung_ist_versichert": True,
            "neue_anschrift": home.anschrift,
            "einzugsdatum": (clock.today() + timedelta(days=9)).isoformat(),
            "wohnungsnachweis": "zuordnungsmerkmal",
            "zuordnungsmerkmal": home.code,
        }
        while pages := queries.view(queries.own_case(case, subject=subject, level=who.level)).pages:
            told = {question.path: answers[question.path] for question in pages[0]}
            operations.record_answers(case_id=case, values=told, actor=f"person:{subject}")
        operations.send_review(case_id=case, actor=f"person:{subject}")
    return case


def test_a_blocked_family_member_stays_unmentioned_by_the_old_authority(node, new_home):
    amelie = Citizen(node, stuttgart(), demo(munich(), "amelie"), new_home(stuttgart())).begins()
    amelie.goes_on(is_with_clerk)
    clerk_says(stuttgart(), amelie.case["id"], "wohnungsstatus_nach_pruefung", "alleinige")
    case = amelie.goes_on(is_over)
    settled(stuttgart(), munich())
    said = json.dumps([amelie.seen, amelie.portal.decision(case["id"])])
    assert "Frieda" in said and "Tobias" not in said
    assert len(present(stuttgart(), "Frieda Gruber")) == 1
    assert len(present(munich(), "Tobias Karl Gruber")) == 1
    with acting_for(stuttgart()):
        assert "Tobias" not in repr(queries.journal_of(case["id"]))


def test_a_blocked_family_member_in_the_own_register_is_never_shown(node, new_home):
    emre = demo(stuttgart(), "emre")
    with within(stuttgart()):
        lock = Lock.objects.create(resident_id=emre.household[1], kind=Lock.AUSKUNFTSSPERRE, recorded_at=clock.now())
    blocked = snapshot_of(stuttgart(), emre.household[1])
    citizen = Citizen(node, stuttgart(), emre, new_home(stuttgart())).begins()
    citizen.goes_on(is_with_clerk)
    clerk_says(stuttgart(), citizen.case["id"], "wohnungsstatus_nach_pruefung", "alleinige")
    case = citizen.goes_on(is_over)
    said = json.dumps([citizen.seen, citizen.portal.decision(case["id"])])
    assert "Emre" in said
    assert "Lena" not in said and str(emre.household[1]) not in said and str(lock.id) not in said
    assert snapshot_of(stuttgart(), emre.household[1]) == blocked


def snapshot_of(town, resident):
    with within(town):
        return snapshot(residents=[resident], today=clock.today())


def test_a_code_letter_proves_the_dwelling(node, new_home):
    home = new_home(stuttgart())
    mover = settle_in_munich("Brigitte", "Postlerin")
    brigitte = Citizen(
        node,
        stuttgart(),
        mover,
        home,
        wohnungsnachweis="brief",
        angegebener_wohnungsgeber="Wohnbau Lerchenfeld eG",
        anschriftencode=lambda: code_in_the_letter(brigitte.case["id"]),
    ).begins()
    case = brigitte.goes_on(is_over)
    assert case["goals"] == {"anmeldung_ist_einzutragen": True}
    assert "anschriftencode" in brigitte.asked
    with acting_for(stuttgart()):
        assert layouts_to_post(case["id"]) == ["codebrief"]
    assert all(document["layout"] != "codebrief" for document in case["documents"])


def layouts_to_post(case_id):
    return [letter.layout for letter in notices.letters_to_post() if str(letter.case_id) == str(case_id)]


def code_in_the_letter(case_id):
    """The code, which stands nowhere but in the letter."""
    with within(stuttgart()):
        code = letter_code(AddressCode.objects.get(case_id=case_id).id)
        assert code not in repr(queries.journal_of(case_id))
    return code


def test_an_uploaded_confirmation_is_looked_at_by_a_clerk(node, new_home):
    mover = settle_in_munich("Ulla", "Papier")
    answers = {"wohnungsnachweis": "upload", "wohnungsgeberbestaetigung": "bestaetigung.jpg"}
    ulla = Citizen(node, stuttgart(), mover, new_home(stuttgart()), **answers).begins()
    ulla.goes_on(is_with_clerk)
    (question,) = clerk_asks(stuttgart(), ulla.case["id"]).values()
    assert (question.path, question.office) == ("bestaetigung_ist_in_ordnung", "buergerbuero")
    assert question.question.endswith("überein?") and question.why
    clerk_says(stuttgart(), ulla.case["id"], question.path, True)
    assert ulla.goes_on(is_over)["goals"] == {"anmeldung_ist_einzutragen": True}


def test_a_clerks_no_ends_with_the_reason_and_an_appointment(node, new_home):
    mover = settle_in_munich("Nora", "Neinsager")
    answers = {"wohnungsnachweis": "upload", "wohnungsgeberbestaetigung": "bestaetigung.jpg"}
    nora = Citizen(node, stuttgart(), mover, new_home(stuttgart()), **answers).begins()
    nora.goes_on(is_with_clerk)
    clerk_says(stuttgart(), nora.case["id"], "bestaetigung_ist_in_ordnung", False)
    assert list(clerk_asks(stuttgart(), nora.case["id"])) == ["ablehnungsgrund"]
    clerk_says(stuttgart(), nora.case["id"], "ablehnungsgrund", "Die Unterschrift fehlt.")
    case = nora.goes_on(is_over)
    assert case["goals"] == {"anmeldung_ist_einzutragen": False}
    with acting_for(stuttgart()):
        effects = queries.state_of(case["id"]).effects.values()
        (offer,) = [one for one in effects if not one.kind.startswith("notice.")]
    assert offer.arguments["angebot"] == "termin" and offer.arguments["grund"] == "Die Unterschrift fehlt."
    assert present(stuttgart(), "Nora Neinsager") == [] and len(present(munich(), "Nora Neinsager")) == 1
    assert kinds_sent(stuttgart(), case["id"]) == ["1702"]


def test_an_old_municipality_outside_the_directory_is_told_by_letter(node, new_home):
    cologne = {"strasse": "Domgasse", "hausnummer": "4", "zusatz": None, "postleitzahl": "50667", "ort": "Köln"}
    facts = person("Kölsche", "Zugezogen")

    mover = Mover("cologne", "Kölsche Zugezogen", card(facts, cologne | {"ags": "05315000"}), ())
    citizen = Citizen(node, stuttgart(), mover, new_home(stuttgart())).begins()
    citizen.goes_on(is_with_clerk)
    case_id = citizen.case["id"]
    asked = clerk_asks(stuttgart(), case_id)
    assert {"identitaet_ist_geprueft", "personen"} & set(asked)
    for question in asked.values():
        assert question.question.endswith(("?", ".")) and " " in question.question
    told = {name: value if value is not None else {"none": True} for name, value in facts.items()}
    answer_all(stuttgart(), citizen, {"identitaet_ist_geprueft": True, "personen": [told | IN_THE_FORM]})
    case = citizen.goes_on(is_over)
    assert len(present(stuttgart(), "Kölsche Zugezogen")) == 1
    assert kinds_sent(stuttgart(), case["id"]) == []
    settled(stuttgart(), munich())
    with acting_for(stuttgart()):
        assert layouts_to_post(case_id) == ["rueckmeldung"]


IN_THE_FORM = {"auskunftssperre": False, "weitere_wohnungen": 0}


def answer_all(town, citizen, answers):
    """A clerk answers what is asked until nothing of it is asked any more."""

    def answered():
        for path in set(clerk_asks(town, citizen.case["id"])) & set(answers):
            clerk_says(town, citizen.case["id"], path, answers[path])
        return not clerk_asks(town, citizen.case["id"]) and is_over(citizen.looks())

    eventually(answered, otherwise=lambda: clerk_asks(town, citizen.case["id"]))


def test_a_wrong_registration_is_undone_in_both_registers_and_on_paper(node, new_home):
    mover = settle_in_munich("Rückwärts", "Geher")
    answers = {"wohnungsnachweis": "upload", "wohnungsgeberbestaetigung": "bestaetigung.jpg"}
    citizen = Citizen(node, stuttgart(), mover, new_home(stuttgart()), **answers)
    settled(stuttgart(), munich())
    before = [digest(town) for town in (stuttgart(), munich())]
    citizen.begins().goes_on(is_with_clerk)
    clerk_says(stuttgart(), citizen.case["id"], "bestaetigung_ist_in_ordnung", True)
    case = citizen.goes_on(is_over)
    settled(stuttgart(), munich())
    assert present(munich(), mover.name) == []
    (document,) = [one for one in citizen.looks()["documents"] if one["layout"] == "meldebestaetigung"]
    pdf = citizen.portal.document(case["id"], document["id"])
    reverse(case["id"])
    eventually(lambda: len(present(munich(), mover.name)) == 1)
    settled(stuttgart(), munich())
    assert [digest(town) for town in (stuttgart(), munich())] == before
    assert kinds_sent(stuttgart(), case["id"]) == ["1702", "0201", "0201.storno"]
    verdict = notices.check(pdf)
    assert verdict.genuine and verdict.reason == "revoked"
    assert citizen.looks()["state"] == "reversed"
    assert all_journals_intact(stuttgart(), munich())


def test_after_a_reversal_the_same_code_registers_the_person_again(node, new_home):
    home, mover = new_home(stuttgart()), settle_in_munich("Zweiter", "Anlauf")
    first = Citizen(node, stuttgart(), mover, home).begins()
    first.goes_on(is_over)
    settled(stuttgart(), munich())
    reverse(first.case["id"])
    eventually(lambda: len(present(munich(), mover.name)) == 1)
    second = Citizen(node, stuttgart(), mover, home).begins()
    assert second.goes_on(is_over)["goals"] == {"anmeldung_ist_einzutragen": True}
    assert len(present(stuttgart(), mover.name)) == 1


def reverse(case_id):
    with acting_for(stuttgart()):
        operations.reverse(case_id=case_id, reason="Verwechslung", actor="clerk:amtfrau")


def digest(town):
    with within(town):
        return register_digest()


def test_a_case_can_be_withdrawn_until_it_is_decided(node, new_home):
    mover = settle_in_munich("Widerruf", "Zurück")
    citizen = Citizen(node, stuttgart(), mover, new_home(stuttgart())).begins()
    citizen.goes_on(is_ready_to_send)
    case_id = citizen.case["id"]
    citizen.portal._call("POST", f"/08111000/cases/{case_id}/withdrawal", {"reason": "doch nicht"})
    assert citizen.looks()["state"] == "withdrawn"
    with pytest.raises(PortalRefused) as refused:
        citizen.portal.send(case_id)
    assert refused.value.found["code"] == "case_is_over"
    assert len(present(munich(), mover.name)) == 1


def test_a_disputed_register_fact_is_settled_by_a_clerk(node, new_home):
    mover = settle_in_munich("Falsch", "Geschrieben")
    citizen = Citizen(node, stuttgart(), mover, new_home(stuttgart())).begins()
    citizen.goes_on(is_ready_to_send)
    path = next(known["path"] for known in citizen.case["known"] if known["path"].endswith("/familienstand"))
    case_id = citizen.case["id"]
    citizen.case = citizen.portal._call(
        "POST", f"/08111000/cases/{case_id}/disputes", {"path": path, "reason": "Ich bin geschieden."}
    )
    citizen.goes_on(is_sent)
    eventually(lambda: path in clerk_asks(stuttgart(), case_id))
    clerk_says(stuttgart(), case_id, path, "GS", reason="Urteil gesehen")
    citizen.goes_on(is_over)
    with within(stuttgart()):
        (told,) = snapshot(residents=residents_of(citizen.looks()), today=clock.today()).values()
    assert told["familienstand"] == "GS"


def residents_of(case):
    with acting_for(stuttgart()):
        effects = queries.state_of(case["id"]).effects.values()
    (entry,) = [effect for effect in effects if effect.kind == "register.move_in"]
    return list(entry.outcome["residents"].values())
