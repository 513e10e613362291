"""Two towns for tests of cases: founded once a run, cloned for each test, without processes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from formlos.base.tenancy import Municipality


@pytest.fixture(scope="session")
def founded(clone: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """Name of a database with Stuttgart and Munich, listed in the directory, and the home that trusts it."""
    from django.test import override_settings

    from formlos.cases.tests.towns import found, list_in_directory

    home = tmp_path_factory.mktemp("home")
    with clone() as database:
        with database.at_hand(), override_settings(HOME=home):
            list_in_directory(found("08111000", "Stuttgart"), found("09162000", "München"))
        yield database.name, home


@pytest.fixture
def here(founded: tuple[str, Path], clone: Any) -> Iterator[Municipality]:
    """Stuttgart with its services and its demonstration street."""
    from django.test import override_settings

    from formlos.base.tenancy import municipality_by_ags

    template, home = founded
    with clone(template) as database, database.at_hand(), override_settings(HOME=home):
        yield municipality_by_ags("08111000")


@pytest.fixture
def elsewhere(here: Municipality) -> Municipality:
    """Munich on the same node."""
    from formlos.base.tenancy import municipality_by_ags

    return municipality_by_ags("09162000")
