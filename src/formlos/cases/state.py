"""What a case is, read off its journal: a fold over the entries, no more.

Values stay in their JSON form here; ``values`` turns them into what the engine computes with.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from formlos.base.journal import Entry

OPENED = "case.opened"
ASSERTED = "facts.asserted"
REQUESTED = "source.requested"
ANSWERED = "source.answered"
DISPUTED = "fact.disputed"
REVIEWED = "review.sent"
TAKEN_UP = "review.taken_up"
EVALUATED = "case.evaluated"
DECIDED = "decision.made"
INTENDED = "effect.intended"
DONE = "effect.done"
FAILED = "effect.failed"
UNDONE = "effect.reversed"
REFUSED = "effect.refused"
SETTLED = "refusal.settled"
RECEIVED = "message.received"
DELIVERY = "message.outcome"
WITHDRAWN = "case.withdrawn"
REVERSED = "case.reversed"
ANNOUNCED = "draft.announced"
CHECKED = "identity.checked"
ADOPTED = "case.adopted"  # who prepared it has identified: it is a case of their account from now on
COUNTER_OPENED = "counter.opened"
COUNTER_LEFT = "counter.left"
LINKED = "case.linked"
RETRIEVED = "notice.retrieved"
SERVED_AGAIN = "notice.served_again"
INVITED = "party.invited"
OPENED_BY_PARTY = "party.opened"
REVOKED = "party.revoked"
TOLD = "party.told"  # in the case that a link opened: what became of it was told to the one who sent the link

EFFECT = "effect:"  # a clerk's question about an effect that cannot happen has this path and the effect's id
MOST_ATTEMPTS = 5

PERSON_SPEAKS = ("person:", "counter:")  # actors: the person at home, and the person through a clerk at the counter

TRUST = {"none": 0, "basic": 1, "substantial": 2, "high": 3}


@dataclass(frozen=True)
class Assertion:
    """One source's word on one fact. ``inputs`` are the facts it was fetched with."""

    path: str
    value: Any
    source: str
    supplier: str
    basis: str
    trust: str
    at: datetime
    actor: str
    reason: str = ""
    by_clerk: bool = False
    inputs: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Reply:
    """How a source stands: pending, or what it answered, with the inputs it was asked with.

    ``attempts`` counts how often in a row it was down. ``until``: when a link ends; ``opened``: somebody has opened it.
    """

    state: str
    inputs: Mapping[str, Any]
    at: datetime
    message: str = ""
    attempts: int = 1
    until: datetime | None = None
    opened: bool = False


@dataclass(frozen=True)
class Effect:
    """An effect of the decision: intended, done, failed (and to be retried) or reversed."""

    id: str
    kind: str
    arguments: Mapping[str, Any]
    state: str
    outcome: Mapping[str, Any] = field(default_factory=dict)
    attempts: int = 0


@dataclass
class CaseState:
    """The present of a case. ``facts`` holds the assertion that counts for each path, ``evaluated`` what was found
    when it last went as far as it could. ``silent_since`` is when the person last said something, ``erase_on`` the day
    on which a draft is erased unless they do. ``told``: whether the one whose link opened the case was told that it is
    confirmed. ``checked_at`` is when a clerk last saw an identity document, ``adopted_at`` when who prepared it identified.
    """

    opened: dict[str, Any] = field(default_factory=dict)
    opened_at: datetime | None = None
    assertions: dict[str, list[Assertion]] = field(default_factory=dict)
    replies: dict[str, Reply] = field(default_factory=dict)
    disputes: dict[str, str] = field(default_factory=dict)
    reviewed_at: datetime | None = None
    unsent: bool = False
    evaluated: dict[str, Any] = field(default_factory=dict)
    decision: dict[str, Any] | None = None
    decided_at: datetime | None = None
    effects: dict[str, Effect] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    ended: str = ""
    silent_since: datetime | None = None
    erase_on: date | None = None
    told: bool | None = None
    checked_at: datetime | None = None
    adopted_at: datetime | None = None
    facts: dict[str, Assertion] = field(default_factory=dict)

    @property
    def reviewed(self) -> bool:
        return self.reviewed_at is not None

    @property
    def is_prepared(self) -> bool:
        """Whether somebody prepared the case who has not identified yet, at the counter or online."""
        return bool(self.opened.get("prepared")) and self.checked_at is None and self.adopted_at is None

    @property
    def asked(self) -> list[Mapping[str, Any]]:
        """What the person is asked now, by page: ``source`` and the paths of its ``facts``."""
        return [] if self.decision or self.ended else self.evaluated.get("asked", [])

    @property
    def unfinished_effects(self) -> list[Effect]:
        waiting = [e for e in self.effects.values() if e.state in ("intended", "failed") and e.attempts < MOST_ATTEMPTS]
        return [] if self.ended else waiting

    @property
    def stuck(self) -> dict[str, str]:
        """What keeps effects from happening, by effect id, until a clerk has removed the cause."""
        if self.ended:
            return {}
        failed = {e.id: str(e.outcome.get("error", "")) for e in self.effects.values() if e.attempts >= MOST_ATTEMPTS}
        return self.refused | {name: why for name, why in failed.items() if self.effects[name].state == "failed"}


