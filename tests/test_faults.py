"""Bad input and faults at the level of cases: each gets a clear error or a clerk's question, and nothing is lost."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import count
from uuid import uuid4

import pytest
from django.db import connections
from tests.citizens import Citizen, clerk_asks, clerk_says, is_over, is_ready_to_send, is_with_clerk
from tests.nodes import all_journals_intact, eventually, kinds_sent, munich, settled, stuttgart
from tests.people import Mover, build, card, person, present, settle

from formlos.base.tenancy import acting_for, within
from formlos.cases import operations, queries
from formlos.config.demo.portal import PortalRefused
from formlos.identity import demo_issuer
from formlos.notices import queries as notices

HOUSES = count(1)


@pytest.fixture
def mover(node):
    """Somebody who lives in Munich."""
    return resident("Fehler", f"Freund-{'abcdefghijklmnopqrstuvwxyz'[next(HOUSES) % 26]}")


def resident(vornamen, familienname, town=None, **facts):
    town = town or munich()
    _, address = build(town, number=str(next(HOUSES)), street="Störweg")
    return settle(town, address, person(vornamen, familienname, **facts))


@pytest.fixture
def citizen(node, mover, new_home):
    return Citizen(node, stuttgart(), mover, new_home(stuttgart())).begins()


def refusal(action, *arguments, **named):
    with pytest.raises(PortalRefused) as refused:
        action(*arguments, **named)
    return refused.value.found


# What people may get wrong


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"postleitzahl": "7037"}, "postleitzahl"),
        ({"strasse": ""}, "empty"),
        ({"strasse": "x" * 3000}, "too_long"),
    ],
)
def test_an_address_that_cannot_be_read_is_explained(citizen, change, code):
    citizen.goes_on(lambda case: asks(case, "neue_anschrift"))
    wrong = citizen.answers["neue_anschrift"] | change
    found = refusal(citizen.portal.answer, citizen.case["id"], {"neue_anschrift": wrong})
    assert found["code"] == "answers_refused"
    assert code in [error["code"] for error in found["errors"].values()]
    assert all(error["message"][-1] in ".:)" for error in found["errors"].values())
    assert "neue_anschrift/ort" not in {known["path"] for known in citizen.looks()["known"]}


@pytest.mark.parametrize("value", ["gestern", "31.2.2026", "0000-00-00", 17, {"none": True}, None, ["2026-03-01"]])
def test_what_is_no_day_is_refused_and_nothing_is_kept(citizen, value):
    citizen.goes_on(lambda case: asks(case, "einzugsdatum"))
    found = refusal(citizen.portal.answer, citizen.case["id"], {"einzugsdatum": value})
    assert found["status"] == 422
    assert not any(known["path"] == "einzugsdatum" for known in citizen.looks()["known"])


def asks(case, path):
    return any(question["path"] == path for page in case["pages"] for question in page)


def test_only_what_is_asked_can_be_answered(citizen):
    for path in ("identitaet_ist_geprueft", "treffer", "gibt_es_nicht", "familienname", "personen"):
        found = refusal(citizen.portal.answer, citizen.case["id"], {path: True})
        assert found["errors"][path]["code"] == "unknown_question"


def test_a_name_outside_din_91379_is_refused_at_the_door(node):
    facts = person("Mia", "Emoji")
    told = card(facts, None) | {"familienname": "Em😀ji"}
    citizen = Citizen(node, stuttgart(), Mover("emoji", "", told, ()))
    found = refusal(citizen.identifies)
    assert (found["code"], found["status"]) == ("name_not_allowed", 422)
    assert "Schalter" in found["title"]


def test_an_identity_that_is_too_weak_is_told_what_to_do(node, mover):
    citizen = Citizen(node, stuttgart(), mover).identifies(level="substantial")
    found = refusal(citizen.opens)
    assert (found["code"], found["status"]) == ("level_too_low", 403)


def test_a_used_identity_assertion_is_refused(node, mover):
    assertion = demo_issuer.issue(person=mover.eid, subject=mover.key)
    citizen = Citizen(node, stuttgart(), mover)
    citizen.portal.identify(assertion)
    assert refusal(citizen.portal.identify, assertion)["code"] == "replayed"


# Impatience


def test_a_review_sent_twice_at_once_decides_once(citizen, mover):
    citizen.goes_on(is_ready_to_send)
    with ThreadPoolExecutor(4) as tabs:
        sent = [tabs.submit(attempt, citizen.portal.send, citizen.case["id"]) for _ in range(4)]
    assert {one.result() for one in sent} == {""}
    citizen.looks()
    citizen.goes_on(is_over)
    settled(stuttgart(), munich())
    assert len(present(stuttgart(), mover.name)) == 1
    assert kinds_sent(stuttgart(), citizen.case["id"]) == ["1702", "0201"]
    with acting_for(stuttgart()):
        entries = [entry.kind for entry in queries.journal_of(citizen.case["id"])]
    assert entries.count("decision.made") == entries.count("review.sent") == 1


def attempt(action, *arguments):
    """The code of the refusal; empty when it went well."""
    try:
        action(*arguments)
    except PortalRefused as refused:
        return refused.found["code"]
    return ""


def test_two_tabs_that_answer_differently_leave_one_answer(citizen, node, new_home):
    citizen.goes_on(lambda case: asks(case, "neue_anschrift"))
    homes = [new_home(stuttgart()).anschrift for _ in range(2)]
    with ThreadPoolExecutor(2) as tabs:
        said = [
            tabs.submit(attempt, citizen.portal.answer, citizen.case["id"], {"neue_anschrift": address})
            for address in homes
        ]
    assert [one.result() for one in said] == ["", ""]
    known = {one["path"]: one["value"] for one in citizen.looks()["known"]}
    kept = {name: known[f"neue_anschrift/{name}"] for name in ("strasse", "hausnummer", "postleitzahl")}
    assert kept in [{name: address[name] for name in kept} for address in homes]
    with acting_for(stuttgart()):
        assert queries.verify_journal(citizen.case["id"]).intact


def test_two_cases_of_one_person_leave_one_present_dwelling(node, new_home, mover):
    first, second = (Citizen(node, stuttgart(), mover, new_home(stuttgart())) for _ in range(2))
    for citizen in (first, second):  # one after the other: what is begun twice at once is one case
        citizen.begins().goes_on(is_ready_to_send)
    assert first.case["id"] != second.case["id"]
    first.goes_on(is_over)
    settled(stuttgart(), munich())
    second.goes_on(lambda case: is_with_clerk(case) or is_over(case))
    settled(stuttgart(), munich())
    assert len(present(stuttgart(), mover.name)) == 1
    assert present(munich(), mover.name) == []
    assert all_journals_intact(stuttgart(), munich())


# What belongs to others


def test_a_case_of_somebody_else_is_as_if_it_did_not_exist(citizen, node):
    stranger = Citizen(node, stuttgart(), resident("Neu", "Gierig")).identifies()
    real, invented = citizen.case["id"], str(uuid4())
    for action, body in (("", None), ("/answers", {"values": {}}), ("/review", {}), ("/decision", None)):
        method = "GET" if body is None else "POST"
        answers = [
            stranger.portal._http.request(method, f"/08111000/cases/{case}{action}", json=body)
            for case in (real, invented)
        ]
        assert [answer.status_code for answer in answers] == [404, 404]
        assert answers[0].json() == answers[1].json()


def test_a_case_of_another_town_is_as_if_it_did_not_exist(citizen):
    real, invented = citizen.case["id"], str(uuid4())
    answers = [citizen.portal._http.get(f"/09162000/cases/{case}") for case in (real, invented)]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].json() == answers[1].json()
    assert citizen.portal._http.get(f"/05315000/cases/{real}").status_code == 404


def test_a_document_of_somebody_else_is_as_if_it_did_not_exist(citizen, node):
    case = citizen.goes_on(lambda case: is_over(case) and case["documents"])
    stranger = Citizen(node, stuttgart(), resident("Noch", "Gieriger")).identifies()
    path = f"/08111000/cases/{case['id']}/documents/{case['documents'][0]['id']}.pdf"
    assert citizen.portal._http.get(path).status_code == 200
    assert stranger.portal._http.get(path).status_code == 404


def test_without_a_session_nothing_is_told(citizen):
    del citizen.portal._http.headers["Authorization"]
    answer = citizen.portal._http.get(f"/08111000/cases/{citizen.case['id']}")
    assert answer.status_code == 401 and mover_is_not_in(answer.text, citizen)


def mover_is_not_in(text, citizen):
    return citizen.mover.eid["familienname"] not in text


# Effects that cannot happen


def test_a_refused_effect_is_a_clerks_question_and_happens_once_its_cause_is_gone(node, new_home):
    """The code is used by another case between this case's check and its decision."""
    home = new_home(stuttgart())
    early, late = (
        Citizen(node, stuttgart(), resident(name, "Konkurrenz"), home).begins() for name in ("Erste", "Zweite")
    )
    for citizen in (early, late):
        citizen.goes_on(is_ready_to_send)
    early.goes_on(is_over)
    late.goes_on(is_with_clerk)
    (question,) = clerk_asks(stuttgart(), late.case["id"]).values()
    assert question.path == "effect:zuordnungsmerkmal_verbrauch"
    assert question.question.endswith("?") and question.why
    assert present(stuttgart(), late.mover.name) == []
    assert kinds_sent(stuttgart(), late.case["id"]) == ["1702"]
    clerk_says(stuttgart(), late.case["id"], question.path, True, reason="noch nicht behoben")
    assert list(clerk_asks(stuttgart(), late.case["id"])) == [question.path]
    settled(stuttgart(), munich())
    with acting_for(stuttgart()):
        operations.reverse(case_id=early.case["id"], reason="war ein Irrtum", actor="clerk:amtfrau")
    clerk_says(stuttgart(), late.case["id"], question.path, True, reason="Code ist wieder frei")
    assert late.goes_on(is_over)["goals"] == {"anmeldung_ist_einzutragen": True}
    assert len(present(stuttgart(), late.mover.name)) == 1
    with acting_for(stuttgart()):
        assert queries.verify_journal(late.case["id"]).intact


