"""Reading lists, for whoever sent them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from formlos.base.tenancy import within
from formlos.landlords.models import Batch
from formlos.landlords.operations import NoSuchList
from formlos.registers.queries.confirmations import confirmed_in


@dataclass(frozen=True)
class Line:
    """A row: what it says, what is wrong with it, and its code once there is one.

    ``state``: wrong, ready, waiting (its turn has not come), asked (a clerk looks at it), confirmed.
    """

    number: int
    said: Mapping[str, Any]
    problems: list[tuple[str, str]]
    state: str
    case_id: UUID | None = None
    code: str = ""


@dataclass(frozen=True)
class List:
    """``done``: every row that can be confirmed is a case by now."""

    id: UUID
    role: str
    confirmed: bool
    done: bool
    lines: list[Line]

    def count(self, *states: str) -> int:
        return sum(line.state in states for line in self.lines)


def list_of(batch_id: UUID, *, subject: str) -> List:
    """A person's own list. Raises ``NoSuchList``."""
    with within():
        batch = Batch.objects.filter(id=batch_id, subject=subject).first()
        if batch is None:
            raise NoSuchList(str(batch_id))
        rows = list(batch.rows.order_by("number"))
        codes = confirmed_in([row.case_id for row in rows if row.case_id])
    lines = []
    for row in rows:
        found = codes.get(row.case_id)
        state = "wrong" if row.problems else "waiting" if batch.confirmed_at else "ready"
        if row.case_id:
            state = "confirmed" if found else "asked"
        problems = [(code, detail) for code, detail in row.problems]
        lines.append(Line(row.number, row.said, problems, state, row.case_id, found.code if found else ""))
    done = batch.confirmed_at is not None and all(line.state != "waiting" for line in lines)
    return List(batch.id, batch.said["handelt_als"], batch.confirmed_at is not None, done, lines)
