"""Drafts: cases that were never sent. Nobody needs them for ever; after a time of silence they are erased."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import structlog

from formlos.base import clock, journal
from formlos.base.tenancy import current_municipality_id, within
from formlos.cases import attachments
from formlos.cases.advance import end
from formlos.cases.models import Case, Preparation
from formlos.cases.state import ANNOUNCED, WITHDRAWN
from formlos.cases.work import SYSTEM, CaseIsOver, Work, working_on

log = structlog.get_logger(__name__)
NOTICE = timedelta(days=7)
STORAGE_LIMITATION = "Art. 5 Abs. 1 lit. e DSGVO"
NO_LONGER_NEEDED = "Art. 17 Abs. 1 lit. a DSGVO"
OF_PEOPLE = ("portal", "counter")
UNDECIDED = (Case.State.OPEN, Case.State.CLERK, Case.State.WAITING)


def look_after(*, silence: timedelta) -> None:
    """Announce the erasure of drafts a week ahead and erase those whose day has come, each in its own transaction.

    silence: since the person last said something. Whoever says something meanwhile keeps the draft.
    """
    for case_id in _old_undecided(silence):
        try:
            _look_after(case_id, silence)
        except Exception:
            log.exception("cases.draft.failed", case=str(case_id))


def discard(*, case_id: UUID, reason: str, norm: str, actor: str) -> None:
    """Withdraw a draft and erase for good its files, what its journal says and whose it was; what happened when stays.

    Nobody's key opens it any more.

    Raises ``NoSuchCase``, and ``CaseIsOver`` for a case that was sent or has ended.
    """
    with within():
        with working_on(case_id, then_go_on=False) as work:
            if not is_draft(work):
                raise CaseIsOver(work.state.ended or work.case.state)
            said = [entry.sequence for entry in work.chain.entries]
            work.add(WITHDRAWN, {"reason": reason}, actor=actor)
            end(work, Case.State.WITHDRAWN)
        Preparation.objects.filter(municipality_id=current_municipality_id(), case_id=case_id).delete()
        attachments.erase(case_id=case_id)
        journal.erase(case_id, sequences=said, norm=norm, actor=actor)
        entries = work.case.entries + 1
        Case.objects.filter(id=case_id).update(subject="", representative="", entries=entries, processed=entries)


def is_draft(work: Work) -> bool:
    state = work.state
    return work.case.channel in OF_PEOPLE and not (state.reviewed or state.decision or state.ended)


def kept_until(work: Work, *, silence: timedelta) -> date:
    """The day on which a draft is erased, unless the person says something before; as ``look_after`` does it."""
    since = work.state.silent_since or work.case.opened_at
    return work.state.erase_on or (since + silence).astimezone(clock.BERLIN).date()


def _old_undecided(silence: timedelta) -> list[UUID]:
    """Cases of people that may be drafts to announce or erase; their journals tell."""
    before = clock.now() - (silence - NOTICE)
    with within():
        rows = Case.objects.filter(
            municipality_id=current_municipality_id(), channel__in=OF_PEOPLE, state__in=UNDECIDED, opened_at__lte=before
        )
        return list(rows.order_by("opened_at").values_list("id", flat=True))


def _look_after(case_id: UUID, silence: timedelta) -> None:
    with within():
        with working_on(case_id, then_go_on=False) as work:
            erase_on, since = work.state.erase_on, work.state.silent_since or work.case.opened_at
            if not is_draft(work):
                return
            if erase_on is None and since + silence - NOTICE <= clock.now():
                day = max((since + silence).astimezone(clock.BERLIN).date(), clock.today() + NOTICE)
                work.add(ANNOUNCED, {"on": day.isoformat()})
                work.case.processed = len(work.chain.entries)
        if erase_on and erase_on <= clock.today():
            discard(case_id=case_id, reason="lange nicht bearbeitet", norm=STORAGE_LIMITATION, actor=SYSTEM)
