"""Tables of appointments. Private to the room."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from formlos.base.tenancy import TenantModel


class Booking(TenantModel):
    """A booked time at one of an office's counters. Two bookings never share time and counter: PostgreSQL sees to it.

    ``about`` is what the clerk reads before the person comes: what it is about, never who.
    """

    office = models.SlugField(max_length=60)
    starts_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField()
    desk = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=9)
    about = models.CharField(max_length=200)
    case_id = models.UUIDField(null=True)
    booked_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "office", "starts_at", "desk"],
                condition=Q(cancelled_at__isnull=True),
                name="appointments_one_a_time",
            ),
            models.UniqueConstraint(
                fields=["municipality", "case_id"],
                condition=Q(cancelled_at__isnull=True),
                name="appointments_one_a_case",
            ),
            models.UniqueConstraint(fields=["municipality", "code"], name="appointments_code"),
        ]
