"""Set opening hours, book, cancel; in the municipality of the context."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from formlos.appointments.hours import read_hours
from formlos.appointments.models import Booking
from formlos.appointments.queries import Appointment, appointment, free_times, hours_of
from formlos.base import clock
from formlos.base.tenancy import current_municipality, current_municipality_id, within

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # nothing that looks like something else


class TimeTaken(Exception):
    """Somebody was faster, or the office has no appointment at this time."""

    code = "time_taken"


class NoSuchAppointment(LookupError):
    """There is no such appointment, or it is cancelled already."""

    code = "no_such_appointment"


def set_hours(*, office: str, hours: Mapping[str, Any]) -> None:
    """Open an office for appointments, as ``hours`` describes. Bookings stay. Raises ``HoursRefused``."""
    read_hours(hours)
    municipality = current_municipality()
    offices = dict(municipality.settings.get("appointments", {})) | {office: dict(hours)}
    municipality.settings = {**municipality.settings, "appointments": offices}
    municipality.save(update_fields=["settings"])


def book(*, office: str, starts_at: datetime, about: str, case_id: UUID | None = None) -> Appointment:
    """Take a free time; a case has one appointment, an earlier one is cancelled. Raises ``TimeTaken``."""
    with within():
        hours = hours_of(office)
        if hours is None or starts_at not in free_times(office=office):
            raise TimeTaken(starts_at.isoformat())
        try:
            with transaction.atomic():
                return _book(office, starts_at, hours.minutes, hours.desks, about, case_id)
        except IntegrityError as error:
            raise TimeTaken(starts_at.isoformat()) from error


def cancel(*, code: str) -> None:
    """Give the time back. Raises ``NoSuchAppointment``."""
    with within():
        found = Booking.objects.filter(municipality_id=current_municipality_id(), code=code, cancelled_at=None)
        if not found.update(cancelled_at=clock.now()):
            raise NoSuchAppointment(code)


def cancel_of_case(*, case_id: UUID) -> None:
    """Give back the time that was booked for a case, if there is one; one that has been is left as it was."""
    with within():
        found = Booking.objects.filter(municipality_id=current_municipality_id(), case_id=case_id, cancelled_at=None)
        found.filter(starts_at__gt=clock.now()).update(cancelled_at=clock.now())


def _book(office: str, starts_at: datetime, minutes: int, desks: int, about: str, case_id: UUID | None) -> Appointment:
    here = Booking.objects.filter(municipality_id=current_municipality_id(), cancelled_at=None)
    if case_id is not None:
        here.filter(case_id=case_id).update(cancelled_at=clock.now())
    taken = set(here.filter(office=office, starts_at=starts_at).values_list("desk", flat=True))
    desk = next((number for number in range(1, desks + 1) if number not in taken), None)
    if desk is None:
        raise IntegrityError("no counter is free")
    row = Booking.objects.create(
        office=office,
        starts_at=starts_at,
        minutes=minutes,
        desk=desk,
        code=_code(),
        about=about[:200],
        case_id=case_id,
        booked_at=clock.now(),
    )
    return appointment(row)


def _code() -> str:
    letters = "".join(secrets.choice(ALPHABET) for _ in range(8))
    return f"{letters[:4]}-{letters[4:]}"