# Processes that die


def test_a_web_process_killed_between_two_requests_loses_nothing(node, citizen):
    citizen.goes_on(is_ready_to_send)
    before = [known["path"] for known in citizen.looks()["known"]]
    node.kill("web")
    node.start("web")
    assert [known["path"] for known in citizen.looks()["known"]] == before
    assert citizen.goes_on(is_over)["goals"] == {"anmeldung_ist_einzutragen": True}


def test_without_a_worker_the_page_answers_and_the_case_goes_on_later(node, citizen):
    node.kill("worker")
    citizen.goes_on(lambda case: bool(case["waiting"]))
    assert citizen.looks()["state"] in ("open", "waiting")
    node.start("worker")
    assert citizen.goes_on(is_over, seconds=60)["goals"] == {"anmeldung_ist_einzutragen": True}


def test_a_notice_issued_by_two_workers_at_once_exists_once(node, citizen):
    """Both workers look for unfinished effects of the same case; one of them waits and finds nothing left."""
    from formlos.cases import tasks

    citizen.goes_on(is_ready_to_send)
    node.kill("worker")
    citizen.portal.send(citizen.case["id"])
    town = stuttgart().id

    def work():
        try:
            with acting_for(town):
                tasks.go_on(case_id=citizen.case["id"])
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as workers:
        for done in [workers.submit(work) for _ in range(2)]:
            done.result()
    node.start("worker")
    citizen.looks()
    citizen.goes_on(is_over)
    settled(stuttgart(), munich())
    with within(stuttgart()):
        assert len(notices.notices_of(citizen.case["id"])) == 1
    eventually(lambda: kinds_sent(stuttgart(), citizen.case["id"]) == ["1702", "0201"])
