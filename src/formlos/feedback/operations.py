"""Taking reports, answering them, forgetting them. All in the municipality of the context."""

from __future__ import annotations

import secrets
from datetime import timedelta
from uuid import UUID

from formlos.base import clock
from formlos.base.tenancy import current_municipality_id, within
from formlos.feedback.models import Report
from formlos.vocabulary.texts import without_hidden

LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # none that are mistaken for another
KEPT = timedelta(days=365)
LONGEST = {"text": 4000, "page": 300, "contact": 200}


class NothingSaid(ValueError):
    """A report without a word."""

    code = "nothing_said"


class NoSuchReport(LookupError):
    """There is no such report here."""

    code = "no_such_report"


def report(*, text: str, page: str, contact: str, language: str) -> str:
    """Keep a report and return its receipt number. What is too long is cut. Raises ``NothingSaid``."""
    said = {
        name: without_hidden(value).strip() for name, value in (("text", text), ("page", page), ("contact", contact))
    }
    if not said["text"]:
        raise NothingSaid("a report needs a text")
    said = {name: value[: LONGEST[name]] for name, value in said.items()}
    with within():
        row = Report.objects.create(number=_number(), language=language, reported_at=clock.now(), **said)
    return row.number


def settle(*, report_id: UUID, by: str) -> None:
    """Note that a report was dealt with; a second time changes nothing. Raises ``NoSuchReport``."""
    with within():
        found = Report.objects.filter(municipality_id=current_municipality_id(), id=report_id)
        if not found.exists():
            raise NoSuchReport(str(report_id))
        found.filter(done_at__isnull=True).update(done_at=clock.now(), done_by=by)


def forget_old() -> int:
    """Erase reports of more than a year ago; returns how many."""
    with within():
        old = Report.objects.filter(municipality_id=current_municipality_id(), reported_at__lt=clock.now() - KEPT)
        return old.delete()[0]


def _number() -> str:
    signs = "".join(secrets.choice(LETTERS) for _ in range(8))
    return f"B-{clock.today().year}-{signs[:4]}-{signs[4:]}"
