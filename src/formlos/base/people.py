"""Reaching the person of a case from rooms that do not know who it is.

``identity`` keeps addresses by account and registers itself; others name a person by the pseudonym that
the municipality of the context knows (``Identity.subject_for``). Nothing is said but that there is something new.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

Tell = Callable[..., None]
Reachable = Callable[[str], bool]
Told = Callable[[str, datetime], None]

_reach: dict[str, Callable[..., object]] = {}
_told: list[Told] = []


def reached_by(*, tell: Tell, reachable: Reachable) -> None:
    """Called by ``identity`` when it is ready."""
    _reach.update(tell=tell, reachable=reachable)


def tell(subject: str, *, occasion: str) -> None:
    """Let the person know, after the running transaction, that there is something new; once for each ``occasion``.

    Whoever gave no address or wants no messages is not told. occasion: at most 100 characters, such as ``notice:<id>``.
    """
    if subject:
        _reach["tell"](subject, occasion=occasion)


def can_be_told(subject: str) -> bool:
    """Whether a message would reach the person: this node sends mail, their address is confirmed, they want it."""
    return bool(subject) and bool(_reach["reachable"](subject))


def on_told(function: Told) -> Told:
    """Register who hears ``(occasion, moment)`` once the message has left; in a job, for the town of the occasion."""
    _told.append(function)
    return function


def report_told(occasion: str, at: datetime) -> None:
    for function in _told:
        function(occasion, at)
