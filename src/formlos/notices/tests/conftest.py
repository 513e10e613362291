"""Fixtures; they import late, because this file is read before Django is set up."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from formlos.base.tenancy import Municipality
    from formlos.notices.tests.examples import SealKey


@pytest.fixture(scope="session")
def own_key() -> SealKey:
    from formlos.notices.tests.examples import make_seal_key

    return make_seal_key(holder="Stadt Musterstadt")


@pytest.fixture(scope="session")
def genuine(own_key: SealKey) -> bytes:
    from formlos.notices.tests.examples import REGISTRATION, page, sealed

    return sealed(page(REGISTRATION), own_key)


@pytest.fixture
def town(stuttgart: Municipality) -> Municipality:
    """Stuttgart with a key to seal with."""
    from formlos.base import keys
    from formlos.base.tenancy import within

    with within(stuttgart):
        keys.create(purpose="seal")
    return stuttgart
