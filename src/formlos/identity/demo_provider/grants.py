"""What the simulated provider remembers for some minutes: requests, codes and access tokens, each in memory."""

from __future__ import annotations

import secrets
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from typing import Generic, TypeVar

from formlos.base import clock
from formlos.identity.demo_provider.people import Person

MOST = 10_000
T = TypeVar("T")


@dataclass
class Asked:
    """An authorization request that was checked. ``wrong_pins`` counts what the person typed wrong."""

    client_id: str
    redirect_uri: str
    parameters: Mapping[str, str]
    wrong_pins: int = 0


@dataclass(frozen=True)
class Grant:
    """A person who agreed to a request with a level of trust."""

    asked: Asked
    person: Person
    level: str
    at: datetime = field(default_factory=clock.now)


class Memory(Generic[T]):
    """Things under names that nobody guesses, forgotten after ``life``; the oldest go first when it is full."""

    def __init__(self, life: timedelta) -> None:
        self._life = life
        self._kept: OrderedDict[str, tuple[datetime, T]] = OrderedDict()
        self._lock = Lock()

    def keep(self, thing: T) -> str:
        name = secrets.token_urlsafe(32)
        with self._lock:
            self._kept[name] = (clock.now() + self._life, thing)
            while len(self._kept) > MOST:
                self._kept.popitem(last=False)
        return name

    def look(self, name: str) -> T | None:
        with self._lock:
            until, thing = self._kept.get(name, (clock.now(), None))
        return thing if clock.now() < until else None

    def take(self, name: str) -> T | None:
        """The thing, which is forgotten with this."""
        found = self.look(name)
        with self._lock:
            known = self._kept.pop(name, None)
        return found if known else None


requests: Memory[Asked] = Memory(timedelta(minutes=15))
codes: Memory[Grant] = Memory(timedelta(seconds=60))
access_tokens: Memory[Grant] = Memory(timedelta(minutes=5))
