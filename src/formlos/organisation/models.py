"""Tables of organisation. Private to it."""

from __future__ import annotations

from django.db import models

from formlos.base.tenancy import TenantModel


class StaffRole(TenantModel):
    """A role in an office of a municipality, held by whom an identity provider names by issuer and subject."""

    issuer = models.CharField(max_length=200)
    subject = models.CharField(max_length=200)
    name = models.CharField(max_length=200, blank=True)
    office = models.SlugField(max_length=60)
    role = models.CharField(max_length=10)
    since = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "issuer", "subject", "office", "role"], name="staff_role_once"
            )
        ]
