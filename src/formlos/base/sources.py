"""Where facts come from. Capabilities register adapters here, so that cases import none of them.

A *local* source answers at once from our own database, inside the case's transaction. Sources elsewhere
go by message (``messages``); people are asked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True)
class Context:
    """Who asks, for what and on which norm; adapters write it to their access log."""

    municipality_id: UUID
    case_id: UUID
    purpose: str
    norm: str
    now: datetime
    today: date


@dataclass(frozen=True)
class Answer:
    """What a source said. ``values`` maps fact names to values; ``state`` is one of ``STATES``."""

    state: str
    values: Mapping[str, Any] = field(default_factory=dict)
    supplier: str = ""
    detail: str = ""


STATES = ("answered", "none", "refused", "down")
LocalSource = Callable[[Mapping[str, Any], Context], Answer]
_local: dict[str, LocalSource] = {}


def local(kind: str) -> Callable[[LocalSource], LocalSource]:
    """Register a function as the local source of this kind."""

    def register(function: LocalSource) -> LocalSource:
        if kind in _local and _local[kind] is not function:
            raise ValueError(f"two adapters for source kind {kind}")
        _local[kind] = function
        return function

    return register


def local_source(kind: str) -> LocalSource | None:
    return _local.get(kind)


def kinds() -> frozenset[str]:
    return frozenset(_local)
