"""A wallet answers this node: one session from one answer, in the browser that asked; anything else is refused."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test import override_settings
from joserfc.jwk import ECKey

from formlos.base import clock
from formlos.identity.queries import Identity, identity_for
from formlos.identity.refusals import IdentityRefused
from formlos.identity.wallet import answers, compact, demo_pid, holding, operations, pid, queries, refusals
from formlos.identity.wallet.certificates import first_of, public_jwk

ERIKA: dict[str, Any] = {
    "familienname": "Mustermann",
    "vornamen": "Erika",
    "geburtsname": "Gabler",
    "geburtsdatum": "1984-01-26",
    "geburtsort": "Berlin",
    "ausweis_art": "personalausweis",
    "anschrift": {"strasse": "Heidestraße", "hausnummer": "17 a", "postleitzahl": "51147", "ort": "Köln"},
}
HOLDER, STRANGER = (ECKey.generate_key("P-256") for _ in range(2))
MINUTE = timedelta(minutes=1)
VERIFIER = {"prefix": "x509_san_dns", "mode": "direct_post", "key_file": "", "certificate_file": ""}


@pytest.fixture(autouse=True)
def demo(tmp_path: Path, database: object) -> Iterator[None]:
    with override_settings(DEMO=True, HOME=tmp_path):
        demo_pid.enable()
        yield


def find_ags(town: str) -> str | None:
    return "05315000" if town == "Köln" else None


def fetched(link: str) -> dict[str, Any]:
    """What a wallet knows once it has fetched and verified the request of a link."""
    given = {name: values[0] for name, values in parse_qs(urlsplit(link).query).items()}
    id = given["request_uri"].rpartition("/")[2]
    token = operations.request_object(request_id=id, wallet_nonce="w")
    claims = compact.verified(
        token, typ="oauth-authz-req+jwt", choose=lambda claims, header: public_jwk(first_of(header["x5c"]))
    )
    assert claims["client_id"] == given["client_id"] and claims["wallet_nonce"] == "w"
    return claims | {"id": id}


def asked(*, elsewhere: bool = False) -> tuple[str, dict[str, Any]]:
    browser = operations.begin()
    return browser, fetched(queries.links(browser=browser)[elsewhere])


def presentation(request: dict[str, Any], issued: holding.Issued | None = None, **changes: Any) -> str:
    credential = issued or demo_pid.issue(person=ERIKA, holder=HOLDER)
    paths = changes.pop("paths", pid.PATHS)
    given = {"key": HOLDER, "audience": request["client_id"], "nonce": request["nonce"], "now": clock.now()}
    return holding.present(credential, holding.disclosures_for(credential, paths), **given | changes)


def answer(request: dict[str, Any], *shown: str, **form: str) -> str:
    given = {"vp_token": json.dumps({"pid": list(shown)}), "state": request["state"]} | form
    return operations.take_answer(request_id=request["id"], form=given, find_ags=find_ags)


def signed_in(**changes: Any) -> Identity:
    browser, request = asked()
    code = answer(request, presentation(request, **changes))
    return identity_for(token=operations.finish(browser=browser, code=code))


def test_a_wallet_on_this_device_opens_a_session_with_the_facts_of_the_credential() -> None:
    person = signed_in()
    assert (person.level, person.issuer, person.simulated) == ("high", "Simulierte Wallet", True)
    assert person.facts == {
        "vertrauensniveau": "high",
        "familienname": "Mustermann",
        "vornamen": "Erika",
        "geburtsname": "Gabler",
        "geburtsdatum": "1984-01-26",
        "geburtsort": "Berlin",
        "ausweis_art": "personalausweis",
        "bisherige_anschrift/strasse": "Heidestraße",
        "bisherige_anschrift/hausnummer": "17 a",
        "bisherige_anschrift/zusatz": {"none": True},
        "bisherige_anschrift/postleitzahl": "51147",
        "bisherige_anschrift/ort": "Köln",
        "bisherige_anschrift/ags": "05315000",
    }


def test_a_wallet_on_another_device_opens_the_session_in_the_browser_that_asked() -> None:
    browser, request = asked(elsewhere=True)
    assert answer(request, presentation(request)) == ""
    found = queries.progress(browser=browser)
    assert found and found.state == queries.ANSWERED_ELSEWHERE
    assert identity_for(token=operations.finish(browser=browser)).facts["vornamen"] == "Erika"


@pytest.mark.parametrize("prefix", ["x509_san_dns", "x509_hash"])
def test_an_answer_may_be_encrypted(prefix: str) -> None:
    with override_settings(VERIFIER=VERIFIER | {"mode": "direct_post.jwt", "prefix": prefix}):
        browser, request = asked()
        [key] = request["client_metadata"]["jwks"]["keys"]
        claims = {"vp_token": {"pid": [presentation(request)]}, "state": request["state"]}
        sealed = {"response": compact.encrypt(claims, jwk=key, enc="A256GCM")}
        code = operations.take_answer(request_id=request["id"], form=sealed, find_ags=find_ags)
        assert identity_for(token=operations.finish(browser=browser, code=code))


def test_a_node_without_certificate_asks_unsigned_by_its_address() -> None:
    with override_settings(VERIFIER=VERIFIER | {"prefix": "redirect_uri"}):
        browser = operations.begin()
        link, _ = queries.links(browser=browser)
        given = {name: values[0] for name, values in parse_qs(urlsplit(link).query).items()}
        assert "request_uri" not in given and given["client_id"] == f"redirect_uri:{given['response_uri']}"
        assert json.loads(given["dcql_query"])["credentials"][0]["format"] == "dc+sd-jwt"
        request = given | {"id": given["response_uri"].rpartition("/")[2]}
        assert operations.finish(browser=browser, code=answer(request, presentation(request)))


def refused_code(request: dict[str, Any], *shown: str, **form: str) -> str:
    with pytest.raises(IdentityRefused) as refused:
        answer(request, *shown, **form)
    return refused.value.code


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"nonce": "of another request"}, "wrong_nonce"),
        ({"audience": "x509_san_dns:other.example"}, "wrong_wallet_audience"),
        ({"key": STRANGER}, "key_binding_wrong"),
        ({"paths": [*pid.PATHS, ("nationalities",)]}, "too_much_disclosed"),
        ({"paths": [("given_name",)]}, "claims_missing"),
    ],
)
def test_an_answer_that_does_not_fit_is_refused_and_ends_the_request(changes: dict[str, Any], code: str) -> None:
    browser, request = asked()
    assert refused_code(request, presentation(request, **changes)) == code
    assert refused_code(request, presentation(request)) == "answered_before"
    found = queries.progress(browser=browser)
    assert found and (found.state, found.problem) == (queries.REFUSED, code)
    with pytest.raises(refusals.OtherBrowser):
        operations.finish(browser=browser, code="")
    with pytest.raises(refusals.NotYetAnswered):
        operations.finish(browser=browser)


@pytest.mark.parametrize(
    ("opened", "code"),
    [
        ({"vct": "urn:library-card"}, "wrong_credential_type"),
        ({"iss": "https://stranger.example"}, "untrusted_issuer"),
        ({"iss": None}, "untrusted_issuer"),
        ({"exp": 1}, "credential_expired"),
        ({"status": {"status_list": {"idx": 1, "uri": "https://pid.example"}}}, "credential_status_unknown"),
    ],
)
def test_a_credential_that_does_not_count_is_refused(opened: dict[str, Any], code: str) -> None:
    _, request = asked()
    issued = demo_pid.issue(person=ERIKA, holder=HOLDER, **opened)
    assert refused_code(request, presentation(request, issued)) == code


def test_a_credential_forged_in_the_name_of_a_trusted_issuer_is_refused() -> None:
    _, request = asked()
    always = {"iss": demo_pid.ISSUER, "vct": pid.GERMAN}
    public = HOLDER.as_dict(private=False)
    forged = holding.issue(demo_pid.claims_of(ERIKA), open_claims=always, holder=public, key=STRANGER)
    assert refused_code(request, presentation(request, forged)) == "credential_altered"


def test_more_credentials_than_asked_are_refused() -> None:
    _, request = asked()
    shown = presentation(request)
    assert refused_code(request, shown, shown) == "unexpected_credential"
    _, request = asked()
    more = json.dumps({"pid": [presentation(request)], "driving_licence": ["x"]})
    assert refused_code(request, vp_token=more) == "unexpected_credential"


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ({"error": "access_denied"}, "wallet_declined"),
        ({"error": "vp_formats_not_supported"}, "wallet_cannot"),
        ({"vp_token": "{"}, "wallet_malformed"),
        ({"vp_token": "[]"}, "wallet_malformed"),
        ({"vp_token": "null"}, "wallet_malformed"),
        ({"vp_token": "{}"}, "claims_missing"),
        ({"vp_token": '{"pid": "text"}'}, "wallet_malformed"),
        ({"vp_token": '{"pid": [7]}'}, "claims_missing"),
        ({"vp_token": '{"pid": ["\\u0000~"]}'}, "wallet_malformed"),
        ({"state": "another"}, "wallet_malformed"),
        ({"response": "e30"}, "wallet_malformed"),
    ],
)
def test_what_a_wallet_posts_otherwise_is_refused(form: dict[str, str], code: str) -> None:
    _, request = asked()
    assert refused_code(request, **form) == code


def test_an_answer_in_the_open_is_refused_where_an_encrypted_one_was_asked() -> None:
    with override_settings(VERIFIER=VERIFIER | {"mode": "direct_post.jwt"}):
        _, request = asked()
        assert refused_code(request, presentation(request)) == "wallet_malformed"
        _, request = asked()
        stranger = STRANGER.as_dict(private=False)
        sealed = compact.encrypt({"state": request["state"]}, jwk=stranger, enc="A128GCM")
        assert refused_code(request, response=sealed) == "wallet_malformed"


def test_a_request_lives_ten_minutes() -> None:
    browser, request = asked()
    shown = presentation(request)
    with clock.frozen(clock.now() + 11 * MINUTE):
        assert refused_code(request, shown) == "request_expired"
        with pytest.raises(refusals.RequestExpired):
            operations.request_object(request_id=request["id"])
        found = queries.progress(browser=browser)
        assert found and (found.state, found.problem) == (queries.REFUSED, "request_expired")


def test_nobody_answers_what_nobody_asked() -> None:
    _, request = asked()
    assert refused_code(request | {"id": "x"}, "x") == "no_such_request"


def test_an_answer_counts_once() -> None:
    browser, request = asked()
    shown = presentation(request)
    code = answer(request, shown)
    assert refused_code(request, shown) == "answered_before"
    assert operations.finish(browser=browser, code=code)
    assert refused_code(request, shown) == "answered_before"
    with pytest.raises(refusals.NotYetAnswered):
        operations.finish(browser=browser, code=code)


def test_an_answer_is_of_no_use_for_another_request() -> None:
    (_, first), (_, second) = asked(), asked()
    assert refused_code(second, presentation(first)) == "wrong_nonce"


def test_only_the_browser_that_asked_gets_the_session() -> None:
    browser, request = asked()
    code = answer(request, presentation(request))
    other, _ = asked()
    for stranger in (other, "nobody"):
        with pytest.raises(refusals.OtherBrowser):
            operations.finish(browser=stranger, code=code)


def test_the_browser_that_asked_gets_no_session_without_the_code_that_the_wallet_brings_back() -> None:
    browser, request = asked()
    answer(request, presentation(request))
    with pytest.raises(refusals.NotYetAnswered):
        operations.finish(browser=browser)
    with pytest.raises(refusals.OtherBrowser):
        operations.finish(browser=browser, code="guessed")
    found = queries.progress(browser=browser)
    assert found and found.state == queries.ANSWERED_HERE


def test_the_account_stays_the_same_with_another_key_a_new_name_and_a_new_address() -> None:
    moved = ERIKA | {"familienname": "Neu", "anschrift": ERIKA["anschrift"] | {"strasse": "Am Dom"}}
    credentials = [demo_pid.issue(person=person, holder=HOLDER) for person in (ERIKA, moved)]
    other = demo_pid.issue(person=ERIKA, holder=STRANGER)
    people = [signed_in(issued=one) for one in credentials] + [signed_in(issued=other, key=STRANGER)]
    assert len({person.sub for person in people}) == 1
    twin = demo_pid.issue(person=ERIKA | {"vornamen": "Erna"}, holder=HOLDER)
    assert signed_in(issued=twin).sub not in {person.sub for person in people}


def test_who_marries_keeps_the_account() -> None:
    single = ERIKA | {"familienname": "Gabler", "geburtsname": None}
    people = [signed_in(issued=demo_pid.issue(person=person, holder=HOLDER)) for person in (single, ERIKA)]
    assert len({person.sub for person in people}) == 1


def test_a_credential_that_says_little_is_known_by_its_key() -> None:
    bare = {name: ERIKA[name] for name in ("familienname", "vornamen", "geburtsdatum")}
    same = [signed_in(issued=demo_pid.issue(person=bare, holder=HOLDER)) for _ in range(2)]
    other = signed_in(issued=demo_pid.issue(person=bare, holder=STRANGER), key=STRANGER)
    assert same[0].sub == same[1].sub != other.sub
    assert "bisherige_anschrift/ort" not in same[0].facts


def test_a_municipality_that_cannot_be_told_is_left_open() -> None:
    abroad = ERIKA | {"anschrift": ERIKA["anschrift"] | {"ort": "Neustadt"}}
    person = signed_in(issued=demo_pid.issue(person=abroad, holder=HOLDER))
    assert person.facts["bisherige_anschrift/ort"] == "Neustadt"
    assert "bisherige_anschrift/ags" not in person.facts


def test_a_name_outside_the_norm_is_refused() -> None:
    _, request = asked()
    issued = demo_pid.issue(person=ERIKA | {"familienname": "Иванов"}, holder=HOLDER)
    assert refused_code(request, presentation(request, issued)) == "name_not_allowed"


def test_a_simulated_issuer_does_not_count_once_the_node_is_no_demo() -> None:
    _, request = asked()
    shown = presentation(request)
    with override_settings(DEMO=False):
        assert refused_code(request, shown) == "untrusted_issuer"


def test_an_issuer_that_is_not_trusted_any_more_does_not_count() -> None:
    operations.distrust_wallet_issuer(issuer=demo_pid.ISSUER)
    _, request = asked()
    assert refused_code(request, presentation(request)) == "untrusted_issuer"
    with pytest.raises(operations.IssuerRefused):
        operations.distrust_wallet_issuer(issuer=demo_pid.ISSUER)


def test_the_database_alone_reveals_neither_the_person_nor_a_secret() -> None:
    browser, request = asked()
    code = answer(request, presentation(request))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT string_agg(encode(sealed_outcome, 'escape') || r::text, '') FROM identity_walletrequest r"
        )
        [(text,)] = cursor.fetchall()
    assert "Erika" not in text and browser not in text and code not in text


def test_what_is_over_is_forgotten() -> None:
    from formlos.identity.operations import forget_expired

    browser, _ = asked()
    with clock.frozen(clock.now() + 90 * MINUTE):
        forget_expired()
    assert queries.progress(browser=browser) is None


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"keys": [{"kty": "oct", "k": "AA"}]},
        {"keys": [dict(HOLDER.as_dict(private=True))]},
        {"certificates": ["no certificate"]},
        {"keys": [dict(HOLDER.as_dict(private=False))], "level": "very high"},
    ],
)
def test_what_does_not_make_an_issuer_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(operations.IssuerRefused):
        operations.trust_wallet_issuer(issuer="https://pid.example", name="PID", **wrong)


def test_without_a_demo_nobody_issues_invented_people() -> None:
    from formlos.identity.demo_issuer import DemoOnly

    with override_settings(DEMO=False):
        for act in (demo_pid.enable, demo_pid.cards, lambda: demo_pid.issue(person=ERIKA, holder=HOLDER)):
            with pytest.raises(DemoOnly):
                act()


@pytest.mark.parametrize("issuer", ["a\x00", "a\ud83d", "\x1b[2J", "", "https://stranger.example", None, 7])
def test_an_issuer_that_nobody_trusts_or_can_be_stored_is_refused(issuer: object) -> None:
    with pytest.raises(refusals.UntrustedIssuer):
        answers._Issuers(clock.now()).named(issuer)
