"""SD-JWT VC with key binding: what is genuine is read, whatever is not is refused with its reason."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from joserfc.jwk import ECKey

from formlos.identity.wallet import compact, holding, refusals, sdjwt
from formlos.identity.wallet.compact import base64url
from formlos.identity.wallet.sdjwt import Expected, digest_of, disclose, verify

REPOSITORY = Path(__file__).parents[5]
PUBLISHED = REPOSITORY.parent / "shared" / "conformance" / "openid4vp" / "sd_jwt_vcld"
needs_vectors = pytest.mark.skipif(not PUBLISHED.is_dir(), reason="the published vectors are not here")

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
ISSUER, HOLDER, STRANGER = (ECKey.generate_key("P-256") for _ in range(3))
AUDIENCE, NONCE = "x509_san_dns:stadt.example", "n-0S6_WzA2Mj"
EXPECTED = Expected(AUDIENCE, NONCE, NOW - timedelta(minutes=1))
OPEN = {"iss": "https://pid.example", "vct": "urn:eudi:pid:de:1", "exp": int(NOW.timestamp()) + 3600}
CLAIMS = {
    "given_name": "Erika",
    "family_name": "Mustermann",
    "address": {"locality": "Köln", "postal_code": "51147"},
    "nationalities": ["DE", "FR"],
}
PUBLIC = HOLDER.as_dict(private=False)


def issued(**changes: Any) -> holding.Issued:
    return holding.issue(CLAIMS, open_claims=OPEN | changes, holder=PUBLIC, key=ISSUER)


def presented(*paths: tuple[Any, ...], of: holding.Issued | None = None, **changes: Any) -> str:
    credential = of or issued()
    given = {"key": HOLDER, "audience": AUDIENCE, "nonce": NONCE, "now": NOW} | changes
    return holding.present(credential, holding.disclosures_for(credential, paths), **given)


def checked(text: str, **changes: Any) -> sdjwt.Verified:
    given = {"issuer_key": lambda claims, header: ISSUER.as_dict(private=False), "expected": EXPECTED, "now": NOW}
    return verify(text, **given | changes)


def test_only_what_was_disclosed_is_known() -> None:
    found = checked(presented(("given_name",), ("address", "locality")))
    assert (found.claims["given_name"], found.claims["address"]) == ("Erika", {"locality": "Köln"})
    assert "family_name" not in found.claims and "nationalities" not in found.claims
    assert set(found.disclosed) == {("given_name",), ("address",), ("address", "locality")}
    assert (found.issuer, found.vct) == (OPEN["iss"], OPEN["vct"])


def test_decoys_and_digests_leave_no_trace() -> None:
    assert "_sd" not in json.dumps(dict(checked(presented(("address",))).claims))


def test_single_elements_of_an_array_are_disclosed() -> None:
    assert checked(presented(("nationalities", 1))).claims["nationalities"] == ["FR"]


def test_everything_is_disclosed_if_the_holder_wants() -> None:
    found = checked(presented(*[(name,) for name in CLAIMS]))
    assert {name: found.claims[name] for name in CLAIMS} == CLAIMS


def altered(text: str) -> str:
    credential, first, *rest = text.split("~")
    return "~".join([credential, base64url(json.dumps(["salt", "given_name", "Max"]).encode()), *rest])


def without_a_disclosure(text: str) -> str:
    credential, _first, *rest = text.split("~")
    return "~".join([credential, *rest])


def twice(text: str) -> str:
    credential, first, *rest = text.split("~")
    return "~".join([credential, first, first, *rest])


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        (altered, "credential_altered"),
        (without_a_disclosure, "key_binding_wrong"),
        (twice, "wallet_malformed"),
        (lambda text: text[: text.rfind("~") + 1], "key_binding_missing"),
        (lambda text: text.split("~")[0], "key_binding_missing"),
        (lambda text: text.replace("~", "~~", 1), "wallet_malformed"),
        (lambda text: text.replace("~", "~!~", 1), "wallet_malformed"),
        (lambda text: text + "x", "key_binding_wrong"),
        (lambda text: "", "wallet_malformed"),
        (lambda text: "e30.e30.e30~", "wallet_malformed"),
    ],
)
def test_a_changed_presentation_is_refused_with_its_reason(changed: Any, code: str) -> None:
    with pytest.raises(refusals.WalletRefused) as refused:
        checked(changed(presented(("given_name",))))
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"key": STRANGER}, "key_binding_wrong"),
        ({"audience": "x509_san_dns:other.example"}, "wrong_wallet_audience"),
        ({"nonce": "another"}, "wrong_nonce"),
        ({"now": NOW - timedelta(minutes=3)}, "stale_key_binding"),
        ({"now": NOW + timedelta(minutes=3)}, "stale_key_binding"),
        ({"of": issued(exp=int(NOW.timestamp()) - 61)}, "credential_expired"),
        ({"of": issued(nbf=int(NOW.timestamp()) + 61)}, "credential_expired"),
        ({"of": issued(exp="soon")}, "wallet_malformed"),
        ({"of": issued(exp=True)}, "wallet_malformed"),
        (
            {"of": issued(status={"status_list": {"idx": 0, "uri": "https://pid.example/s"}})},
            "credential_status_unknown",
        ),
        ({"of": issued(_sd_alg="sha-512")}, "wallet_malformed"),
        ({"of": issued(cnf={})}, "key_binding_missing"),
        ({"of": issued(cnf={"jwk": {"kty": "oct", "k": "AA"}})}, "wallet_malformed"),
        ({"of": issued(vct=None)}, "wallet_malformed"),
    ],
)
def test_a_presentation_that_does_not_fit_is_refused_with_its_reason(changes: dict[str, Any], code: str) -> None:
    with pytest.raises(refusals.WalletRefused) as refused:
        checked(presented(("given_name",), **changes))
    assert refused.value.code == code


def test_a_credential_of_another_issuer_key_is_refused() -> None:
    with pytest.raises(refusals.CredentialAltered):
        checked(presented(("given_name",)), issuer_key=lambda claims, header: STRANGER.as_dict(private=False))


@pytest.mark.parametrize(
    ("key", "header"), [(ISSUER, {"typ": "JWT"}), (ISSUER, {"alg": "none"}), (ISSUER, {"typ": "kb+jwt"})]
)
def test_a_credential_of_another_type_is_refused(key: ECKey, header: dict[str, str]) -> None:
    credential = issued()
    head, payload, signature = credential.credential.split(".")
    if "alg" in header:
        forged = f"{base64url(json.dumps({'typ': 'dc+sd-jwt'} | header).encode())}.{payload}."
    else:
        claims = json.loads(compact.from_base64url(payload))
        forged = compact.sign(claims, key=key, typ=header["typ"])
    with pytest.raises(refusals.MalformedAnswer):
        checked(presented(("given_name",), of=holding.Issued(forged, credential.disclosures)))


def hidden(content: list[Any]) -> tuple[str, str]:
    text = base64url(json.dumps(content).encode())
    return text, digest_of(text)


@pytest.mark.parametrize("name", ["exp", "cnf", "vct", "iss", "status", "nbf"])
def test_what_decides_on_validity_may_not_be_disclosed_selectively(name: str) -> None:
    text, digest = hidden(["salt", name, 1])
    with pytest.raises(refusals.MalformedAnswer):
        disclose({"_sd": [digest]}, [text])


@pytest.mark.parametrize("name", ["_sd", "...", "open", 7])
def test_a_disclosure_replaces_nothing(name: Any) -> None:
    text, digest = hidden(["salt", name, 1])
    with pytest.raises(refusals.MalformedAnswer):
        disclose({"_sd": [digest], "open": "by the issuer"}, [text])


def test_a_digest_stands_in_one_place_only() -> None:
    text, digest = hidden(["salt", "a", 1])
    with pytest.raises(refusals.MalformedAnswer):
        disclose({"_sd": [digest], "inner": {"_sd": [digest]}}, [text])


def test_a_claim_is_no_array_element_and_the_other_way_round() -> None:
    claim, element = hidden(["salt", "a", 1]), hidden(["salt", 1])
    for payload, text in (({"list": [{"...": claim[1]}]}, claim[0]), ({"_sd": [element[1]]}, element[0])):
        with pytest.raises(refusals.MalformedAnswer):
            disclose(payload, [text])


def test_what_is_nested_beyond_measure_is_refused() -> None:
    deep: Any = "x"
    for _ in range(2000):
        deep = [deep]
    with pytest.raises(refusals.MalformedAnswer):
        disclose({"deep": deep}, [])


def published(name: str) -> str:
    return (PUBLISHED / "01" / name).read_text().replace("\n", "")


@needs_vectors
def test_the_published_presentation_verifies_and_says_what_was_published() -> None:
    keys = yaml.safe_load((PUBLISHED / "settings.yml").read_text())["key_settings"]
    proof = json.loads((PUBLISHED / "01" / "kb_jwt_payload.json").read_text())
    moment = datetime.fromtimestamp(proof["iat"], UTC)
    found = verify(
        published("sd_jwt_presentation.txt"),
        issuer_key=lambda claims, header: keys["issuer_keys"][0],
        expected=Expected("https://verifier.example.org", "1234567890", moment),
        now=moment,
    )
    assert found.claims == json.loads((PUBLISHED / "01" / "verified_contents.json").read_text())
    assert found.disclosed == (("ld", "credentialSubject", "givenName"),)


@needs_vectors
def test_the_published_credential_discloses_all_that_was_published() -> None:
    parts = sdjwt.parse(published("sd_jwt_issuance.txt"))
    payload = json.loads((PUBLISHED / "01" / "sd_jwt_payload.json").read_text())
    claims, _ = disclose(payload, parts.disclosures)
    assert claims["ld"] == json.loads((PUBLISHED / "01" / "user_claims.json").read_text())["ld"]
