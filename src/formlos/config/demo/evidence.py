"""What can be checked after a move: both registers, every journal, every message, the seal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from formlos.base.tenancy import Municipality, acting_for, within
from formlos.cases import queries as cases
from formlos.config.demo.accounts import Journal, Register, Sent
from formlos.exchange import queries as exchange
from formlos.exchange.kinds import title_of
from formlos.registers.queries.records import snapshot


def register_of(town: Municipality, residents: Sequence[UUID | str]) -> Register:
    """What a town's register says of these people now, by id."""
    with within(town):
        return snapshot(residents=list(residents))


def questions_of(town: Municipality, case: str) -> list[cases.ClerkQuestion]:
    """What a clerk of the town is asked about a case."""
    with acting_for(town):
        return [asked for asked in cases.clerk_questions() if str(asked.case) == case]


def messages_of(town: Municipality, names: Mapping[str, str], *, since: datetime) -> list[Sent]:
    """What a town sent for cases opened since then, oldest first. ``names``: AGS → name."""
    with within(town):
        return [
            Sent(
                row.kind,
                title_of(row.kind),
                town.name,
                names.get(row.receiver, row.receiver),
                row.norm,
                row.state,
                row.created_at,
            )
            for line in _cases_since(since)
            for row in exchange.messages_of(str(line.id))
        ]


def journals_of(town: Municipality, *, since: datetime) -> list[Journal]:
    """Every case of a town opened since then, its journal verified."""
    with acting_for(town):
        return [
            Journal(town.name, line.reference, line.service, line.state, found.entries, found.intact)
            for line in _cases_since(since)
            for found in [cases.verify_journal(line.id)]
        ]


def unsettled(town: Municipality) -> list[str]:
    """What a town still has to do by itself: cases with effects under way, messages not delivered or processed."""
    with within(town):
        under_way = [line.reference for line in cases.cases_of_municipality() if line.state == "decided"]
        return [*under_way, *exchange.under_way()]


def residents_of_case(town: Municipality, case: str) -> list[str]:
    """The register's ids of the people whom a case entered."""
    with acting_for(town):
        effects = cases.state_of(UUID(case)).effects.values()
    entered = [effect.outcome.get("residents", {}) for effect in effects if effect.kind == "register.move_in"]
    return [resident for residents in entered for resident in residents.values()]


def _cases_since(moment: datetime) -> list[cases.CaseLine]:
    return [line for line in reversed(cases.cases_of_municipality()) if line.opened_at >= moment]
