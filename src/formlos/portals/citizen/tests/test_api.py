"""The machine API: what a person's own app gets to see."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from formlos.base.tenancy import Municipality
from formlos.cases.answers import CODES
from formlos.identity.operations import accept_assertion
from formlos.identity.queries import Identity
from formlos.portals.citizen import problems
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
