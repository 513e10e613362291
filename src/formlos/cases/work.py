"""Working on one case: its row locked, its journal in memory, written back together at the end."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from formlos.base import clock, journal
from formlos.base.tenancy import current_ags, current_municipality_id, within
from formlos.cases import afterwards
from formlos.cases.models import Case
from formlos.cases.news import tell_of_news
from formlos.cases.representation import Represented
from formlos.cases.state import DONE, INTENDED, REQUESTED, SETTLED, UNDONE, CaseState, fold, without
from formlos.cases.values import decode_all, encode
from formlos.catalogue.queries import Adopted, law
from formlos.law import Facts, Law, Unknown

SYSTEM = "system"
LEAVING = (REQUESTED, INTENDED, DONE, UNDONE, SETTLED)  # entries after which something may wait to leave our database


class NoSuchCase(LookupError):
    """There is no such case in this municipality, or it is not yours."""

    code = "no_such_case"


@dataclass
class Work:
    """A locked case. Everything that happens is appended to ``chain`` and saved when the work ends."""

    case: Case
    chain: journal.Chain
    law: Law
    _read: tuple[UUID | None, CaseState, Facts] | None = field(default=None, repr=False)

    @property
    def state(self) -> CaseState:
        return self._up_to_date()[1]

    def facts(self) -> Facts:
        """What the engine computes with now: the assertions that count, defaults, the clock, the case itself."""
        return self._up_to_date()[2]

    def _up_to_date(self) -> tuple[UUID | None, CaseState, Facts]:
        """State and facts, read off the journal again only when it ends in another entry."""
        last = self.chain.entries[-1].id if self.chain.entries else None  # not their number: a chain can be rewound
        if self._read is None or self._read[0] != last:
            self._read = (last, *self._without_stale(fold(self.chain.entries)))
        return self._read

    def _without_stale(self, state: CaseState) -> tuple[CaseState, Facts]:
        """Withdraw what was fetched or answered with inputs that have changed since, and what rests on that."""
        while True:
            facts = self._facts_of(state)
            # One look for each answer, not for each of its facts: they share their inputs.
            asked = {(name, id(told.inputs)): told.inputs for name, told in state.replies.items()}
            asked |= {(a.source, id(a.inputs)): a.inputs for a in state.facts.values() if a.inputs}
            changed = {key for key, inputs in asked.items() if self._changed(key[0], inputs, facts)}
            replies = [name for name, told in state.replies.items() if (name, id(told.inputs)) in changed]
            assertions = [a for a in state.facts.values() if (a.source, id(a.inputs)) in changed]
            if not replies and not assertions:
                return state, facts
            state = without(state, assertions=assertions, sources=replies)

    def _changed(self, source: str, inputs: Mapping[str, Any], facts: Facts) -> bool:
        """Whether an input is known to be another now than it was; one that is open at the moment is not."""
        names = self.service["sources"].get(source, {}).get("inputs", {})
        current = {name: self.law.value(facts, names[name]) for name in inputs if name in names}
        return any(not isinstance(value, Unknown) and encode(value) != inputs[name] for name, value in current.items())

    def again(self, case: Case) -> Work | None:
        """The same for its locked row, unless the journal has grown since it was read or is about to."""
        entries = self.chain.entries
        if not len(entries) == self.case.entries == case.entries or self.case.id != case.id:
            return None
        return Work(case, journal.Chain(case.id, [*entries]), self.law, self._read)

    @property
    def service(self) -> Mapping[str, Any]:
        return self.law.document.data

    def add(self, kind: str, payload: dict[str, Any], *, actor: str = SYSTEM) -> None:
        self.chain.append(kind, payload, actor=actor)

    def _facts_of(self, state: CaseState) -> Facts:
        values = {path: assertion.value for path, assertion in state.facts.items()}
        return Facts(decode_all(self.law.document, self._own_facts(state) | values))

    def _filed_on(self, state: CaseState) -> date:
        """The day of filing: when the declaration was sent; until then today, and for a message its arrival."""
        if self.case.channel == "message":
            return self.case.opened_at.astimezone(clock.BERLIN).date()
        return state.reviewed_at.astimezone(clock.BERLIN).date() if state.reviewed_at else clock.today()

    def _own_facts(self, state: CaseState) -> dict[str, Any]:
        """Facts nobody needs to be asked for: today, day of filing, own key, and declared defaults."""
        own = {
            "clock": clock.today().isoformat(),
            "antragsdatum": self._filed_on(state).isoformat(),
            "eigene_ags": current_ags(),
            "neue_anschrift/ags": current_ags(),
        }
        sources = self.service["sources"]
        found: dict[str, Any] = {}
        for name, fact in self.service["facts"].items():
            kinds = {sources[source]["kind"] for source in fact["sources"]}
            if "clock" in kinds:
                found[name] = own["clock"]
            elif "case" in kinds and name in own:
                found[name] = own[name]
            elif "default" in fact:
                found[name] = fact["default"]
        return found


@contextmanager
def working_on(case_id: UUID, *, then_go_on: bool = True, read: Work | None = None) -> Iterator[Work]:
    """Lock the case, load its journal, and write back entries and projections at the end.

    One case per transaction. What must leave our database follows after the commit (``go_on``). ``read``: the case as
    it was read before; its journal serves again if nothing was written since. Raises ``NoSuchCase``.
    """
    with within():
        case = Case.objects.select_for_update().filter(municipality_id=current_municipality_id(), id=case_id).first()
        if case is None:
            raise NoSuchCase(str(case_id))
        work = (read and read.again(case)) or _loaded(case)
        before = case.state
        yield work
        tell_of_news(case, work.chain.entries[case.entries :], before=before)
        _save(work, then_go_on=then_go_on)


def _loaded(case: Case) -> Work:
    return Work(case, journal.load(case.id), law(document=case.document, parameters=case.parameters))


def note(case_id: UUID, kind: str, payload: dict[str, Any], *, actor: str = SYSTEM) -> None:
    """Journal something that leaves a case where it stands: only the end of its journal is read.

    Raises ``NoSuchCase``.
    """
    with within():
        case = Case.objects.select_for_update().filter(municipality_id=current_municipality_id(), id=case_id).first()
        if case is None:
            raise NoSuchCase(str(case_id))
        chain = journal.end_of(case.id)
        chain.append(kind, payload, actor=actor)
        chain.save()
        case.processed += case.processed == case.entries
        case.entries += 1
        case.changed_at = clock.now()
        case.save(update_fields=["entries", "processed", "changed_at"])


@contextmanager
def opening(
    pinned: Adopted,
    *,
    channel: str,
    subject: str = "",
    sender: str = "",
    message: UUID | None = None,
    child: Represented | None = None,
    like: Case | None = None,
) -> Iterator[Work]:
    """Create a case under the law it pins and work on it. Senders choose the ids of their messages themselves.

    With a ``child``, the case is the child's, and ``subject`` is who acts for it. ``like`` another case: of the same person.
    """
    with within():
        case = Case(
            service=pinned.service,
            document=pinned.document,
            parameters=pinned.parameters,
            channel=channel,
            **(whose(subject, child) if like is None else _same_as(like)),
            opened_by_sender=sender,
            opened_by_message=message,
            opened_at=clock.now(),
            changed_at=clock.now(),
        )
        case.reference = _reference(case)
        case.save(force_insert=True)
        work = Work(case, journal.Chain(case.id, []), law(document=case.document, parameters=case.parameters))
        yield work
        _save(work, then_go_on=True)


def _same_as(like: Case) -> dict[str, Any]:
    return {name: getattr(like, name) for name in ("subject", "representative", "represented_until")}


def whose(subject: str, child: Represented | None) -> dict[str, Any]:
    """The columns that say whose case it is and who acts."""
    if child is None:
        return {"subject": subject}
    return {
        "subject": f"child:{child.resident}",
        "representative": subject,
        "represented_until": child.until,
    }


def _reference(case: Case) -> str:
    """A file reference people can read out: service, year, and eight letters without I, L, O, U."""
    alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    letters = "".join(secrets.choice(alphabet) for _ in range(8))
    return f"{case.service[:3].upper()}-{case.opened_at.astimezone(clock.BERLIN).year}-{letters}"


def _save(work: Work, *, then_go_on: bool) -> None:
    work.chain.save()
    case, state = work.case, work.state
    leaves = any(entry.kind in LEAVING for entry in work.chain.entries[case.entries :])
    case.entries = len(work.chain.entries)
    case.changed_at = clock.now()
    case.sent_at, case.decided_at = state.reviewed_at, state.decided_at
    case.with_clerk |= case.state == Case.State.CLERK
    case.unfinished = bool(state.unfinished_effects)
    case.save(force_update=True)
    if then_go_on and leaves:
        afterwards.follow(case.id, unfinished=case.unfinished)


def asserted(
    values: Mapping[str, Any],
    *,
    source: str,
    supplier: str,
    basis: str,
    trust: str,
    reason: str = "",
    by_clerk: bool = False,
    inputs: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """The payload of a ``facts.asserted`` entry."""
    payload = {"source": source, "supplier": supplier, "basis": basis, "trust": trust, "values": dict(values)}
    more = {"reason": reason, "by_clerk": by_clerk, "inputs": dict(inputs or {})}
    return payload | {name: value for name, value in more.items() if value}


def refuse_if_over(work: Work) -> None:
    """Raises ``CaseIsOver`` when nothing more may be said to this case."""
    if work.state.decision or work.state.ended:
        raise CaseIsOver(work.state.ended or "decided")


class CaseIsOver(Exception):
    """The case is decided or ended; say what should change by withdrawing or correcting it."""

    code = "case_is_over"
