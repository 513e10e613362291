"""What a decision causes. Capabilities register named kinds; services name them, never call them.

*Local* effects commit in the transaction of the decision. *Deferred* ones (slow work such as a sealed
document) are journalled as intended with the decision and run afterwards in a transaction of their own,
idempotent by effect id.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True)
class EffectContext:
    """``subject``: the pseudonym of the person whose case it is; empty where it is nobody's."""

    municipality_id: UUID
    case_id: UUID
    effect_id: str
    now: datetime
    today: date
    subject: str = ""


Run = Callable[[Mapping[str, Any], EffectContext], dict[str, Any]]


@dataclass(frozen=True)
class EffectKind:
    """A kind of effect. ``reverse`` names the kind that undoes it, called with the outcome it had."""

    name: str
    run: Run
    deferred: bool
    reverse: str | None


_kinds: dict[str, EffectKind] = {}


def local(kind: str, *, reverse: str | None = None) -> Callable[[Run], Run]:
    return _register(kind, deferred=False, reverse=reverse)


def deferred(kind: str, *, reverse: str | None = None) -> Callable[[Run], Run]:
    return _register(kind, deferred=True, reverse=reverse)


def effect_kind(name: str) -> EffectKind:
    """Raises ``KeyError`` for a kind that no capability registered."""
    return _kinds[name]


def kinds() -> frozenset[str]:
    return frozenset(_kinds)


def _register(name: str, *, deferred: bool, reverse: str | None) -> Callable[[Run], Run]:
    def register(function: Run) -> Run:
        if name in _kinds and _kinds[name].run is not function:
            raise ValueError(f"two adapters for effect kind {name}")
        _kinds[name] = EffectKind(name, function, deferred, reverse)
        return function

    return register
