"""Fixtures of the exchange. Django is not ready when this file is read: it is imported inside."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from formlos.base.tenancy import Municipality
    from formlos.exchange.tests.towns import Towns


@pytest.fixture
def towns(stuttgart: Municipality, munich: Municipality, monkeypatch: pytest.MonkeyPatch) -> Towns:
    """Two towns in a directory; every incoming message is noted, and every outcome."""
    from formlos.base import messages
    from formlos.exchange.tests.towns import two_towns

    node = two_towns(stuttgart, munich)
    monkeypatch.setattr(messages, "_handlers", {})
    monkeypatch.setattr(messages, "_fallback", [node.handled.append])
    monkeypatch.setattr(messages, "_outcomes", [lambda _id, _ref, state, detail: node.outcomes.append((state, detail))])
    return node


@pytest.fixture
def endpoint(towns: Towns) -> Iterator[str]:
    """The exchange of the node on real HTTP, one request at a time."""
    from formlos.exchange.tests.towns import serving

    with serving(towns.address) as address:
        yield address
