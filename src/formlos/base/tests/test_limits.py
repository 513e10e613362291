"""Whoever tries too often waits; everybody else does not."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import RequestFactory, override_settings

from formlos.base import clock, limits
from formlos.base.limits import Limit, TooMany

THREE = Limit("codes", most=3, within=timedelta(minutes=10))


def use_up(limit: Limit, key: str) -> None:
    for _ in range(limit.most):
        limit.count(key)


def test_tries_beyond_the_limit_are_refused_and_told_how_long_to_wait(database: Any) -> None:
    with clock.frozen(clock.now()):
        use_up(THREE, "anna")
        with pytest.raises(TooMany) as refused:
            THREE.count("anna")
    assert refused.value.retry_after == 600


def test_the_window_slides(database: Any) -> None:
    start = clock.now()
    for minute in (0, 4, 8):
        with clock.frozen(start + timedelta(minutes=minute)):
            THREE.count("anna")
    with clock.frozen(start + timedelta(minutes=9)), pytest.raises(TooMany) as refused:
        THREE.count("anna")
    assert refused.value.retry_after == 60
    with clock.frozen(start + timedelta(minutes=10, seconds=1)):
        THREE.count("anna")


def test_refused_tries_do_not_prolong_the_wait(database: Any) -> None:
    start = clock.now()
    with clock.frozen(start):
        use_up(THREE, "anna")
    with clock.frozen(start + timedelta(minutes=9)), pytest.raises(TooMany):
        THREE.count("anna")
    with clock.frozen(start + timedelta(minutes=11)):
        THREE.count("anna")


def test_looking_whether_a_try_is_left_counts_nothing(database: Any) -> None:
    for _ in range(THREE.most + 1):
        THREE.check("anna")
    use_up(THREE, "anna")
    with pytest.raises(TooMany) as refused:
        THREE.check("anna")
    assert refused.value.retry_after > 590
    THREE.check("bo")


def test_others_and_other_limits_are_not_concerned(database: Any) -> None:
    use_up(THREE, "anna")
    THREE.count("bo")
    Limit("letters", most=1, within=timedelta(minutes=1)).count("anna")
    with pytest.raises(TooMany):
        THREE.count("anna")


def test_a_success_begins_anew(database: Any) -> None:
    use_up(THREE, "anna")
    THREE.forget("anna")
    use_up(THREE, "anna")
    with pytest.raises(TooMany):
        THREE.count("anna")


def test_what_is_over_is_forgotten_and_keys_are_never_readable(database: Any) -> None:
    THREE.count("anna@example.org")
    with connection.cursor() as cursor:
        cursor.execute("SELECT key FROM base_tries")
        assert "anna" not in cursor.fetchone()[0]
        with clock.frozen(clock.now() + timedelta(minutes=11)):
            limits.forget_over()
        cursor.execute("SELECT count(*) FROM base_tries")
        assert cursor.fetchone() == (0,)


def test_only_behind_a_proxy_of_ours_its_word_on_the_address_counts() -> None:
    request = RequestFactory().get("/", headers={"X-Forwarded-For": "6.6.6.6, 192.0.2.7"}, REMOTE_ADDR="127.0.0.1")
    with override_settings(HTTPS=True):
        assert limits.client_address(request) == "192.0.2.7"
    with override_settings(HTTPS=False):
        assert limits.client_address(request) == "127.0.0.1"


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("2001:db8:1:2::7", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::7", "2001:db8:1:3::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("192.0.2.8", "192.0.2.8"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
    ],
)
def test_all_addresses_of_one_line_count_as_one(address: str, key: str) -> None:
    assert limits.client_address(RequestFactory().get("/", REMOTE_ADDR=address)) == key