def fold(entries: Iterable[Entry]) -> CaseState:
    """Read a journal. An erased entry contributes nothing but is no error."""
    state = CaseState()
    for entry in entries:
        if entry.actor.startswith(PERSON_SPEAKS):
            state.silent_since, state.erase_on = entry.at, None
        if entry.payload is not None and (read := _READERS.get(entry.kind)):
            read(state, entry, entry.payload)
    _choose(state)
    return state


def _opened(state: CaseState, entry: Entry, payload: dict[str, Any]) -> None:
    state.opened, state.opened_at = payload, entry.at


def _asserted(state: CaseState, entry: Entry, payload: dict[str, Any]) -> None:
    for path, value in payload["values"].items():
        assertion = _assertion(path, value, entry, payload)
        state.assertions.setdefault(path, []).append(assertion)
        if assertion.by_clerk:
            state.disputes.pop(path, None)
    if state.reviewed_at and entry.actor.startswith(PERSON_SPEAKS) and not payload.get("confirms"):
        state.unsent = True


def _requested(state: CaseState, entry: Entry, payload: dict[str, Any]) -> None:
    _forget_answer(state, payload["source"])
    state.replies[payload["source"]] = Reply("pending", payload["inputs"], entry.at, payload["message"])


def _answered(state: CaseState, entry: Entry, payload: dict[str, Any]) -> None:
    name = payload["source"]
    _forget_answer(state, name)
    before = state.replies.get(name)
    down_again = before is not None and before.state == payload["state"] == "down"
    attempts = before.attempts + 1 if before and down_again else 1
    state.replies[name] = Reply(payload["state"], payload["inputs"], entry.at, payload.get("message", ""), attempts)
    for path, value in payload["values"].items():
        state.assertions.setdefault(path, []).append(_assertion(path, value, entry, payload))


def _invited(state: CaseState, entry: Entry, payload: dict[str, Any]) -> None:
    _forget_answer(state, payload["source"])
    until = datetime.fromisoformat(payload["until"])
    state.replies[payload["source"]] = Reply("pending", payload["inputs"], entry.at, payload["invitation"], until=until)


def _opened_by_party(state: CaseState, entry: Entry, payload: dict[str, Any]) -> None:
    reply = state.replies.get(payload["source"])
    if reply and reply.message == payload["invitation"]:
        state.replies[payload["source"]] = replace(reply, opened=True)


def _revoked(state: CaseState, entry: Entry, payload: dict[str, Any]) -> None:
    _forget_answer(state, payload["source"])
    state.replies.pop(payload["source"], None)


def _told(state: CaseState, entry: Entry, payload: dict[str, Any]) -> None:
    state.told = payload["confirmed"]


def _forget_answer(state: CaseState, source: str) -> None:
    """A source that is asked again speaks anew: what it said before counts no more."""
    for path, found in state.assertions.items():
        state.assertions[path] = [assertion for assertion in found if assertion.source != source]


def _disputed(state: CaseState, entry: Entry, payload: dict[str, Any]) -> None:
    state.disputes[payload["path"]] = payload["reason"]


def _reviewed(state: CaseState, entry: Entry, payload: dict[str, Any]) -> None:
    state.reviewed_at = state.reviewed_at or entry.at
    state.unsent = False


def _taken_up(state: CaseState, entry: Entry, payload: dict[str, Any]) -> None:
    """The person goes over what they sent once more; nothing is decided before they have sent it again."""
    state.unsent = True


def _evaluated(state: CaseState, entry: Entry, payload: dict[str, Any]) -> None:
    state.evaluated = payload


