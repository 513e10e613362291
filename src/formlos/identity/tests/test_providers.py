"""Providers as they are kept: fresh while they can be reached, and never more real than they were."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import override_settings

from formlos.base import clock
from formlos.identity import demo_issuer
from formlos.identity.oidc import providers
from formlos.identity.oidc.providers import ProviderNotAllowed
from formlos.identity.queries import identity_for
from formlos.identity.refusals import UnknownIssuer
from formlos.identity.sessions import begin_session
from formlos.identity.tests.providing import connect


@pytest.fixture(autouse=True)
def demo(database: Any, tmp_path: Any) -> Iterator[None]:
    with override_settings(DEMO=True, HOME=tmp_path):
        yield


def later(hours: int) -> Any:
    return clock.frozen(clock.now() + timedelta(hours=hours))


def test_what_is_older_than_a_day_is_fetched_anew(identity_provider: str) -> None:
    connect(identity_provider)
    before = providers.listed()[0].metadata_at
    with later(23):
        providers.refresh_old()
        assert providers.listed()[0].metadata_at == before
    with later(25):
        providers.refresh_old()
        assert providers.listed()[0].metadata_at == providers.listed()[0].jwks_at > before


def test_of_a_provider_that_is_down_what_was_known_stays(identity_provider: str) -> None:
    connect(identity_provider)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE identity_provider SET issuer = 'http://127.0.0.1:9'")
    before = providers.listed()[0].metadata_at
    with later(25):
        providers.refresh_old()
    assert providers.listed()[0].metadata_at == before
    assert [one.key for one in providers.offered()] == ["demo"]


def test_what_is_simulated_never_turns_real_nor_the_other_way_round(identity_provider: str) -> None:
    demo_issuer.enable()
    with pytest.raises(ProviderNotAllowed, match="is simulated; that cannot change"):
        connect(identity_provider, accounts_of=demo_issuer.ISSUER, simulated=False)
    connect(identity_provider, simulated=False)
    with pytest.raises(ProviderNotAllowed, match="is not simulated; that cannot change"):
        connect(identity_provider, simulated=True)


def test_outside_a_demo_nothing_simulated_is_connected_or_used(identity_provider: str) -> None:
    connect(identity_provider)
    with override_settings(DEMO=False):
        assert providers.offered() == []
        with pytest.raises(UnknownIssuer):
            providers.provider_named("demo", staff=False)
        with pytest.raises(ProviderNotAllowed, match="demo nodes only"):
            connect(identity_provider)


def test_removing_a_provider_keeps_accounts_and_running_sessions(identity_provider: str) -> None:
    connect(identity_provider)
    token = begin_session(issuer=identity_provider, subject="anna", level="high", facts={}, provider="demo")
    providers.remove(issuer=identity_provider)
    assert identity_for(token=token).issuer == "Ausweisdienst"
    assert providers.sign_out_address("demo", back="http://localhost:8000/") is None


def test_providers_are_offered_by_level_town_and_purpose(identity_provider: str) -> None:
    connect(identity_provider, levels={"1": "substantial"}, towns=["08111000"], for_staff=False)
    assert [one.level for one in providers.offered(needed="substantial", ags="08111000")] == ["substantial"]
    assert providers.offered(needed="high") == []
    assert providers.offered(ags="09162000") == []
    assert providers.offered(staff=True) == []
