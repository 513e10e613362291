from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from formlos.law.canonical import canonical_bytes, digest


def test_keys_are_sorted_by_utf_16_as_rfc_8785_says():
    keys = {"\u20ac": 1, "\r": 2, "\ufb33": 3, "1": 4, "\U0001f600": 5, "\u0080": 6, "\u00f6": 7}
    assert canonical_bytes(keys).decode() == (
        '{"\\r":2,"1":4,"\u0080":6,"\u00f6":7,"\u20ac":1,"\U0001f600":5,"\ufb33":3}'
    )


def test_values_have_one_form():
    value = {
        "day": date(2026, 3, 1),
        "at": datetime(2026, 3, 1, 8, tzinfo=UTC),
        "amount": Decimal("1E+2"),
        "period": timedelta(days=14),
        "id": UUID(int=1),
        "list": (1, None, True),
    }
    assert canonical_bytes(value).decode() == (
        '{"amount":"100","at":"2026-03-01T08:00:00+00:00","day":"2026-03-01",'
        '"id":"00000000-0000-0000-0000-000000000001","list":[1,null,true],"period":14}'
    )


@pytest.mark.parametrize("value", [1.5, {"x": 0.1}, {1: "x"}, object(), {"a", "b"}])
def test_what_has_no_canonical_form_is_refused(value):
    with pytest.raises(TypeError):
        canonical_bytes(value)


def test_a_part_of_a_day_is_refused():
    with pytest.raises(ValueError, match="whole number of days"):
        canonical_bytes(timedelta(hours=1))


def test_the_digest_does_not_depend_on_the_order_of_keys():
    assert digest({"a": 1, "b": 2}) == digest({"b": 2, "a": 1})
    assert digest({"a": 1}) == digest(b'{"a":1}') != digest({"a": 2})
