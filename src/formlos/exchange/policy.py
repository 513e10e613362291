"""How patiently messages are carried: Django's setting ``EXCHANGE``, a dict with any of these names."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings


@dataclass(frozen=True)
class Policy:
    """Seconds unless the name says otherwise. ``lease``: how long one worker may take to deliver a message;
    messages that are late by more than that are taken up by the sweeper. ``lasting_minutes``: how long a receiver must
    have given lasting refusals, and nothing else, before one is believed: refusals are not signed.
    """

    retry_first: float = 2.0
    retry_longest: float = 300.0
    give_up_hours: float = 72.0
    lasting_minutes: float = 60.0
    most_attempts: int = 1000
    process_most_attempts: int = 12
    timeout: float = 10.0
    lease: float = 30.0
    envelope_minutes: float = 60.0
    offline_retry_after: int = 5

    def wait(self, attempts: int, *, at_least: float = 0.0) -> timedelta:
        """How long to wait after so many failed attempts: doubling up to the longest, half of it by chance."""
        doubled = min(self.retry_first * 2.0 ** min(attempts - 1, 30), self.retry_longest)
        chance = random.uniform(0.5, 1.0)
        return timedelta(seconds=max(doubled * chance, min(at_least, self.retry_longest)))

    @property
    def give_up_after(self) -> timedelta:
        return timedelta(hours=self.give_up_hours)

    @property
    def lasting_after(self) -> timedelta:
        return timedelta(minutes=self.lasting_minutes)

    @property
    def envelope_lifetime(self) -> timedelta:
        return timedelta(minutes=self.envelope_minutes)


def policy() -> Policy:
    return Policy(**getattr(settings, "EXCHANGE", {}))
