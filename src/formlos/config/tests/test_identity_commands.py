"""The commands that connect identity providers and appoint staff."""

from __future__ import annotations

import json

import pytest
from django.db import connection
from typer.testing import CliRunner

from formlos.config.cli import app
from formlos.identity.queries import NoSession, staff_identity_for
from formlos.identity.sessions import begin_session
from formlos.identity.tests.providing import CLIENT, SECRET


@pytest.fixture
def formlos(database, monkeypatch):
    """Runs a command on the node of the test and returns exit code and output."""
    for name, value in (database.environment | {"FORMLOS_ROLE": "worker"}).items():
        monkeypatch.setenv(name, value)

    def run(*arguments):
        result = CliRunner().invoke(app, list(map(str, arguments)))
        return result.exit_code, result.output

    return run


@pytest.fixture
def secret(tmp_path):
    file = tmp_path / "secret"
    file.write_text(SECRET + "\n")
    return file


def add(formlos, issuer, *options):
    return formlos("identity", "provider", "add", issuer, "--client-id", CLIENT.id, *options)


def test_a_provider_is_added_listed_changed_and_removed(identity_provider, formlos, secret):
    code, said = add(formlos, identity_provider, "--secret-file", secret, "--name", "Bürgerkonto", "--key", "konto")
    assert code == 0 and "http://localhost:8000/anmelden/zurueck/konto/" in said and "/dienst/" not in said
    _, listed = formlos("identity", "provider", "list")
    assert f"konto  {identity_provider}  Bürgerkonto  up to high  for people  in all towns" in listed
    add(formlos, identity_provider, "--name", "Konto", "--key", "konto2", "--for", "both", "--level", "gold=high")
    _, listed = formlos("identity", "provider", "list")
    assert len(listed.splitlines()) == 1 and "konto2" in listed and "for people and staff" in listed
    assert formlos("identity", "provider", "remove", identity_provider)[0] == 0
    assert formlos("identity", "provider", "list") == (0, "")
    code, said = formlos("identity", "provider", "remove", identity_provider)
    assert code == 1 and "is no provider of this node" in said


def test_the_secret_comes_from_the_environment_and_is_kept_sealed(identity_provider, formlos, monkeypatch):
    monkeypatch.setenv("OIDC_SECRET", SECRET)
    assert add(formlos, identity_provider, "--secret-env", "OIDC_SECRET")[0] == 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT sealed_secret FROM identity_provider")
        assert SECRET.encode() not in bytes(cursor.fetchone()[0])


def test_a_claim_map_of_ones_own_replaces_the_presets(identity_provider, formlos, tmp_path):
    file = tmp_path / "claims.json"
    file.write_text(json.dumps({"familienname": "sn", "anschrift/ort": "address.city"}))
    assert add(formlos, identity_provider, "--claims", file)[0] == 0
    file.write_text(json.dumps({"schuhgroesse": "shoe"}))
    code, said = add(formlos, identity_provider, "--claims", file)
    assert code == 1 and "'schuhgroesse' is no field of a person" in said


@pytest.mark.parametrize(
    ("options", "why"),
    [
        (("--level", "gold"), "'gold' is not ACR=LEVEL"),
        (("--level", "gold=best"), "level 'best' of acr 'gold' is none of"),
        (("--preset", "facebook"), "--preset is one of bundid, formlos, keycloak"),
        (("--for", "nobody"), "--for is people, staff or both"),
        (("--key", "Mit Leerzeichen"), "small letters, digits and hyphens"),
        (("--scopes", "profile"), "the scopes contain openid"),
        (("--secret-file", "/nirgends"), "/nirgends cannot be read"),
        (("--secret-env", "NOT_SET_ANYWHERE"), "the environment has no NOT_SET_ANYWHERE"),
        (("--claims", "/nirgends"), "holds no readable JSON"),
        (("--town", "Nirgendwo"), "is no municipality of this node"),
        (("--accounts-of", "https://unknown.example"), "nobody knows the issuer"),
    ],
)
def test_options_that_cannot_work_are_refused_and_explained(identity_provider, formlos, options, why):
    code, said = add(formlos, identity_provider, *options)
    assert code == 1 and why in said.replace("\n", " ")


@pytest.mark.parametrize(
    ("issuer", "why"),
    [
        ("http://login.example", "the issuer is an https address"),
        ("https://login.example/?realm=1", "the issuer is an https address"),
        ("http://127.0.0.1:9", "does not answer"),
    ],
)
def test_a_provider_that_cannot_be_reached_safely_is_not_connected(formlos, issuer, why):
    code, said = add(formlos, issuer)
    assert code == 1 and why in said


def test_what_is_at_another_address_than_it_says_is_not_connected(identity_provider, formlos):
    code, said = add(formlos, identity_provider.replace("127.0.0.1", "localhost"))
    assert code == 1 and f"is of '{identity_provider}'" in said


def test_staff_are_appointed_listed_and_dismissed(stuttgart, formlos):
    person = ("Stuttgart", "https://login.example", "anna")
    code, said = formlos("staff", "add", *person, "--office", "buergerbuero", "--role", "clerk", "--name", "Anna")
    assert (code, said) == (0, "Anna is clerk of buergerbuero in Stuttgart\n")
    assert "buergerbuero  clerk  Anna  anna  https://login.example" in formlos("staff", "list", "08111000")[1]
    assert formlos("staff", "remove", *person, "--office", "buergerbuero")[0] == 0
    assert formlos("staff", "list", "08111000") == (0, "")
    assert formlos("staff", "remove", *person, "--office", "buergerbuero")[0] == 1


def test_staff_of_a_connected_provider_are_appointed_under_the_issuer_of_their_accounts(
    stuttgart, identity_provider, formlos
):
    assert add(formlos, identity_provider, "--for", "staff", "--name", "A")[0] == 0
    formlos("staff", "add", "08111000", identity_provider, "anna", "--office", "amt")
    assert identity_provider in formlos("staff", "list", "08111000")[1]


def test_the_simulated_provider_runs_on_demo_nodes_only(formlos):
    code, said = formlos("idp")
    assert code == 1 and "demo nodes only" in said


def test_every_visit_of_a_member_of_staff_is_ended_at_once(identity_provider, formlos):
    assert add(formlos, identity_provider, "--for", "staff")[0] == 0
    token = begin_session(issuer=identity_provider, subject="anna", level="high", facts={}, purpose="staff")
    assert formlos("staff", "log-out", identity_provider, "anna") == (0, "anna: 1 visits ended\n")
    with pytest.raises(NoSession):
        staff_identity_for(token=token)
