"""The commands by which operators keep the directory and look after dead letters."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from formlos.base import clock
from formlos.base.tenancy import NoMunicipality, within
from formlos.config.cli import app
from formlos.exchange import queries, roots
from formlos.exchange.models import Outgoing
from formlos.exchange.tests.towns import Towns, serving

Command = Callable[..., str]


@pytest.fixture
def formlos(database: Any, monkeypatch: pytest.MonkeyPatch) -> Command:
    """Runs a command on the node of the test and returns what it prints."""
    for name, value in (database.environment | {"FORMLOS_ROLE": "worker"}).items():
        monkeypatch.setenv(name, value)

    def run(*arguments: object) -> str:
        result = CliRunner().invoke(app, ["exchange", *map(str, arguments)])
        assert result.exit_code == 0, result.output
        return result.output

    return run


def test_a_directory_is_made_signed_imported_and_shown(towns: Towns, formlos: Command, tmp_path: Path) -> None:
    root, out = Path(roots.pinned_file()).with_name("directory-root-key.json"), tmp_path / "directory.jws"
    entries = []
    for town in (towns.stuttgart, towns.munich):
        entries.append(tmp_path / f"{town.ags}.json")
        entries[-1].write_text(formlos("directory", "entry", town.ags, "--address", "https://exchange.example"))
    formlos("directory", "sign", *entries, "--key", root, "--serial", 12, "--out", out)
    assert "directory 12 with 2 entries" in formlos("directory", "import", out)
    shown = formlos("directory", "show")
    assert "09162000  München  https://exchange.example/exchange/09162000" in shown
    assert queries.current_directory().serial == 12


def test_another_node_trusts_the_root_by_its_public_part(towns: Towns, formlos: Command, tmp_path: Path) -> None:
    public = tmp_path / "root.json"
    public.write_text(json.dumps(roots.pinned_root()))
    assert "pinned" in formlos("directory", "pin", public)


def test_a_root_key_is_readable_by_its_owner_only(tmp_path: Path) -> None:
    public = roots.create_root(tmp_path / "root.json")
    assert (tmp_path / "root.json").stat().st_mode & 0o777 == 0o600
    assert "d" not in public
    with pytest.raises(FileExistsError):
        roots.create_root(tmp_path / "root.json")


def test_dead_letters_are_listed_and_taken_up_again(towns: Towns, formlos: Command) -> None:
    letter = towns.send(towns.stuttgart, towns.munich)
    with clock.frozen(clock.now() + timedelta(hours=73)):
        towns.deliver(towns.stuttgart, letter)
    assert f"{letter}  to 09162000  Rückmeldung  unavailable" in formlos("dead", towns.stuttgart.ags)
    assert str(letter) not in formlos("dead", towns.munich.ags)
    assert "delivering" in formlos("replay", towns.stuttgart.ags, letter)
    with serving(towns.address):
        assert towns.deliver(towns.stuttgart, letter).state == "delivered"


def test_no_town_sees_what_another_sends(towns: Towns) -> None:
    towns.send(towns.stuttgart, towns.munich)
    with within(towns.munich):
        assert not Outgoing.objects.exists()
    with pytest.raises(NoMunicipality):
        Outgoing.objects.count()
