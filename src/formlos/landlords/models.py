"""Tables of lists that landlords sent. Private to this room; what counts is in the cases."""

from __future__ import annotations

from django.db import models

from formlos.base.tenancy import TenantModel


class Batch(TenantModel):
    """A list of one person. ``identity`` and ``said`` hold for every row: who confirms, and in which role."""

    subject = models.CharField(max_length=80)
    level = models.CharField(max_length=12)
    issuer = models.CharField(max_length=200)
    identity = models.JSONField()
    said = models.JSONField()
    created_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["municipality", "subject", "-created_at"], name="batches_of_subject")]


class Row(TenantModel):
    """One confirmation of a list. ``said``: answers by path; ``problems``: (code, detail) of what keeps it from one."""

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()
    said = models.JSONField()
    problems = models.JSONField(default=list)
    case_id = models.UUIDField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch", "number"], name="batch_row_once")]
