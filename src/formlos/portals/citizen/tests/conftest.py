"""Fixtures of the pages' tests. Django is not ready when this file is read: it is imported inside."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest

if TYPE_CHECKING:
    from django.test import Client

    from formlos.base.tenancy import Municipality
    from formlos.identity.queries import Identity


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[None]:
    """A node where invented people may identify themselves."""
    from django.test import override_settings

    with override_settings(DEMO=True, HOME=tmp_path):
        yield


@pytest.fixture
def town(database: Any) -> Municipality:
    from formlos.portals.citizen.tests import musterstadt

    return musterstadt.build_town()


@pytest.fixture
def ada(demo: None, database: Any) -> Identity:
    from formlos.portals.citizen.tests import musterstadt

    return musterstadt.identify_ada()


@pytest.fixture
def case(town: Municipality, ada: Identity) -> UUID:
    from formlos.portals.citizen.tests import musterstadt

    return musterstadt.open_case(town, ada)


@pytest.fixture
def decided(town: Municipality, case: UUID, ada: Identity) -> UUID:
    from formlos.portals.citizen.tests import musterstadt

    musterstadt.bring_to_decision(town, case, ada)
    return case


@pytest.fixture
def assertion(demo: None, database: Any) -> str:
    from formlos.portals.citizen.tests import musterstadt

    return musterstadt.issue_assertion(person=musterstadt.ADA, subject="card-1")


@pytest.fixture
def client() -> Client:
    from formlos.portals.citizen.tests import musterstadt

    return musterstadt.browser()


@pytest.fixture
def signed_in(client: Client, assertion: str) -> Client:
    client.post("/anmelden/demo/", {"nachweis": assertion})
    return client
