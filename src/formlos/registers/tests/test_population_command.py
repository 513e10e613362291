from __future__ import annotations

import pytest
from typer.testing import CliRunner

from formlos.base.tenancy import within
from formlos.config.commands.population import commands
from formlos.registers.population.loading import TownNotEmpty
from formlos.registers.queries.records import counts


def run(*arguments):
    return CliRunner().invoke(commands, arguments)


def test_a_municipality_is_filled_by_command_once(stuttgart):
    told = run("--municipality", "08111000", "--residents", "50")
    assert told.exit_code == 0 and "50 residents" in told.output
    with within(stuttgart):
        assert counts()["residents"] == 50 + 3
    again = run("--municipality", "08111000", "--residents", "50")
    assert isinstance(again.exception, TownNotEmpty)


@pytest.mark.parametrize("arguments", [("--municipality", "99999999", "--residents", "50")])
def test_an_unknown_municipality_is_explained(database, arguments):
    told = run(*arguments)
    assert told.exit_code == 2 and "municipality add" in told.output
