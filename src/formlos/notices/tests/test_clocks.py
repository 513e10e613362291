"""When notices take effect: each way and each procedural law, on days that are easy to check in a calendar."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.conf import settings

from formlos.notices.clocks import WAYS, Delivery, NoClock, deadline_of, effect_of, holidays_of

FRIDAY = date(2026, 3, 6)  # the fourth day after it is Tuesday the 10th
TUESDAY = date(2026, 3, 3)  # the fourth day after it is Saturday the 7th


def holidays(land: str = "BW") -> frozenset[date]:
    return holidays_of(settings.SERVICES_FOLDER / "calendars", land)


def effect(way, law, *, land="BW", provided=TUESDAY, sent=None, retrieved=None, today=FRIDAY):
    delivery = Delivery(way, law, land, provided, sent, retrieved)
    return effect_of(delivery, holidays=holidays(land), today=today)


def last_day(day, *, remedy="widerspruch", law="VwVfG", instructed=True, land="BW"):
    found = deadline_of(day, remedy=remedy, procedural_law=law, instructed=instructed, holidays=holidays(land))
    return found.last_day


@pytest.mark.parametrize("way", ["post", "direct"])
@pytest.mark.parametrize("law", ["VwVfG", "SGB X", "AO"])
def test_what_is_sent_counts_as_known_on_the_fourth_day_after(way, law):
    assert effect(way, law, sent=FRIDAY).day == date(2026, 3, 10)


@pytest.mark.parametrize(
    ("law", "day"), [("VwVfG", date(2026, 3, 7)), ("SGB X", date(2026, 3, 7)), ("AO", date(2026, 3, 9))]
)
def test_only_under_tax_law_a_saturday_moves_to_monday(law, day):
    assert effect("post", law, sent=TUESDAY).day == day


def test_a_letter_that_was_not_posted_makes_nothing_known():
    assert effect("post", "VwVfG").day is None


def test_what_is_retrieved_from_the_portal_counts_on_the_next_day():
    found = effect("portal", "VwVfG", sent=TUESDAY, retrieved=FRIDAY)
    assert (found.day, found.norm) == (date(2026, 3, 7), "§ 41 Abs. 2a LVwVfG")


def test_a_retrieval_before_the_message_went_out_counts_too():
    assert effect("portal", "VwVfG", retrieved=TUESDAY).day == date(2026, 3, 4)


def test_who_does_not_retrieve_within_ten_days_was_told_nothing():
    sent = date(2026, 3, 2)
    waiting = effect("portal", "VwVfG", sent=sent, today=date(2026, 3, 12))
    over = effect("portal", "VwVfG", sent=sent, today=date(2026, 3, 13))
    assert (waiting.day, waiting.retrieve_by, waiting.failed) == (None, date(2026, 3, 12), False)
    assert (over.day, over.failed) == (None, True)


def test_the_ten_days_do_not_end_on_a_sunday():
    assert effect("portal", "VwVfG", sent=date(2026, 3, 5)).retrieve_by == date(2026, 3, 16)


def test_a_retrieval_after_the_ten_days_makes_nothing_known():
    late = effect("portal", "VwVfG", sent=date(2026, 3, 2), retrieved=date(2026, 3, 20), today=date(2026, 3, 21))
    assert (late.day, late.failed) == (None, True)


def test_the_account_inbox_counts_from_provision_whether_retrieved_or_not():
    unread = effect("inbox", "VwVfG", provided=FRIDAY)
    read = effect("inbox", "VwVfG", provided=FRIDAY, retrieved=FRIDAY)
    assert (unread.day, read.day, unread.norm) == (date(2026, 3, 10), date(2026, 3, 10), "§ 9 Abs. 1 OZG")


def test_the_social_portal_counts_from_the_message_that_told_of_it():
    assert effect("portal", "SGB X", provided=TUESDAY).day is None
    assert effect("portal", "SGB X", provided=TUESDAY, sent=FRIDAY).day == date(2026, 3, 10)


def test_the_tax_portal_counts_from_provision_and_shifts():
    assert effect("portal", "AO", provided=TUESDAY).day == date(2026, 3, 9)


def test_tax_law_shifts_over_a_holiday_of_the_land_only():
    sent = date(2026, 1, 2)  # the fourth day is Epiphany, a holiday in BW and BY, not in Hesse
    assert [effect("post", "AO", land=land, sent=sent).day.day for land in ("BW", "BY", "HE")] == [7, 7, 6]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("law", ["VwVfG", "SGB X", "AO"])
def test_no_way_takes_effect_before_anything_happened(way, law):
    for land in ("BW", "BY", "NW"):
        found = effect(way, law, land=land, provided=FRIDAY, sent=FRIDAY, retrieved=FRIDAY)
        assert found.day is not None and found.day > FRIDAY and found.norm


def test_a_month_ends_on_the_day_of_the_same_number():
    assert last_day(date(2026, 3, 10)) == date(2026, 4, 10)


def test_a_month_from_the_31st_ends_with_the_short_month_and_its_next_working_day():
    assert last_day(date(2026, 1, 31)) == date(2026, 3, 2)  # 28 February 2026 is a Saturday


def test_the_last_day_moves_over_easter():
    assert last_day(date(2026, 3, 3)) == date(2026, 4, 7)  # Good Friday to Easter Monday: 3 to 6 April


def test_without_instruction_there_is_a_year():
    assert last_day(date(2026, 3, 10), instructed=False) == date(2027, 3, 10)


@pytest.mark.parametrize(("remedy", "law"), [("einspruch", "AO"), ("klage", "VwVfG"), ("widerspruch", "SGB X")])
def test_every_remedy_has_a_month(remedy, law):
    assert last_day(date(2026, 3, 10), remedy=remedy, law=law) == date(2026, 4, 10)


def test_the_last_day_is_a_working_day_at_most_a_week_after_the_month():
    free = holidays()
    for offset in range(366):
        day = date(2026, 1, 1) + timedelta(days=offset)
        last = last_day(day)
        assert last.weekday() < 5 and last not in free and timedelta(days=27) < last - day < timedelta(days=38)


def test_what_the_law_does_not_know_is_refused():
    with pytest.raises(NoClock):
        effect("fax", "VwVfG", sent=FRIDAY)
    with pytest.raises(NoClock):
        last_day(FRIDAY, remedy="einspruch")