def _decided(state: CaseState, entry: Entry, payload: dict[str, Any]) -> None:
    state.decision, state.decided_at = payload, entry.at


def _effect(became: str) -> Reader:
    """Entries on effects: the first one names kind and arguments, later ones only the outcome."""

    def read(state: CaseState, entry: Entry, payload: dict[str, Any]) -> None:
        name = payload["effect"]
        before = state.effects.get(name) or Effect(name, payload["kind"], payload["arguments"], became)
        if became == "failed" and before.state in ("done", "reversed"):
            return
        state.effects[name] = replace(
            before,
            state=became,
            outcome=payload.get("outcome", before.outcome),
            attempts=before.attempts + (became == "failed"),
        )

    return read


def _refused(state: CaseState, entry: Entry, payload: dict[str, Any]) -> None:
    state.refused[payload["effect"]] = payload["detail"] or payload["reason"]


def _settled(state: CaseState, entry: Entry, payload: dict[str, Any]) -> None:
    name = payload["effect"]
    state.refused.pop(name, None)
    if name in state.effects and state.effects[name].state == "failed":
        state.effects[name] = replace(state.effects[name], state="intended", attempts=0)


def _checked(state: CaseState, entry: Entry, payload: dict[str, Any]) -> None:
    state.checked_at = entry.at


def _adopted(state: CaseState, entry: Entry, payload: dict[str, Any]) -> None:
    state.adopted_at = entry.at


def _announced(state: CaseState, entry: Entry, payload: dict[str, Any]) -> None:
    state.erase_on = date.fromisoformat(payload["on"])


def _ended(how: str) -> Reader:
    def read(state: CaseState, entry: Entry, payload: dict[str, Any]) -> None:
        state.ended = how

    return read


Reader = Callable[[CaseState, Entry, dict[str, Any]], None]
_READERS: dict[str, Reader] = {
    OPENED: _opened,
    ASSERTED: _asserted,
    REQUESTED: _requested,
    ANSWERED: _answered,
    DISPUTED: _disputed,
    REVIEWED: _reviewed,
    TAKEN_UP: _taken_up,
    EVALUATED: _evaluated,
    DECIDED: _decided,
    INTENDED: _effect("intended"),
    DONE: _effect("done"),
    FAILED: _effect("failed"),
    UNDONE: _effect("reversed"),
    REFUSED: _refused,
    SETTLED: _settled,
    ANNOUNCED: _announced,
    INVITED: _invited,
    OPENED_BY_PARTY: _opened_by_party,
    REVOKED: _revoked,
    TOLD: _told,
    CHECKED: _checked,
    ADOPTED: _adopted,
    WITHDRAWN: _ended("withdrawn"),
    REVERSED: _ended("reversed"),
}


def _assertion(path: str, value: Any, entry: Entry, payload: dict[str, Any]) -> Assertion:
    return Assertion(
        path=path,
        value=value,
        source=payload["source"],
        supplier=payload.get("supplier", ""),
        basis=payload.get("basis", ""),
        trust=payload.get("trust", "none"),
        at=entry.at,
        actor=entry.actor,
        reason=payload.get("reason", ""),
        by_clerk=payload.get("by_clerk", False),
        inputs=payload.get("inputs", {}),
    )


def without(state: CaseState, *, assertions: Iterable[Assertion], sources: Iterable[str]) -> CaseState:
    """The same case when these assertions and answers do not count any more."""
    gone, silent = {id(assertion) for assertion in assertions}, set(sources)
    kept = {path: [a for a in found if id(a) not in gone] for path, found in state.assertions.items()}
    replies = {name: reply for name, reply in state.replies.items() if name not in silent}
    rest = replace(state, assertions=kept, replies=replies)
    _choose(rest)
    return rest


def _choose(state: CaseState) -> None:
    """Pick the assertion that counts for each path."""
    chosen = {path: _strongest(list(_latest(found))) for path, found in state.assertions.items() if found}
    state.facts = {path: assertion for path, assertion in chosen.items() if path not in state.disputes}


def _latest(found: list[Assertion]) -> Iterable[Assertion]:
    return {assertion.source: assertion for assertion in found}.values()


def _strongest(found: list[Assertion]) -> Assertion:
    """A clerk's word counts first, then trust, then the latest."""
    return max(found, key=lambda a: (a.by_clerk, TRUST[a.trust], a.at))
