"""How long cases took, from those that are through: numbers without persons, and none where there are only a few."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import timedelta

from formlos.base.tenancy import current_municipality_id, within
from formlos.cases.models import Case

NEWEST, LEAST = 50, 10  # cases that are counted; fewer than the least say nothing, and could say too much


@dataclass(frozen=True)
class Pace:
    """Of the last ``cases`` decided ones, half took at most ``half`` from sending to decision, nine in ten ``most``."""

    cases: int
    half: timedelta
    most: timedelta


def pace_of(service: str, *, with_clerk: bool = False) -> Pace | None:
    """The pace of a service in the municipality of the context; ``None`` while too few are through.

    with_clerk: only of cases that a clerk had to look at.
    """
    with within():
        found = Case.objects.filter(
            municipality_id=current_municipality_id(),
            service=service,
            sent_at__isnull=False,
            decided_at__isnull=False,
        )
        found = found.filter(with_clerk=True) if with_clerk else found
        moments = list(found.order_by("-decided_at").values_list("sent_at", "decided_at")[:NEWEST])
    if len(moments) < LEAST:
        return None
    took = sorted(decided - sent for sent, decided in moments)
    return Pace(len(took), _share(took, 0.5), _share(took, 0.9))


def _share(took: list[timedelta], share: float) -> timedelta:
    """The time within which this share of the cases was through."""
    return took[math.ceil(len(took) * share) - 1]
