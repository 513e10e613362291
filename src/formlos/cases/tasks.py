"""Jobs of cases: go on after a commit, look again when a day has come, sweep up after a crash."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import structlog
from django.conf import settings
from django.db.models import F, Q, QuerySet

from formlos.base import clock, messages
from formlos.base.jobs import defer, for_every_town, task
from formlos.base.tenancy import current_municipality_id, within
from formlos.cases import drafts, effects, invitations, linking, operations, serving
from formlos.cases.advance import advance
from formlos.cases.models import Case
from formlos.cases.work import working_on

log = structlog.get_logger(__name__)
AT_MOST = 500  # cases that one sweep takes up for a municipality


@task(name="cases.go_on", queue="cases")
def go_on(*, case_id: str, unfinished: bool = True) -> None:
    """Run the slow effects of a case, if it has any, each in its own transaction; then deliver its messages."""
    while unfinished:
        unfinished = _run_next_effect(UUID(case_id))
    messages.deliver_pending(reference=case_id)


@task(name="cases.look_again", queue="cases")
def look_again(*, case_id: str) -> None:
    """Advance a case whose day has come."""
    operations.continue_case(case_id=UUID(case_id))


@task(name="cases.reverse", queue="cases")
def reverse(*, case_id: str, reason: str) -> None:
    """Take a case back because another authority took its message back; a second run finds it taken back."""
    operations.take_back(case_id=UUID(case_id), reason=reason, actor="system")


@task(name="cases.decide_anew", queue="cases")
def decide_anew(*, case_id: str, about: str, reason: str) -> None:
    """Take a decision back and have it made anew, because an objection succeeded; a second run does nothing."""
    linking.decide_anew(case_id=UUID(case_id), about=about, reason=reason)


@task(name="cases.hear_party", queue="cases")
def hear_party(*, invitation: str) -> None:
    """Tell the case that sent a link what became of the case that the link opened."""
    invitations.hear(invitation_id=UUID(invitation))


@task(name="cases.note_opened", queue="cases")
def note_opened(*, invitation: str) -> None:
    """Let the case that sent a link know that it was opened."""
    invitations.note_opened(invitation_id=UUID(invitation))


def reverse_later(*, case_id: UUID, reason: str) -> None:
    defer(reverse, case_id=str(case_id), reason=reason)


@for_every_town(name="cases.sweep", cron=settings.SWEEP_CRON, queue="cases")
def sweep() -> None:
    """Find cases whose day has come and cases that somebody left in the middle."""
    with within():
        late = clock.now() - timedelta(seconds=settings.SWEEP_AFTER_SECONDS)
        due = Case.objects.filter(municipality_id=current_municipality_id(), changed_at__lt=late)
        _take_up(due.filter(Q(wake_at__lte=clock.now()) | Q(entries__gt=F("processed"))), look_again)
        _take_up(due.filter(unfinished=True), go_on)


@for_every_town(name="cases.look_after_drafts", cron="20 3 * * *", queue="cases")
def look_after_drafts() -> None:
    """Announce and erase drafts that nobody goes on with."""
    drafts.look_after(silence=timedelta(days=settings.DRAFT_DAYS))


@for_every_town(name="cases.serve_again", cron="40 4 * * *", queue="cases")
def serve_again() -> None:
    """Let acts that nobody retrieved in time go by post."""
    serving.serve_again()


def _take_up(cases: QuerySet[Case], job: Callable[..., None]) -> None:
    """Enqueue a job for some of these cases; marked as touched, they are not found again at once."""
    found = list(cases.order_by("changed_at").values_list("id", flat=True)[:AT_MOST])
    Case.objects.filter(id__in=found).update(changed_at=clock.now())
    for case_id in found:
        defer(job, case_id=str(case_id))


def _run_next_effect(case_id: UUID) -> bool:
    """Run one intended effect and tell whether more are left. A failure is journalled, then raised for the retry."""
    effect = None
    try:
        with working_on(case_id, then_go_on=False) as work:
            effect = next(iter(work.state.unfinished_effects), None)
            if effect is None:
                return False
            effects.run_intended(work, effect)
            advance(work)
            return bool(work.state.unfinished_effects)
    except Exception as error:
        if effect is not None:
            with working_on(case_id, then_go_on=False) as work:
                if effect.id in {waiting.id for waiting in work.state.unfinished_effects}:
                    effects.note_failure(work, effect, error)
                    advance(work)
        raise
