import pytest
from typer.testing import CliRunner

from formlos.config.commands.notices import commands
from formlos.notices.containers import CertificateRefused
from formlos.notices.tests.examples import REGISTRATION, make_seal_key, page, sealed


@pytest.fixture
def files(tmp_path):
    key = make_seal_key(holder="Stadt Musterstadt")
    genuine = sealed(page(REGISTRATION), key)
    (tmp_path / "notice.pdf").write_bytes(genuine)
    (tmp_path / "altered.pdf").write_bytes(genuine[:500] + b"!" + genuine[501:])
    (tmp_path / "seal.pem").write_text(key.certificate_pem)
    return tmp_path


def run(*arguments: object):
    return CliRunner().invoke(commands, list(map(str, arguments)))


def test_a_genuine_file_is_told_with_its_moment_and_exit_code_zero(files):
    told = run("verify", files / "notice.pdf", "--certificate", files / "seal.pem")
    assert told.exit_code == 0
    assert told.output.startswith("Echt: ")
    assert "10.03.2026, 12:00:00" in told.output


def test_an_altered_file_is_told_with_exit_code_one(files):
    told = run("verify", files / "altered.pdf", "--certificate", files / "seal.pem")
    assert (told.exit_code, told.output) == (1, "Ungültig: Das Dokument wurde nach dem Siegeln verändert.\n")


def test_something_else_than_a_certificate_is_refused(files):
    (files / "wrong.pem").write_text("no certificate")
    told = run("verify", files / "notice.pdf", "--certificate", files / "wrong.pem")
    assert isinstance(told.exception, CertificateRefused)
