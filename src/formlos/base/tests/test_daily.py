"""The day's seal is made up for when it was missed, and one town's trouble is not another's."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from formlos.base import clock, daily, journal, keys
from formlos.base.ids import new_id
from formlos.base.tenancy import within

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def write(town, *, at):
    with clock.frozen(at), within(town):
        chain = journal.load(new_id())
        chain.append("facts.asserted", {"a": 1}, actor="person:p1")
        chain.save()


@pytest.fixture
def sealing(stuttgart):
    with clock.frozen(NOON - 5 * DAY), within(stuttgart):
        keys.create(purpose="seal", not_after=NOON + 90 * DAY)
    return stuttgart


def sealed_days(town):
    with within(town):
        return {root.day: root.heads for root in daily.published_roots()}


def run():
    from formlos.base import tasks

    tasks.seal_past_days(timestamp=0)


def test_days_that_were_missed_are_sealed_as_they_stood_at_their_end(sealing):
    write(sealing, at=NOON - 4 * DAY)
    write(sealing, at=NOON - 2 * DAY)
    with clock.frozen(NOON):
        with within(sealing):
            daily.seal_day(day=(NOON - 3 * DAY).date())
        run()
        run()
    expected = {(NOON - number * DAY).date(): heads for number, heads in ((4, 1), (3, 1), (2, 2), (1, 2))}
    assert sealed_days(sealing) == expected


def test_many_missed_days_are_sealed_in_several_goes(sealing, monkeypatch):
    monkeypatch.setattr(daily, "MOST_DAYS", 2)
    write(sealing, at=NOON - 4 * DAY)
    with clock.frozen(NOON):
        run()
        assert sorted(sealed_days(sealing)) == [(NOON - 4 * DAY).date(), (NOON - 3 * DAY).date()]
        run()
        assert len(sealed_days(sealing)) == 4


def test_a_town_that_cannot_seal_holds_up_no_other(munich, sealing):
    for town in (munich, sealing):
        write(town, at=NOON - DAY)
    with clock.frozen(NOON):
        run()
    assert (len(sealed_days(munich)), len(sealed_days(sealing))) == (0, 1)
