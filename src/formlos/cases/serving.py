"""Notices reach their person: who retrieved what when, and what happens when nobody does."""

from __future__ import annotations

from uuid import UUID

import structlog

from formlos.base import clock, people
from formlos.base.tenancy import within
from formlos.cases.models import Case
from formlos.cases.representation import addressee
from formlos.cases.state import RETRIEVED, SERVED_AGAIN
from formlos.cases.work import note
from formlos.notices import operations, queries

log = structlog.get_logger(__name__)


def note_retrieval(*, case_id: UUID, notice_id: UUID, actor: str) -> None:
    """The person of the case has opened a notice; journalled the first time, which is the one that counts."""
    with within():
        if operations.note_retrieved(notice_id=notice_id, case_id=case_id, at=clock.now()):
            note(case_id, RETRIEVED, {"notice": str(notice_id)}, actor=actor)


def serve_again() -> int:
    """End the provision of acts that were not retrieved in time and let them go by post, each in its own transaction.

    Returns how many. § 41 Abs. 2a Satz 4 und 5 VwVfG: nothing was made known yet.
    """
    served = 0
    for notice in queries.not_retrieved():
        try:
            served += _serve_again(notice)
        except Exception:
            log.exception("cases.notice.failed", notice=str(notice.id))
    return served


def _serve_again(notice: queries.Document) -> bool:
    with within():
        if not operations.serve_again(notice_id=notice.id, at=clock.now()):
            return False
        norm = notice.effect.norm if notice.effect else ""
        note(notice.case_id, SERVED_AGAIN, {"notice": str(notice.id), "way": "post", "norm": norm})
        people.tell(addressee(Case.objects.get(id=notice.case_id)), occasion=f"again:{notice.id}")
        log.info("cases.notice.served_again", case=str(notice.case_id), notice=str(notice.id))
        return True
