"""Issuers of PIDs are trusted, listed and removed by command."""

import json

import pytest
from joserfc.jwk import ECKey
from typer.testing import CliRunner

from formlos.base import clock
from formlos.config.commands.identity import commands
from formlos.identity.wallet import certificates
from formlos.identity.wallet.operations import IssuerRefused

KEY = ECKey.generate_key("P-256", {"kid": "k1"})
ISSUER = "https://pid.example"


def run(*arguments: object):
    return CliRunner().invoke(commands, ["identity", "wallet-issuer", *map(str, arguments)])


@pytest.fixture
def files(tmp_path, database, monkeypatch):
    for name, value in (database.environment | {"FORMLOS_ROLE": "worker"}).items():
        monkeypatch.setenv(name, value)
    (tmp_path / "key.jwk").write_text(json.dumps(KEY.as_dict(private=False)))
    (tmp_path / "root.pem").write_text(certificates.self_made("pid.example", KEY, now=clock.now()))
    (tmp_path / "private.jwk").write_text(json.dumps(KEY.as_dict(private=True)))
    (tmp_path / "broken.jwk").write_text("{")
    return tmp_path


def test_an_issuer_is_trusted_listed_and_removed(files):
    added = run("add", ISSUER, "PID-Anbieter", files / "key.jwk", files / "root.pem", "--level", "substantial")
    assert added.output == f"PID-Anbieter ({ISSUER}) identifies people with level substantial\n"
    assert run("list").output == f"{ISSUER}  PID-Anbieter  substantial  1 keys, 1 certificates\n"
    assert run("remove", ISSUER).exit_code == 0
    assert run("list").output == ""
    assert isinstance(run("remove", ISSUER).exception, IssuerRefused)


def test_running_it_again_replaces_keys_and_certificates(files):
    for file in ("key.jwk", "root.pem"):
        run("add", ISSUER, "PID-Anbieter", files / file)
    assert run("list").output == f"{ISSUER}  PID-Anbieter  high  0 keys, 1 certificates\n"


@pytest.mark.parametrize("file", ["private.jwk", "broken.jwk"])
def test_what_is_no_public_key_is_refused(files, file):
    assert isinstance(run("add", ISSUER, "PID-Anbieter", files / file).exception, IssuerRefused)
    assert run("list").output == ""
