"""Objections to transmissions as the register holds them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import F, Q

from formlos.registers.models import Lock


@dataclass(frozen=True)
class Objection:
    """``since`` is None for one of the initial stock; ``until``: the day from which it holds no more."""

    kind: str
    since: date | None
    until: date | None


def objections_of(*, resident_id: UUID, today: date) -> list[Objection]:
    """What a resident objects to now or from a later day on, in the order of the law."""
    rows = Lock.objects.filter(not_over(today), resident=resident_id, kind__in=KINDS)
    found = {row.kind: Objection(row.kind, row.since, row.until) for row in rows}
    return [found[kind] for kind in KINDS if kind in found]


def not_over(today: date) -> Q:
    """Locks that hold today or later; one taken back before it began never does."""
    never = Q(since__isnull=False, until__lte=F("since"))
    return (Q(until__isnull=True) | Q(until__gt=today)) & ~never


KINDS = Lock.OBJECTIONS
