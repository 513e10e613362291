"""What can be checked after a move: both registers, every journal, every message, the seal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from formlos.base import clock
from formlos.base.tenancy import Municipality, acting_for, within
from formlos.cases import queries as cases
from formlos.config.demo.accounts import Journal, Register, Sent
from formlos.config.demo.told import Confirmation
from formlos.exchange import queries as exchange
from formlos.exchange.kinds import title_of
from formlos.notices import queries as notices
from formlos.registers.queries.records import snapshot


def register_of(town: Municipality, residents: Sequence[UUID | str]) -> Register:
    """What a town's register says of these people now, by id."""
    with within(town):
        return dict(snapshot(residents=list(residents), today=clock.today()))


def questions_of(town: Municipality, case: str) -> list[cases.ClerkQuestion]:
    """What a clerk of the town is asked about a case."""
    with acting_for(town):
        return [asked for asked in cases.clerk_questions() if str(asked.case) == case]


def messages_of(*towns: Municipality, since: datetime) -> list[Sent]:
    """What the towns sent each other for cases opened since then, oldest first."""
    names, found = {town.ags: town.name for town in towns}, []
    for town in towns:
        with within(town):
            rows = [row for line in _cases_since(since) for row in exchange.messages_of(str(line.id))]
        for row in rows:
            receiver = names.get(row.receiver, row.receiver)
            found.append(Sent(row.kind, title_of(row.kind), town.name, receiver, row.norm, row.state, row.created_at))
    return sorted(found, key=lambda sent: sent.at)


def journals_of(*towns: Municipality, since: datetime) -> list[Journal]:
    """Every case of the towns opened since then, its journal verified hash by hash."""
    found = []
    for town in towns:
        with acting_for(town):
            for line in _cases_since(since):
                checked = cases.verify_journal(line.id)
                found.append(
                    Journal(town.name, line.reference, line.service, line.state, checked.entries, checked.intact)
                )
    return found


def confirmations(town: Municipality, case: Mapping[str, Any], *, folder: Path) -> list[Confirmation]:
    """The sealed documents of a case, saved in a folder and verified."""
    folder.mkdir(exist_ok=True)
    found = []
    with acting_for(town):
        for document in case["documents"]:
            pdf = notices.pdf_of(document["id"], case_id=case["id"])
            path = folder / f"{document['title']} {document['concerns']}.pdf".replace(" ", "_")
            path.write_bytes(pdf)
            verdict = notices.check(pdf)
            found.append(Confirmation(str(path), verdict.genuine, verdict.sentence))
    return found


def unsettled(town: Municipality) -> list[str]:
    """What a town still has to do by itself: cases with effects under way, messages not delivered or processed."""
    with within(town):
        return [*cases.under_way(), *exchange.under_way()]


def residents_of_case(town: Municipality, case: str) -> list[str]:
    """The register's ids of the people whom a case entered."""
    with acting_for(town):
        effects = cases.state_of(UUID(case)).effects.values()
    entered = [effect.outcome.get("residents", {}) for effect in effects if effect.kind == "register.move_in"]
    return [resident for residents in entered for resident in residents.values()]


def _cases_since(moment: datetime) -> list[cases.CaseLine]:
    return [line for line in reversed(cases.cases_of_municipality()) if line.opened_at >= moment]
