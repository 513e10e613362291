"""When the person of a case is told that there is something new: what they did themselves they know."""

from __future__ import annotations

from collections.abc import Sequence

from formlos.base import people
from formlos.base.journal import Entry
from formlos.cases.models import Case
from formlos.cases.representation import addressee
from formlos.cases.state import ANNOUNCED, DONE

WORTH_TELLING = (Case.State.OPEN, Case.State.DECIDED, Case.State.CLOSED, Case.State.REVERSED)
DOCUMENTS = ("notice.issue", "notice.receipt")


def tell_of_news(case: Case, new: Sequence[Entry], *, before: str) -> None:
    """Tell, after the running transaction, of a new state or document that others caused. before: state until now."""
    if not case.subject or not new or any(entry.actor.startswith("person:") for entry in new):
        return
    changed = case.state != before and case.state in WORTH_TELLING
    if changed or any(_is_post(entry) for entry in new):
        people.tell(addressee(case), occasion=f"case:{case.id}:{new[-1].sequence}")


def _is_post(entry: Entry) -> bool:
    """A document for the person, or the announcement that their draft will be erased."""
    payload = entry.payload or {}
    return entry.kind == ANNOUNCED or (entry.kind == DONE and payload.get("kind", "") in DOCUMENTS)
