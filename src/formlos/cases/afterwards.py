"""What follows a commit: slow effects and messages, carried out by a worker.

In a worker it follows at once, in the same job, because few fat jobs are cheaper than many thin ones.
In a web process it is deferred: a web process never calls out. A worker killed in between is no loss:
the case stays marked unfinished, the message stays in the outbox, and sweepers find both.
"""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from formlos.base import jobs


def follow(case_id: UUID, *, unfinished: bool) -> None:
    """Let ``tasks.go_on`` run after the commit of the running transaction."""
    from formlos.cases import tasks

    if jobs.in_job():
        transaction.on_commit(lambda: tasks.go_on(case_id=str(case_id), unfinished=unfinished), robust=True)
    else:
        jobs.defer(tasks.go_on, case_id=str(case_id), unfinished=unfinished, priority=5)
