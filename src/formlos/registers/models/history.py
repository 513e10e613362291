"""What was changed, by which case, and what the register said before."""

from __future__ import annotations

from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from formlos.base.tenancy import TenantModel


def reference(to: Any, **options: Any) -> models.ForeignKey:
    """A foreign key inside the municipality.

    Its constraint is the composite one that ``base.rows`` adds; a second one by Django would only make
    loading a large population slower.
    """
    return models.ForeignKey(to, on_delete=models.PROTECT, db_constraint=False, **options)


class Change(TenantModel):
    """One act on the register: an effect of a decision, or its reversal. Exactly one for an effect id and kind."""

    append_only = True

    effect_id = models.CharField(max_length=200)
    kind = models.CharField(max_length=60)
    case_id = models.UUIDField(db_index=True)
    made_at = models.DateTimeField()
    outcome = models.JSONField()
    reverses = models.OneToOneField(
        "self", null=True, on_delete=models.PROTECT, db_constraint=False, related_name="reversed_by"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["municipality", "effect_id", "kind"], name="registers_effect_once")
        ]


class FormerVersion(TenantModel):
    """What a row said until a change replaced it; ``values`` is null where the row did not exist before."""

    append_only = True

    change = reference(Change, related_name="former_versions")
    position = models.PositiveSmallIntegerField()
    table = models.CharField(max_length=40)
    record_id = models.UUIDField()
    resident_id = models.UUIDField(null=True)
    values = models.JSONField(null=True, encoder=DjangoJSONEncoder)
    recorded_from = models.DateTimeField(null=True)
    recorded_until = models.DateTimeField()
    caused_by_case = models.UUIDField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["change", "position"], name="registers_version_in_order")]
        indexes = [models.Index(fields=["municipality", "resident_id"], name="registers_history_of_resident")]


class Versioned(TenantModel):
    """A row of the register as it stands. Operations write it through ``operations.history.Recorder``.

    ``change`` is null for rows of the initial stock.
    """

    change = reference(Change, null=True, related_name="+", db_index=False)
    recorded_at = models.DateTimeField()

    class Meta:
        abstract = True


class AccessLog(TenantModel):
    """§ 40 BMG: who read which data of whom, when, for which file and why. Keeps no foreign key, because
    it outlives the rows."""

    append_only = True

    at = models.DateTimeField()
    accessor = models.CharField(max_length=200)
    purpose = models.CharField(max_length=500)
    norm = models.CharField(max_length=200)
    case_id = models.UUIDField(null=True)
    resident_id = models.UUIDField()
    data = models.JSONField()

    class Meta:
        indexes = [models.Index(fields=["municipality", "resident_id", "at"], name="registers_access_to_resident")]
