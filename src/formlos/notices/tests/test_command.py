import pytest
from typer.testing import CliRunner

from formlos.config.commands.notices import commands


@pytest.fixture
def files(tmp_path, genuine, own_key):
    (tmp_path / "notice.pdf").write_bytes(genuine)
    (tmp_path / "altered.pdf").write_bytes(genuine[:500] + b"!" + genuine[501:])
    (tmp_path / "seal.pem").write_text(own_key.certificate_pem)
    return tmp_path


def run(*arguments: object):
    return CliRunner().invoke(commands, list(map(str, arguments)))


def test_a_genuine_file_is_told_with_its_moment_and_exit_code_zero(files):
    told = run("verify", files / "notice.pdf", "--certificate", files / "seal.pem")
    assert told.exit_code == 0
    assert told.output.startswith("Echt: ")
    assert "10.03.2026" in told.output


def test_an_altered_file_is_told_with_exit_code_one(files):
    told = run("verify", files / "altered.pdf", "--certificate", files / "seal.pem")
    assert (told.exit_code, told.output) == (1, "Ungültig: Das Dokument wurde nach dem Siegeln verändert.\n")
