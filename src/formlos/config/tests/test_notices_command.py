from datetime import date
from uuid import UUID

import pytest
from django.test import override_settings
from typer.testing import CliRunner

from formlos.base import clock
from formlos.base.tenancy import within
from formlos.config.commands.notices import commands
from formlos.notices import operations
from formlos.notices.containers import CertificateRefused
from formlos.notices.tests.examples import CODE_LETTER, REGISTRATION, make_seal_key, page, sealed, text_of
from formlos.portals.citizen.tests import musterstadt


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
    assert (told.exit_code, told.output) == (1, "Nicht echt: Das Dokument wurde nach dem Siegeln verändert.\n")


def test_something_else_than_a_certificate_is_refused(files):
    (files / "wrong.pem").write_text("no certificate")
    told = run("verify", files / "notice.pdf", "--certificate", files / "wrong.pem")
    assert isinstance(told.exception, CertificateRefused)


def test_a_letter_is_listed_printed_and_noted_as_posted(database, tmp_path, monkeypatch):
    for name, value in (database.environment | {"FORMLOS_ROLE": "worker"}).items():
        monkeypatch.setenv(name, value)
    with override_settings(DEMO=True, HOME=tmp_path):
        letter = _code_letter()
        listed = run("letters", "08111000", "--print", tmp_path / "post")
        assert str(letter) in listed.output and "BAU-" in listed.output
        (printed,) = (tmp_path / "post").iterdir()
        assert CODE_LETTER["code"] in text_of(printed.read_bytes())
        assert printed.stat().st_mode & 0o777 == 0o600
        assert run("letters", "08111000", "--posted", letter).output == "No letters wait for the post.\n"


def _code_letter() -> UUID:
    town, ada = musterstadt.build_town(), musterstadt.identify_ada()
    case = musterstadt.open_case(town, ada)
    with within(town):
        issued = operations.issue(
            case_id=case,
            effect_id="brief",
            layout="codebrief",
            arguments=CODE_LETTER,
            at=clock.now(),
            written_on=date(2026, 3, 10),
        )
    return issued.id
