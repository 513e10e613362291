"""What came of a delivery: written down, retried or given up, and told to whoever waits for it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import structlog

from formlos.base import clock, messages
from formlos.base.jobs import defer
from formlos.base.tenancy import within
from formlos.exchange.models import Outgoing
from formlos.exchange.policy import policy
from formlos.exchange.refusals import Refusal

log = structlog.get_logger(__name__)
URGENT, IN_TURN = 10, 0  # a retry waits in line: many to a receiver that is down must not hold up all other jobs


def record_delivery(row: Outgoing, *, receipt: str) -> None:
    """The receiver has it. Tells whoever waits; does nothing if another worker was faster."""
    now = clock.now()
    with within():
        change = {"state": Outgoing.State.DELIVERED, "delivered_at": now, "receipt": receipt, "problem": ""}
        if _still_waiting(row).update(**change, problem_detail="", attempts=row.attempts + 1):
            detail = {"receiver": row.receiver, "kind": row.kind, "delivered_at": now, "attempts": row.attempts + 1}
            messages.report_outcome(row.id, row.reference, "delivered", detail)
    log.info("exchange.delivered", message=str(row.id), receiver=row.receiver, kind=row.kind)


def record_failure(row: Outgoing, refusal: Refusal, *, retry_after: float = 0.0) -> None:
    """Try again later, or give up when patience is over or nothing but lasting refusals came for long enough."""
    now, attempts = clock.now(), row.attempts + 1
    refused_since = (row.refused_since or now) if refusal.lasting else None
    final = refused_since is not None and now - refused_since >= policy().lasting_after
    if final or _patience_is_over(row, attempts, now):
        _give_up(row, refusal, attempts)
    else:
        _try_again(row, refusal, attempts, now + policy().wait(attempts, at_least=retry_after), refused_since)


def _try_again(row: Outgoing, refusal: Refusal, attempts: int, at: datetime, refused_since: datetime | None) -> None:
    from formlos.exchange import tasks  # tasks load operations

    with within():
        change = {"attempts": attempts, "next_attempt_at": at, "refused_since": refused_since}
        if not _still_waiting(row).update(**change, problem=refusal.code, problem_detail=str(refusal)):
            return
        defer(tasks.deliver, outgoing_id=str(row.id), priority=IN_TURN, at=at)
        if row.problem != refusal.code:  # the case hears of a trouble once, not of every attempt
            _report(row, "failed", refusal, attempts, next_attempt_at=at)
    log.warning("exchange.delivery.failed", message=str(row.id), receiver=row.receiver, code=refusal.code)


def _give_up(row: Outgoing, refusal: Refusal, attempts: int) -> None:
    with within():
        change = {"state": Outgoing.State.DEAD, "attempts": attempts}
        if _still_waiting(row).update(**change, problem=refusal.code, problem_detail=str(refusal)):
            _report(row, "dead", refusal, attempts)
    log.error("exchange.delivery.dead", message=str(row.id), receiver=row.receiver, code=refusal.code)


def _still_waiting(row: Outgoing) -> Any:
    return Outgoing.objects.filter(id=row.id, state=Outgoing.State.WAITING)


def _patience_is_over(row: Outgoing, attempts: int, now: datetime) -> bool:
    return attempts >= policy().most_attempts or now - row.patient_since > policy().give_up_after


def _report(row: Outgoing, state: str, refusal: Refusal, attempts: int, **more: Any) -> None:
    detail = {
        "receiver": row.receiver,
        "kind": row.kind,
        "code": refusal.code,
        "problem": str(refusal),
        "attempts": attempts,
        **more,
    }
    messages.report_outcome(row.id, row.reference, state, detail)
