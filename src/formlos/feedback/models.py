"""Tables of feedback. Private to it."""

from __future__ import annotations

from django.db import models

from formlos.base.tenancy import TenantModel


class Report(TenantModel):
    """A barrier that somebody met. ``contact`` is empty for whoever wants no answer; ``language`` that of the page."""

    number = models.CharField(max_length=20)
    text = models.TextField()
    page = models.CharField(max_length=300, blank=True)
    contact = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=10)
    reported_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    done_by = models.CharField(max_length=400, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["municipality", "number"], name="feedback_number")]
        indexes = [models.Index(fields=["municipality", "-reported_at"], name="feedback_newest")]
