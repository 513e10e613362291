"""Codes that prove a dwelling: the landlord's (§ 19 Abs. 4 BMG) and the letter's (§ 23a Abs. 3 BMG).

Codes are never stored: of the landlord's there is a keyed hash, the letter's follows from the row's id.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from formlos.base.tenancy import TenantModel
from formlos.registers.models.addresses import Dwelling
from formlos.registers.models.history import Versioned, reference


class LandlordConfirmation(Versioned):
    """A landlord's electronic confirmation, found again by its Zuordnungsmerkmal.

    ``released`` means used and given back by a reversal; it is valid again.
    """

    OPEN, USED, RELEASED = "open", "used", "released"

    code_hash = models.CharField(max_length=64)
    dwelling = reference(Dwelling, related_name="confirmations")
    einzugsdatum = models.DateField()
    personen = models.JSONField()
    wohnungsgeber_name = models.CharField(max_length=200)
    state = models.CharField(max_length=8, default=OPEN)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["municipality", "code_hash"], name="registers_landlord_code_once"),
            models.CheckConstraint(
                condition=Q(state__in=["open", "used", "released"]), name="registers_confirmation_state"
            ),
        ]


class AddressCode(TenantModel):
    """A code letter to the new address of a case. The code is derived from ``id`` with the node's secret, so
    that it need not be stored."""

    case_id = models.UUIDField()
    dwelling = reference(Dwelling, related_name="+", db_index=False)
    created_at = models.DateTimeField()
    valid_until = models.DateField()
    failed_attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["municipality", "case_id", "dwelling"], name="registers_one_letter_a_case")
        ]
