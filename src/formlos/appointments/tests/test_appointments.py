"""Opening hours, free times, bookings that never collide, codes; each town its own."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from formlos.appointments import operations, queries
from formlos.appointments.hours import HoursRefused
from formlos.appointments.models import Booking
from formlos.appointments.operations import NoSuchAppointment, TimeTaken
from formlos.base import clock
from formlos.base.tenancy import Municipality, NoMunicipality, within

OFFICE = "buergerbuero"
MONDAY = datetime(2026, 3, 2, 6, 0, tzinfo=clock.BERLIN)
HOURS: dict[str, Any] = {"hours": {"mo": ["08:00-09:00"], "di": ["14:00-14:45"]}, "minutes": 30, "days_ahead": 7}


@pytest.fixture
def town(stuttgart: Municipality) -> Any:
    with clock.frozen(MONDAY), within(stuttgart):
        operations.set_hours(office=OFFICE, hours=HOURS)
        yield stuttgart


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=clock.BERLIN)


def book(moment: datetime, **more: Any) -> queries.Appointment:
    return operations.book(office=OFFICE, starts_at=moment, about="Umzug", **more)


def test_free_times_follow_the_opening_hours_and_fit_into_them(town: Municipality) -> None:
    assert queries.free_times(office=OFFICE) == [at(2, 8), at(2, 8, 30), at(3, 14), at(9, 8), at(9, 8, 30)]


def test_an_office_without_opening_hours_has_no_times(town: Municipality) -> None:
    assert queries.free_times(office="standesamt") == []
    with pytest.raises(TimeTaken):
        operations.book(office="standesamt", starts_at=at(2, 8), about="Umzug")


def test_what_is_sooner_than_an_hour_and_closed_days_are_not_offered(town: Municipality) -> None:
    operations.set_hours(office=OFFICE, hours=HOURS | {"closed": ["2026-03-03"]})
    with clock.frozen(at(2, 7, 15)):
        assert queries.free_times(office=OFFICE) == [at(2, 8, 30), at(9, 8), at(9, 8, 30)]


def test_a_booked_time_is_gone_until_it_is_cancelled(town: Municipality) -> None:
    booked = book(at(2, 8))
    assert at(2, 8) not in queries.free_times(office=OFFICE)
    with pytest.raises(TimeTaken):
        book(at(2, 8))
    operations.cancel(code=booked.code)
    assert at(2, 8) in queries.free_times(office=OFFICE)
    with pytest.raises(NoSuchAppointment):
        operations.cancel(code=booked.code)


def test_two_counters_take_two_people_at_a_time(town: Municipality) -> None:
    operations.set_hours(office=OFFICE, hours=HOURS | {"desks": 2})
    assert book(at(2, 8)).code != book(at(2, 8)).code
    with pytest.raises(TimeTaken):
        book(at(2, 8))


def test_the_database_itself_refuses_two_bookings_of_one_time(town: Municipality) -> None:
    from django.db import IntegrityError, transaction

    book(at(2, 8))
    same = {"office": OFFICE, "starts_at": at(2, 8), "minutes": 30, "desk": 1, "booked_at": MONDAY}
    with pytest.raises(IntegrityError), transaction.atomic():
        Booking.objects.create(code="AAAA-BBBB", about="Umzug", **same)


def test_a_case_has_one_appointment_and_a_new_one_replaces_it(town: Municipality) -> None:
    case = uuid4()
    first, second = book(at(2, 8), case_id=case), book(at(3, 14), case_id=case)
    assert queries.of_case(case) == second
    assert queries.by_code(first.code) is None
    assert [one.code for one in queries.of_day(offices=[OFFICE], day=at(3, 1).date())] == [second.code]


@pytest.mark.parametrize("moment", [at(2, 8, 10), at(1, 8), MONDAY - timedelta(days=7), at(30, 8)])
def test_a_time_that_was_never_offered_cannot_be_booked(town: Municipality, moment: datetime) -> None:
    with pytest.raises(TimeTaken):
        book(moment)


@pytest.mark.parametrize(
    "wrong",
    [
        {"hours": {"montag": ["08:00-09:00"]}},
        {"hours": {"mo": ["8-9"]}},
        {"hours": {"mo": ["09:00-08:00"]}},
        {"minutes": 0},
        {"desks": "zwei"},
        {"days_ahead": 1000},
        {"closed": ["Heiligabend"]},
    ],
)
def test_opening_hours_that_cannot_be_read_are_refused(town: Municipality, wrong: dict[str, Any]) -> None:
    with pytest.raises(HoursRefused):
        operations.set_hours(office=OFFICE, hours=HOURS | wrong)


def test_another_town_sees_and_cancels_nothing(stuttgart: Municipality, munich: Municipality) -> None:
    with clock.frozen(MONDAY):
        with within(stuttgart):
            operations.set_hours(office=OFFICE, hours=HOURS)
            booked = book(at(2, 8), case_id=uuid4())
        with within(munich):
            assert queries.by_code(booked.code) is None
            assert queries.of_day(offices=[OFFICE], day=MONDAY.date()) == []
            with pytest.raises(NoSuchAppointment):
                operations.cancel(code=booked.code)
        with pytest.raises(NoMunicipality):
            queries.by_code(booked.code)
