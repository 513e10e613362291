from datetime import date

import pytest

from formlos.law import Facts

DATES = "  d: {type: date, sources: [person]}\n  z: {type: int, sources: [person]}\n"


def rule(body: str, takes: str, gives: str = "bool") -> str:
    return f'@rule(source="§ 1")\ndef ziel({takes}) -> {gives}:\n    """N."""\n    {body}\n'


@pytest.mark.parametrize(
    ("body", "takes", "expected"),
    [
        ("return heute >= d", "heute: date, d: date", date(2026, 3, 20)),
        ("return heute > d", "heute: date, d: date", date(2026, 3, 21)),
        ("return d <= heute", "heute: date, d: date", date(2026, 3, 20)),
        ("return heute == d", "heute: date, d: date", date(2026, 3, 20)),
        ("return heute != d", "heute: date, d: date", date(2026, 3, 20)),
        ("return heute + timedelta(days=z) > d", "heute: date, d: date, z: int", date(2026, 3, 16)),
        ("return d - heute < timedelta(days=z)", "heute: date, d: date, z: int", date(2026, 3, 16)),
        ("return days_between(heute, d) < z", "heute: date, d: date, z: int", date(2026, 3, 16)),
        ("return (d - heute).days - z < 0", "heute: date, d: date, z: int", date(2026, 3, 16)),
        ("return max(heute, d) > d", "heute: date, d: date", date(2026, 3, 20)),  # early, never late
        ("return -(d - heute).days > 0", "heute: date, d: date", date(2026, 3, 21)),
        ("return age_on(d, heute) >= 0", "heute: date, d: date", date(2026, 3, 20)),
        ("return heute.month == d.month", "heute: date, d: date", date(2026, 3, 11)),
        ("return heute - heute == d - d", "heute: date, d: date", None),
        ("return z == 1", "z: int", None),
    ],
)
def test_the_next_date_of_change_is_found_in_comparisons_with_today(make_law, body, takes, expected):
    law = make_law(rule(body, takes), DATES)
    facts = Facts({"heute": date(2026, 3, 10), "d": date(2026, 3, 20), "z": 5})
    assert law.evaluate(facts).next_change == expected


def test_what_is_past_does_not_change(make_law):
    law = make_law(rule("return heute >= d", "heute: date, d: date"), DATES)
    assert law.evaluate(Facts({"heute": date(2026, 3, 20), "d": date(2026, 3, 20)})).next_change is None


def test_a_result_that_is_a_moving_date_changes_tomorrow(make_law):
    law = make_law(rule("return heute + timedelta(days=z)", "heute: date, z: int", "date"), DATES)
    outcome = law.evaluate(Facts({"heute": date(2026, 3, 10), "z": 1}))
    assert outcome.values == {"ziel": date(2026, 3, 11)}
    assert outcome.next_change == date(2026, 3, 11)


def test_a_birthday_on_a_leap_day_is_noted(make_law):
    law = make_law(rule("return age_on(d, heute) >= z", "heute: date, d: date, z: int"), DATES)
    facts = Facts({"heute": date(2026, 1, 1), "d": date(2008, 2, 29), "z": 18})
    assert law.evaluate(facts).next_change == date(2026, 3, 1)


def test_a_version_by_todays_date_changes_when_the_next_begins(make_law):
    params = "p: {type: int, values: [{since: 2020-01-01, value: '1'}, {since: 2027-01-01, value: '2'}]}"
    law = make_law(rule("return p == 1", "p: int"), DATES, params=params)
    assert law.evaluate(Facts({"heute": date(2026, 3, 10)})).next_change == date(2027, 1, 1)


def test_a_need_of_a_source_counts_while_its_facts_are_open(law, family):
    facts = Facts({path: value for path, value in family.items() if path != "tiefe"})
    waiting = facts.but({"nutzungsbeginn": date(2026, 4, 1), "art": "garten"})
    assert law.evaluate(waiting, ["gebuehr"]).next_change is None
    assert law.evaluate(waiting).next_change == date(2026, 4, 1)
