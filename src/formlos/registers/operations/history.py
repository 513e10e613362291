"""Changes that keep what was there before, happen once for an effect, and can be undone exactly."""

from __future__ import annotations

from collections import defaultdict
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import models
from django.db.models import ProtectedError

from formlos.base.effects import EffectContext
from formlos.registers.models import Change, FormerVersion, Resident, Versioned

BOOKKEEPING = ("id", "municipality", "change", "recorded_at")


class RegisterHasMovedOn(Exception):
    """A later change builds on the one to be undone; a clerk has to correct the register instead."""

    code = "register_has_moved_on"


def made_before(kind: str, context: EffectContext) -> dict[str, Any] | None:
    """The outcome of this effect if it has happened already."""
    known = Change.objects.filter(effect_id=context.effect_id, kind=kind).values_list("outcome", flat=True)
    return next(iter(known), None)


class Recorder:
    """Collects what one change does to the register; ``close`` writes it with the versions it replaces."""

    def __init__(self, kind: str, context: EffectContext, *, reverses: Change | None = None) -> None:
        self._context = context
        self._change = Change(
            effect_id=context.effect_id,
            kind=kind,
            case_id=context.case_id,
            made_at=context.now,
            reverses=reverses,
        )
        self._added: dict[type[Versioned], list[Versioned]] = defaultdict(list)
        self._versions: list[FormerVersion] = []
        self._seen: set[UUID] = set()

    def add(self, row: Versioned) -> None:
        self._keep(row, None)
        self._added[type(row)].append(row)

    def update(self, row: Versioned, **values: Any) -> None:
        """Change a stored row; nothing happens if it says so already."""
        values = {name: value for name, value in values.items() if getattr(row, name) != value}
        if not values:
            return
        self._keep(row, _values(row))
        for name, value in values.items():
            setattr(row, name, value)
        row.save(update_fields=[*values, "change", "recorded_at"])

    def remove(self, row: Versioned) -> None:
        """Take back a row that should never have been there. Raises ``RegisterHasMovedOn``."""
        self._keep(row, _values(row))
        try:
            row.delete()
        except ProtectedError as error:
            raise RegisterHasMovedOn(f"{row._meta.model_name} {row.pk} is referred to by later rows") from error

    def close(self, outcome: dict[str, Any]) -> dict[str, Any]:
        """Write the change and return its outcome, completed by its id."""
        self._change.outcome = outcome | {"change": str(self._change.id)}
        self._change.save(force_insert=True)
        for model, rows in self._added.items():
            model.objects.bulk_create(rows)
        FormerVersion.objects.bulk_create(self._versions)
        return self._change.outcome

    def _keep(self, row: Versioned, values: dict[str, Any] | None) -> None:
        """Note the version that ends now; several steps of one change count as one."""
        if row.pk not in self._seen:
            self._seen.add(row.pk)
            self._versions.append(self._version(row, values))
        row.change, row.recorded_at = self._change, self._context.now

    def _version(self, row: Versioned, values: dict[str, Any] | None) -> FormerVersion:
        return FormerVersion(
            change=self._change,
            position=len(self._versions),
            table=row._meta.model_name,
            record_id=row.pk,
            resident_id=row.pk if isinstance(row, Resident) else getattr(row, "resident_id", None),
            values=values,
            recorded_from=row.recorded_at if values else None,
            recorded_until=self._context.now,
            caused_by_case=row.change.case_id if values and row.change else None,
        )


def undo(kind: str, context: EffectContext, *, change_id: str) -> dict[str, Any]:
    """Bring back exactly what a change replaced.

    Raises ``RegisterHasMovedOn`` if any of its rows was changed since.
    """
    if (outcome := made_before(kind, context)) is not None:
        return outcome
    original = Change.objects.get(id=change_id)
    recorder = Recorder(kind, context, reverses=original)
    for version in original.former_versions.order_by("-position"):
        model = apps.get_model("registers", version.table)
        row = model.objects.select_related("change").filter(pk=version.record_id).first()
        if row is None or row.change_id != original.id:
            raise RegisterHasMovedOn(f"{version.table} {version.record_id} was changed since")
        if version.values is None:
            recorder.remove(row)
        else:
            recorder.update(row, **_restored(model, version.values))
    return recorder.close({"undone": change_id})


def _values(row: models.Model) -> dict[str, Any]:
    return {field.attname: field.value_from_object(row) for field in _fields(row)}


def _restored(model: type[models.Model], values: dict[str, Any]) -> dict[str, Any]:
    """Values as the fields hold them, from their JSON form."""
    return {
        field.attname: (field.target_field if field.is_relation else field).to_python(values[field.attname])
        for field in _fields(model)
    }


def _fields(model: models.Model | type[models.Model]) -> list[Any]:
    return [field for field in model._meta.concrete_fields if field.name not in BOOKKEEPING]
