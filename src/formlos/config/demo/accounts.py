"""What a register, a message and a journal look like to whoever tells a move. No database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

Register = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Sent:
    """One message as its sender's outbox has it."""

    kind: str
    title: str
    sender: str
    receiver: str
    norm: str
    state: str
    at: datetime


@dataclass(frozen=True)
class Journal:
    """One case's journal, checked hash by hash."""

    town: str
    reference: str
    service: str
    state: str
    entries: int
    intact: bool


def living(register: Register) -> dict[str, str]:
    """Name and present address of everyone who has a dwelling in the register's town."""
    return {
        f"{person['vornamen']} {person['familienname']}": _line(dwelling["anschrift"])
        for person in register.values()
        for dwelling in person["wohnungen"]
        if dwelling["auszugsdatum"] is None
    }


def gone(register: Register) -> dict[str, str]:
    """Name and new address of everyone whose last dwelling in the register's town has ended."""
    return {
        f"{person['vornamen']} {person['familienname']}": _line(last["wegzug_nach"]) if last["wegzug_nach"] else "?"
        for person in register.values()
        if person["wohnungen"] and (last := person["wohnungen"][-1])["auszugsdatum"]
    }


def _line(anschrift: Mapping[str, Any]) -> str:
    return f"{anschrift['strasse']} {anschrift['hausnummer']}, {anschrift['postleitzahl']} {anschrift['ort']}"
