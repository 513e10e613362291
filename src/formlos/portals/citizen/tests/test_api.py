"""The machine API: what a person's own app gets to see."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from formlos.base import clock
from formlos.base.limits import Limit
from formlos.base.tenancy import Municipality
from formlos.cases.answers import CODES
from formlos.dialogue import incoming
from formlos.identity.operations import accept_assertion
from formlos.identity.queries import Identity
from formlos.portals.citizen import problems
from formlos.portals.citizen.tests import musterstadt
from formlos.portals.citizen.tests.musterstadt import bring_to_decision


@pytest.fixture
def token(assertion: str) -> str:
    return accept_assertion(token=assertion)


def call(client: Client, token: str, path: str, body: Any = None, **headers: str) -> Any:
    headers = {"authorization": f"Bearer {token}", **headers}
    address = f"/api/v1/08111000/cases/{path}"
    if body is None:
        return client.get(address, headers=headers)
    return client.post(address, json.dumps(body), content_type="application/json", headers=headers)


def test_a_protected_person_and_their_number_never_show(
    town: Municipality, case: UUID, ada: Identity, client: Client, token: str
) -> None:
    seen = [call(client, token, f"{case}")]
    seen.append(call(client, token, f"{case}/answers", {"values": {"standort": "Marktplatz"}}))
    assert seen[-1].json()["remaining"] == 0
    bring_to_decision(town, case, ada)
    seen += [call(client, token, f"{case}"), call(client, token, f"{case}/decision")]
    for answer in seen:
        assert answer.status_code == 200
        said = answer.content.decode()
        assert "Cäcilie" not in said and "Verborgen" not in said and "h2" not in said
    found = seen[2].json()
    assert "Bo" in [known["value"] for known in found["known"]]
    assert [known["path"] for known in found["known"] if known["path"] == "helfer"] == []
    assert [effect["id"] for effect in found["effects"] if effect["id"].startswith("ausweis")] == ["ausweis/h1"]
    assert "2 Einträge" not in str(seen[3].json())


def test_facts_come_with_the_kind_of_their_source(case: UUID, client: Client, token: str) -> None:
    known = call(client, token, f"{case}").json()["known"]
    assert {fact["kind"] for fact in known if fact["path"] == "familienname"} == {"identity"}


def test_the_api_speaks_the_language_of_its_caller(case: UUID, client: Client, token: str) -> None:
    german, english = (call(client, token, f"{case}", **{"accept-language": one}).json() for one in ("de", "en"))
    assert german["pages"][0][0]["question"] == "Wo steht der Baum?"
    assert english["pages"][0][0]["question"] == "Where does the tree stand?"


def test_wrong_answers_are_explained_in_the_callers_language(case: UUID, client: Client, token: str) -> None:
    said = [
        call(client, token, f"{case}/answers", {"values": {"hausnummer": "3"}}, **{"accept-language": language})
        for language in ("de", "en")
    ]
    assert [one.status_code for one in said] == [422, 422]
    german, english = (one.json()["errors"]["hausnummer"] for one in said)
    assert german == {"code": "unknown_question", "message": "Diese Frage gibt es hier nicht."}
    assert english == {"code": "unknown_question", "message": "There is no such question here."}


@pytest.mark.parametrize("code", CODES)
def test_every_refusal_of_an_answer_has_its_sentence(code: str) -> None:
    assert problems.answer_sentence(code, "x").endswith((".", "x"))


def test_a_request_of_another_shape_is_malformed_and_says_where(case: UUID, client: Client, token: str) -> None:
    refused = call(client, token, f"{case}/answers", {"value": {}})
    problem = refused.json()
    assert (refused.status_code, problem["status"], problem["code"]) == (400, 400, "malformed")
    assert "values" in problem["detail"]


BAD = ["\x00", "a\x07b", "\x1b[2J", "\ud83d"]


@pytest.mark.parametrize("bad", BAD)
@pytest.mark.parametrize(
    "shape", [lambda bad: {"standort": bad}, lambda bad: {bad: "x"}, lambda bad: {"a": [{"b": bad}]}]
)
def test_signs_that_cannot_be_stored_are_malformed_and_the_place_is_named(
    case: UUID, client: Client, token: str, bad: str, shape: Any
) -> None:
    refused = call(client, token, f"{case}/answers", {"values": shape(bad)})
    problem = refused.json()
    assert (refused.status_code, problem["code"]) == (400, "malformed")
    assert problem["detail"].startswith("values")


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("08111000/cases", {"service": "baum\x00"}),
        ("08111000/cases/{case}/disputes", {"path": "a\x00", "reason": "x"}),
        ("08111000/cases/{case}/disputes", {"path": "a", "reason": "x\x00"}),
        ("08111000/cases/{case}/withdrawal", {"reason": "\x00"}),
        ("08111000/dwelling-confirmations", {"handelt_als": "\x00", "rows": []}),
        ("sessions", {"assertion": "\x00"}),
    ],
)
def test_no_call_breaks_over_a_control_character(
    case: UUID, client: Client, token: str, path: str, body: dict[str, str]
) -> None:
    address, headers = f"/api/v1/{path.format(case=case)}", {"authorization": f"Bearer {token}"}
    refused = client.post(address, json.dumps(body), content_type="application/json", headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (400, "malformed")


@pytest.mark.parametrize("body", ["{", "[" * 100_000, '{"values": {"standort": "\n"}}', ""])
def test_a_body_that_is_no_json_is_malformed(case: UUID, client: Client, token: str, body: str) -> None:
    address, headers = f"/api/v1/08111000/cases/{case}/answers", {"authorization": f"Bearer {token}"}
    refused = client.post(address, body, content_type="application/json", headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (400, "malformed")


@pytest.mark.parametrize("text", ["a\tb\r\nc", "\U0001f333 Linde", "ё"])
def test_tabs_line_breaks_and_every_script_are_taken(case: UUID, client: Client, token: str, text: str) -> None:
    assert call(client, token, f"{case}/answers", {"values": {"standort": text}}).status_code == 200


def hand_in(client: Client, token: str, case: UUID, **headers: str) -> Any:
    file = SimpleUploadedFile("a.pdf", b"no such thing", "application/pdf")
    headers = {"authorization": f"Bearer {token}", **headers}
    return client.post(f"/api/v1/08111000/cases/{case}/files", {"file": file}, headers=headers)


def test_files_from_one_address_are_counted_whatever_becomes_of_them(
    case: UUID, client: Client, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(incoming, "FILES_OF_AN_ADDRESS", Limit("few", most=2, within=timedelta(hours=1)))
    assert [hand_in(client, token, case).status_code for _ in range(2)] == [415, 415]
    refused = hand_in(client, token, case, **{"accept-language": "en"})
    assert (refused.status_code, refused.json()["code"]) == (429, "files_from_here")
    assert "internet connection" in refused.json()["title"] and int(refused["Retry-After"]) > 3500
    with clock.frozen(clock.now() + timedelta(minutes=61)):
        again = accept_assertion(token=musterstadt.issue_assertion(person=musterstadt.ADA, subject="card-1"))
        assert hand_in(client, again, case).status_code == 415


def open_by_program(client: Client, token: str) -> str:
    headers = {"authorization": f"Bearer {token}"}
    body = json.dumps({"service": "baumpatenschaft"})
    opened = client.post("/api/v1/08111000/cases", body, content_type="application/json", headers=headers)
    assert opened.status_code == 201
    return str(opened.json()["id"])


def test_a_program_that_opens_twice_has_opened_once(town: Municipality, client: Client, token: str) -> None:
    first = open_by_program(client, token)
    assert open_by_program(client, token) == first
    call(client, token, f"{first}/answers", {"values": {"standort": "Marktplatz"}})
    assert open_by_program(client, token) != first, "what was gone on with is not begun again"
