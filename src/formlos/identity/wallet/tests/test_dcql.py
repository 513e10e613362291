"""DCQL: the published queries are read and answered, and an answer is what was asked, no more and no less."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from formlos.identity.wallet import dcql, refusals
from formlos.identity.wallet.dcql import Credential, QueryRefused, answer_with, check_answer, read, select

PUBLISHED = Path(__file__).parents[5].parent / "shared" / "conformance" / "openid4vp" / "query_lang"
needs_vectors = pytest.mark.skipif(not PUBLISHED.is_dir(), reason="the published queries are not here")

SD, TYPE = "dc+sd-jwt", "https://credentials.example.com/identity_credential"
PERSON = {
    "given_name": "Arthur",
    "family_name": "Doe",
    "address": {"street_address": "42 Market Street", "locality": "Milliways"},
    "degrees": [{"type": "Bachelor"}, {"type": "Master"}],
    "nationalities": ["British", "Betelgeusian"],
}
PID = Credential(SD, TYPE, PERSON)
SIMPLE = {
    "credentials": [
        {"id": "pid", "format": SD, "meta": {"vct_values": [TYPE]}, "claims": [{"path": ["given_name"]}]},
    ]
}


def published(name: str) -> dcql.Query:
    return read(json.loads((PUBLISHED / f"{name}.json").read_text()))


def mdl(**claims: str) -> Credential:
    return Credential(dcql.MDOC, "org.iso.18013.5.1.mDL", {"org.iso.18013.5.1": claims})


VEHICLE = Credential(
    dcql.MDOC,
    "org.iso.7367.1.mVRC",
    {"org.iso.7367.1": {"vehicle_holder": "Doe"}, "org.iso.18013.5.1": {"given_name": "Arthur"}},
)


@pytest.mark.parametrize(
    ("path", "values"),
    [
        (("given_name",), ["Arthur"]),
        (("address", "locality"), ["Milliways"]),
        (("address", "nowhere"), []),
        (("degrees", None, "type"), ["Bachelor", "Master"]),
        (("degrees", 1, "type"), ["Master"]),
        (("degrees", 2), []),
        (("nationalities", None), ["British", "Betelgeusian"]),
        (("given_name", 0), []),
        (("nationalities", "given_name"), []),
    ],
)
def test_a_path_selects_values(path: tuple[Any, ...], values: list[Any]) -> None:
    assert select(path, PERSON) == values


@needs_vectors
def test_the_simple_published_queries_are_answered_with_the_claims_they_ask_for() -> None:
    chosen = answer_with(published("simple"), {"mine": PID})
    assert chosen is not None
    key, claims = chosen["my_credential"]
    assert key == "mine"
    assert [claim.path for claim in claims] == [("family_name",), ("given_name",), ("address", "street_address")]
    assert answer_with(published("simple_mdoc"), {"car": VEHICLE})
    assert answer_with(published("simple_mdoc"), {"mine": PID}) is None


@needs_vectors
def test_values_that_are_asked_for_must_be_there() -> None:
    query = published("value_matching_simple")
    fitting = Credential(SD, TYPE, PERSON | {"postal_code": "90210"})
    assert answer_with(query, {"mine": fitting})
    assert answer_with(query, {"mine": Credential(SD, TYPE, PERSON | {"postal_code": "12345"})}) is None
    assert answer_with(query, {"mine": Credential(SD, TYPE, PERSON | {"postal_code": 90210})}) is None


@needs_vectors
def test_the_first_claim_set_that_can_be_answered_is_taken() -> None:
    query = published("claims_alternatives")
    common = {"family_name": "Doe", "date_of_birth": "1990-01-01"}
    whole = Credential(SD, TYPE, common | {"locality": "X", "region": "Y", "postal_code": "1"})
    code_only = Credential(SD, TYPE, common | {"postal_code": "1"})
    chosen = [answer_with(query, {"mine": held}) for held in (whole, code_only)]
    assert [[claim.id for claim in one["pid"][1]] for one in chosen if one] == [["a", "c", "d", "e"], ["a", "b", "e"]]
    assert answer_with(query, {"mine": Credential(SD, TYPE, common)}) is None


@needs_vectors
def test_all_credentials_are_needed_where_no_sets_are_named() -> None:
    query = published("multi_credentials")
    assert answer_with(query, {"pid": PID}) is None
    chosen = answer_with(query, {"pid": PID, "car": VEHICLE})
    assert chosen is not None and {id: key for id, (key, _) in chosen.items()} == {"pid": "pid", "mdl": "car"}


@needs_vectors
def test_credential_sets_offer_alternatives() -> None:
    query = published("credentials_alternatives")
    name = {"given_name": "Arthur", "family_name": "Doe"}
    reduced = Credential(SD, "https://credentials.example.com/reduced_identity_credential", name)
    place = {"postal_code": "1", "locality": "X", "region": "Y"}
    residence = Credential(SD, "https://cred.example/residence_credential", place)
    rewards = Credential(SD, "https://company.example/company_rewards", {"rewards_number": "7"})
    assert set(answer_with(query, {"a": PID, "b": rewards}) or ()) == {"pid", "nice_to_have"}
    assert set(answer_with(query, {"a": reduced, "b": residence}) or ()) == {"pid_reduced_cred_1", "pid_reduced_cred_2"}
    assert answer_with(query, {"a": reduced, "b": rewards}) is None


@needs_vectors
def test_a_set_that_is_not_required_may_stay_unanswered() -> None:
    query = published("complex_mdoc")
    names = {"given_name": "A", "family_name": "B", "portrait": "C"}
    assert set(answer_with(query, {"mdl": mdl(**names)}) or ()) == {"mdl-id"}
    everything = mdl(**names, resident_address="D", resident_country="E")
    assert set(answer_with(query, {"mdl": everything}) or ()) == {"mdl-id", "mdl-address"}


@pytest.mark.parametrize(
    ("shown", "code"),
    [
        ({}, "claims_missing"),
        ({"pid": [PID], "more": [PID]}, "unexpected_credential"),
        ({"pid": [PID, PID]}, "unexpected_credential"),
        ({"pid": []}, "unexpected_credential"),
        ({"pid": [Credential(SD, "urn:library-card", PERSON)]}, "wrong_credential_type"),
        ({"pid": [Credential(dcql.MDOC, TYPE, PERSON)]}, "wrong_credential_type"),
        ({"pid": [Credential(SD, TYPE, {"family_name": "Doe"})]}, "claims_missing"),
    ],
)
def test_an_answer_that_is_not_what_was_asked_is_refused(shown: dict[str, Any], code: str) -> None:
    check_answer(read(SIMPLE), {"pid": [PID]})
    with pytest.raises(refusals.WalletRefused) as refused:
        check_answer(read(SIMPLE), shown)
    assert refused.value.code == code


def test_an_answer_may_leave_out_what_is_not_required() -> None:
    other = {"id": "more", "format": SD, "meta": {"vct_values": ["urn:x"]}}
    sets = [{"options": [["pid"]]}, {"options": [["more"]], "required": False}]
    query = read({"credentials": [*SIMPLE["credentials"], other], "credential_sets": sets})
    check_answer(query, {"pid": [PID]})
    with pytest.raises(refusals.ClaimsMissing):
        check_answer(query, {"more": [Credential(SD, "urn:x", {})]})


def test_what_lies_within_or_on_the_way_to_a_claim_is_asked_for_and_nothing_else() -> None:
    claims = [{"path": ["address", "locality"]}, {"path": ["degrees", None, "type"]}, {"path": ["place"]}]
    query = read({"credentials": [SIMPLE["credentials"][0] | {"claims": claims}]}).credentials["pid"]
    for path in (("address",), ("address", "locality"), ("degrees", 1, "type"), ("place", "country")):
        assert dcql.is_asked(query, path)
    for other in (("given_name",), ("address", "street_address"), ("degrees", 1, "grade")):
        assert not dcql.is_asked(query, other)


@pytest.mark.parametrize(
    "broken",
    [
        None,
        [],
        {},
        {"credentials": []},
        {"credentials": [{}]},
        {"credentials": [{"id": "a b", "format": SD, "meta": {"vct_values": ["x"]}}]},
        {"credentials": [{"id": "a", "format": SD}]},
        {"credentials": [{"id": "a", "format": SD, "meta": {"vct_values": [1]}}]},
        {"credentials": [{"id": "a", "format": dcql.MDOC, "meta": {"vct_values": ["x"]}}]},
        {"credentials": [*SIMPLE["credentials"], *SIMPLE["credentials"]]},
        {"credentials": [SIMPLE["credentials"][0] | {"claims": [{"path": []}]}]},
        {"credentials": [SIMPLE["credentials"][0] | {"claims": [{"path": [-1]}]}]},
        {"credentials": [SIMPLE["credentials"][0] | {"claims": [{"path": [True]}]}]},
        {"credentials": [SIMPLE["credentials"][0] | {"claims": [{"path": ["a"], "values": [1.5]}]}]},
        {"credentials": [SIMPLE["credentials"][0] | {"claim_sets": [["z"]]}]},
        {"credentials": [SIMPLE["credentials"][0] | {"claim_sets": [5]}]},
        {"credentials": [SIMPLE["credentials"][0] | {"claim_sets": [[{}]]}]},
        SIMPLE | {"credential_sets": [{"options": [["other"]]}]},
        SIMPLE | {"credential_sets": [{"options": [[]]}]},
        SIMPLE | {"credential_sets": [{"options": [["pid"]], "required": "yes"}]},
    ],
)
def test_what_is_no_query_is_refused(broken: Any) -> None:
    with pytest.raises(QueryRefused):
        read(broken)
