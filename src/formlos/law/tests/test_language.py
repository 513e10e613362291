from datetime import date
from decimal import Decimal

import pytest

from formlos.law.language import NONE, add_months, age_on, days_between, is_none, next_working_day, round_half_up
from formlos.law.tests.musterstadt.brunnen.rules import Kind, abzug, ist_ermaessigt


@pytest.mark.parametrize(
    ("birth", "day", "age"),
    [
        (date(2008, 3, 10), date(2026, 3, 9), 17),
        (date(2008, 3, 10), date(2026, 3, 10), 18),
        (date(2008, 2, 29), date(2026, 2, 28), 17),
        (date(2008, 2, 29), date(2026, 3, 1), 18),
    ],
)
def test_a_year_of_life_is_complete_on_the_birthday(birth, day, age):
    assert age_on(birth, day) == age


def test_a_deadline_moves_past_weekend_and_holiday():
    assert next_working_day(date(2026, 3, 14), frozenset({date(2026, 3, 16)})) == date(2026, 3, 17)
    assert next_working_day(date(2026, 3, 13), frozenset()) == date(2026, 3, 13)


def test_a_month_ends_where_it_has_no_such_day():
    assert add_months(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert add_months(date(2026, 3, 31), -13) == date(2025, 2, 28)


def test_days_are_counted_with_sign():
    assert days_between(date(2026, 3, 10), date(2026, 3, 1)) == -9


def test_halves_are_rounded_away_from_zero():
    assert round_half_up(Decimal("2.345"), 2) == Decimal("2.35")
    assert round_half_up(Decimal("-2.345"), 2) == Decimal("-2.35")


def test_none_is_known_by_both_its_names():
    assert is_none(NONE) and is_none(None) and not is_none(0)


def test_rules_run_as_plain_python():
    kind = Kind(vorname="A", geburtsdatum=date(2010, 1, 1), pflegekind_seit=None, lebt_im_haushalt=True, zaehlt=True)
    assert abzug([kind, kind], Decimal(5), 1) == 5
    assert ist_ermaessigt(True, None, Decimal(100))
