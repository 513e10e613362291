"""Phones on the local network: the address they are given is one of this machine, and the code opens it."""

from __future__ import annotations

import pytest
from django.test import override_settings

from formlos.config.demo import lan, node
from formlos.identity.oidc.endpoints import is_safe

HOUSE = "http://192.168.1.5:8002"


@pytest.mark.parametrize("given", ["127.0.0.1", "203.0.113.9", "::1", "localhost", "0.0.0.0.0", "formlos.example"])
def test_an_address_that_phones_cannot_reach_is_refused(given):
    with pytest.raises(lan.NoNetwork, match="--address"):
        lan.own_address(given)


def test_the_code_is_drawn_in_blocks():
    code = lan.code_of("http://192.168.1.5:8000")
    assert set("█▀▄") & set(code) and len(code.splitlines()) < 24


def test_with_a_network_pages_provider_and_wallet_are_reached_there_and_the_exchange_is_not(tmp_path):
    made = node._addresses(tmp_path, "192.168.1.5")
    assert [url.split(":")[1] for url in (made.web, made.idp, made.wallet)] == ["//192.168.1.5"] * 3
    assert made.exchange.startswith("http://127.0.0.1:")
    assert node._bind(made.web).startswith("0.0.0.0:") and node._bind(made.exchange).startswith("127.0.0.1:")


def test_without_a_network_everything_stays_on_this_machine(tmp_path):
    made = node._addresses(tmp_path, node.THIS_MACHINE)
    assert node._bind(made.web).startswith("127.0.0.1:")


def test_only_a_demos_own_provider_may_be_reached_without_encryption():
    with override_settings(DEMO=True, IDP_URL=HOUSE):
        assert is_safe(f"{HOUSE}/token")
        assert not is_safe("http://192.168.1.6:8002/token")
        assert not is_safe(f"{HOUSE}.evil.example/token")
    with override_settings(DEMO=False, IDP_URL=HOUSE):
        assert not is_safe(f"{HOUSE}/token")
