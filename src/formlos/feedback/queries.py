"""Reports of the municipality of the context."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from formlos.base.tenancy import current_municipality_id
from formlos.feedback.models import Report

TO_ANSWER = timedelta(days=30)
"""How long a municipality has (§ 12b Abs. 4 BGG: a month)."""
MOST = 200


@dataclass(frozen=True)
class Reported:
    """``answer_until``: when whoever left a contact has to have an answer."""

    id: UUID
    number: str
    text: str
    page: str
    contact: str
    language: str
    at: datetime
    answer_until: datetime
    done_at: datetime | None


def reports() -> list[Reported]:
    """Open ones first, of these the oldest; then what is done, newest first. At most 200 of each."""
    rows = Report.objects.filter(municipality_id=current_municipality_id())
    still_open = rows.filter(done_at__isnull=True).order_by("reported_at")[:MOST]
    done = rows.filter(done_at__isnull=False).order_by("-done_at")[:MOST]
    return [_reported(row) for row in (*still_open, *done)]


def _reported(row: Report) -> Reported:
    return Reported(
        id=row.id,
        number=row.number,
        text=row.text,
        page=row.page,
        contact=row.contact,
        language=row.language,
        at=row.reported_at,
        answer_until=row.reported_at + TO_ANSWER,
        done_at=row.done_at,
    )
