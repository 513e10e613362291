"""One node, many municipalities, walled from each other twice.

In Python a query on a tenant table without a context raises; in PostgreSQL row-level security compares
every row with the municipality set for the transaction (see ``rows``), whoever wrote the query.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import connection, models, transaction

from formlos.base.ids import new_id


class NoMunicipality(Exception):
    """A tenant table was touched outside ``within(municipality)``."""

    code = "no_municipality"


class OtherMunicipality(Exception):
    """A transaction of one municipality tried to act for another; reach it by job or message."""

    code = "other_municipality"


class Municipality(models.Model):
    """A tenant: a city or town with its official key (Amtlicher Gemeindeschlüssel)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    ags = models.CharField(max_length=8, unique=True)
    name = models.CharField(max_length=200)
    slug = models.SlugField(max_length=200, unique=True)
    land = models.CharField(max_length=2)
    settings = models.JSONField(default=dict)

    class Meta:
        app_label = "base"

    def __str__(self) -> str:
        return self.name


_acting_for: ContextVar[UUID | None] = ContextVar("municipality", default=None)
_opened: ContextVar[UUID | None] = ContextVar("municipality_of_transaction", default=None)


def current_municipality_id() -> UUID:
    """The municipality of the running context; raises ``NoMunicipality`` when there is none."""
    current = _acting_for.get()
    if current is None:
        raise NoMunicipality("no municipality is set; wrap the call in tenancy.within(municipality)")
    return current


def current_municipality() -> Municipality:
    return municipality_by_id(current_municipality_id())


def current_ags() -> str:
    """The official key of the municipality of the running context; it never changes, so it is read once."""
    return _ags_of(current_municipality_id())


@lru_cache(maxsize=1024)
def _ags_of(municipality_id: UUID) -> str:
    return municipality_by_id(municipality_id).ags


def municipality_by_id(municipality_id: UUID) -> Municipality:
    return Municipality.objects.get(id=municipality_id)


def municipality_by_ags(ags: str) -> Municipality:
    """Raises ``Municipality.DoesNotExist`` for a municipality that is not on this node."""
    return Municipality.objects.get(ags=ags)


@contextmanager
def acting_for(municipality: Municipality | UUID) -> Iterator[None]:
    """Carry the municipality without opening a transaction: jobs do this, then open short ones."""
    token = _acting_for.set(_id_of(municipality))
    try:
        yield
    finally:
        _acting_for.reset(token)


@contextmanager
def within(municipality: Municipality | UUID | None = None) -> Iterator[None]:
    """One transaction of one municipality; without an argument, of the one being acted for.

    Nested calls for the same municipality join the outer transaction.
    """
    wanted = current_municipality_id() if municipality is None else _id_of(municipality)
    opened = _opened.get() if connection.in_atomic_block else None
    if opened == wanted:
        yield
        return
    if opened is not None:
        raise OtherMunicipality(f"transaction belongs to {opened}, not to {wanted}")
    acting, opening = _acting_for.set(wanted), _opened.set(wanted)
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('app.municipality', %s, true)", [str(wanted)])
            yield
    finally:
        _opened.reset(opening)
        _acting_for.reset(acting)


def _id_of(municipality: Municipality | UUID) -> UUID:
    return municipality.id if isinstance(municipality, Municipality) else municipality


class TenantManager(models.Manager):
    """Refuses to build a query when nobody said for which municipality."""

    def get_queryset(self) -> models.QuerySet:
        current_municipality_id()
        return super().get_queryset()


class TenantModel(models.Model):
    """A row that belongs to one municipality. ``append_only`` tables can be read and added to, no more."""

    append_only = False

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    municipality = models.ForeignKey(
        Municipality,
        on_delete=models.PROTECT,
        default=current_municipality_id,
        editable=False,
        related_name="+",
    )

    objects: Any = TenantManager()

    class Meta:
        abstract = True
