"""The day's seal: a Merkle root over the heads of all journals, signed by the municipality and published.

Whoever keeps yesterday's root can later prove that no journal was rewritten since.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Max, Min
from joserfc import jws
from joserfc.jwk import ECKey

from formlos.base import clock, journal, keys
from formlos.base.models import DailyRoot, JournalEntry
from formlos.base.tenancy import current_municipality, current_municipality_id, within
from formlos.law.canonical import canonical_bytes

MOST_DAYS = 100  # sealed in one go; the next goes on


@dataclass(frozen=True)
class PublishedRoot:
    """``root`` covers ``heads`` journals as they stood at the end of ``day``; ``seal`` is a JWS over all of it."""

    day: date
    heads: int
    root: str
    seal: str


def seal_day(*, day: date) -> PublishedRoot:
    """Seal a past day once; sealing it again returns what was sealed. Raises ``ValueError`` for today or later."""
    if day >= clock.today():
        raise ValueError(f"{day} is not over")
    with within():
        known = DailyRoot.objects.filter(municipality_id=current_municipality_id(), day=day).first()
        if known is None:
            heads = _heads_at_end_of(day)
            claims = {
                "ags": current_municipality().ags,
                "day": day,
                "heads": len(heads),
                "root": journal.merkle_root(heads),
            }
            known = DailyRoot.objects.create(day=day, heads=len(heads), root=claims["root"], seal=_signed(claims))
        return _published(known)


def seal_past_days() -> list[PublishedRoot]:
    """Seal every past day since the first journal entry that nobody sealed, oldest first, so many at a time."""
    return [seal_day(day=day) for day in _unsealed_days()[:MOST_DAYS]]


def published_root(*, day: date) -> PublishedRoot | None:
    """What was sealed for a day by the municipality of the context, however long ago."""
    with within():
        row = DailyRoot.objects.filter(municipality_id=current_municipality_id(), day=day).first()
        return _published(row) if row else None


def published_roots(*, limit: int = 30) -> list[PublishedRoot]:
    """The newest sealed days of the municipality of the context."""
    with within():
        rows = DailyRoot.objects.filter(municipality_id=current_municipality_id()).order_by("-day")[:limit]
        return [_published(row) for row in rows]


def _published(row: DailyRoot) -> PublishedRoot:
    return PublishedRoot(row.day, row.heads, row.root, row.seal)


def _unsealed_days() -> list[date]:
    with within():
        entries = JournalEntry.objects.filter(municipality_id=current_municipality_id())
        first = entries.aggregate(first=Min("at"))["first"]
        sealed = set(DailyRoot.objects.filter(municipality_id=current_municipality_id()).values_list("day", flat=True))
    if first is None:
        return []
    start = first.astimezone(clock.BERLIN).date()
    days = (start + timedelta(days=number) for number in range((clock.today() - start).days))
    return [day for day in days if day not in sealed]


def _heads_at_end_of(day: date) -> list[tuple[Any, str]]:
    end = datetime.combine(day + timedelta(days=1), time(), tzinfo=clock.BERLIN)
    before = JournalEntry.objects.filter(municipality_id=current_municipality_id(), at__lt=end)
    last = dict(before.values_list("chain").annotate(Max("sequence")))
    heads = before.filter(sequence__in=set(last.values())).values_list("chain", "sequence", "hash")
    return sorted((chain, head) for chain, sequence, head in heads if last[chain] == sequence)


def _signed(claims: dict[str, Any]) -> str:
    key = keys.active(purpose="seal")
    header = {"alg": "ES256", "kid": key.kid, "typ": "formlos-journal-root+jws"}
    return jws.serialize_compact(header, canonical_bytes(claims), ECKey.import_key(key.private_key()))
