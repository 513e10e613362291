"""The clock of demo nodes runs ahead; nobody else's does."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from formlos.base import clock


@pytest.fixture
def file(tmp_path: Path) -> Iterator[Path]:
    clock.follow(tmp_path / "clock")
    yield tmp_path / "clock"
    clock.follow(None)


def test_without_a_file_the_clock_is_true(file: Path) -> None:
    assert clock.ahead() == timedelta(0)
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)


def test_the_clock_follows_the_file_as_it_changes(file: Path) -> None:
    clock.run_ahead(file, days=3)
    assert clock.ahead() == timedelta(days=3)
    clock.run_ahead(file, days=21)
    assert abs(clock.now() - datetime.now(UTC) - timedelta(days=21)) < timedelta(seconds=5)


def test_a_frozen_clock_stands_still_even_there(file: Path) -> None:
    clock.run_ahead(file, days=3)
    moment = datetime(2026, 3, 1, 12, tzinfo=UTC)
    with clock.frozen(moment):
        assert clock.now() == moment


@pytest.mark.parametrize("days", [-1, 61])
def test_it_never_runs_back_nor_far_ahead(file: Path, days: int) -> None:
    with pytest.raises(ValueError, match="between 0 and 60"):
        clock.run_ahead(file, days=days)
