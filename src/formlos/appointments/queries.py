"""Free times and bookings, in the municipality of the context."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from formlos.appointments.hours import Hours, moments, read_hours
from formlos.appointments.models import Booking
from formlos.base import clock
from formlos.base.tenancy import current_municipality, current_municipality_id, within


@dataclass(frozen=True)
class Appointment:
    """A booked time. ``code`` is what the person brings; ``about`` what it is about."""

    office: str
    starts_at: datetime
    minutes: int
    code: str
    about: str
    case_id: UUID | None


def hours_of(office: str) -> Hours | None:
    """None for an office that takes no appointments. Raises ``HoursRefused`` for settings that cannot be read."""
    found = current_municipality().settings.get("appointments", {}).get(office)
    return read_hours(found) if found else None


def free_times(*, office: str) -> list[datetime]:
    """When an appointment can begin, the earliest first; empty for an office that takes none."""
    hours, now = hours_of(office), clock.now()
    if hours is None:
        return []
    with within():
        booked = Booking.objects.filter(
            municipality_id=current_municipality_id(), office=office, cancelled_at=None, starts_at__gt=now
        )
        taken: dict[datetime, int] = {}
        for starts_at in booked.values_list("starts_at", flat=True):
            taken[starts_at] = taken.get(starts_at, 0) + 1
    return [moment for moment in moments(hours, now=now) if taken.get(moment, 0) < hours.desks]


def of_case(case_id: UUID) -> Appointment | None:
    with within():
        row = _booked().filter(case_id=case_id).first()
        return appointment(row) if row else None


def by_code(code: str) -> Appointment | None:
    """By the code that was given with the booking, written in capitals."""
    with within():
        row = _booked().filter(code=code).first()
        return appointment(row) if row else None


def of_day(*, offices: Sequence[str], day: date) -> list[Appointment]:
    """The day's appointments of these offices, by time."""
    begin = datetime.combine(day, time.min, tzinfo=clock.BERLIN)
    with within():
        rows = _booked().filter(office__in=offices, starts_at__gte=begin, starts_at__lt=begin + timedelta(days=1))
        return [appointment(row) for row in rows.order_by("starts_at", "desk")]


def appointment(row: Booking) -> Appointment:
    return Appointment(row.office, row.starts_at, row.minutes, row.code, row.about, row.case_id)


def _booked():  # type: ignore[no-untyped-def]
    return Booking.objects.filter(municipality_id=current_municipality_id(), cancelled_at=None)
