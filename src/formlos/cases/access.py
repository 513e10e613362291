"""Who acts, and how certain that must be: the level of trust that a service names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from formlos.base.tenancy import current_municipality_id
from formlos.cases.state import TRUST
from formlos.identity.queries import Identity


@dataclass(frozen=True)
class Person:
    """Who acts and identified with ``level``. ``subject``: their pseudonym in this municipality; ``identity``: fact name
    → value as ``issuer`` names it.
    """

    subject: str
    level: str
    identity: Mapping[str, Any]
    issuer: str

    @classmethod
    def of(cls, identity: Identity) -> Person:
        """As the municipality of the context knows who signed in."""
        return cls(identity.subject_for(current_municipality_id()), identity.level, identity.facts, identity.issuer)

    @property
    def actor(self) -> str:
        return f"person:{self.subject}"


class LevelTooLow(Exception):
    """The service needs a stronger identification than the person used; step up and come back."""

    code = "level_too_low"

    def __init__(self, needed: str, given: str) -> None:
        super().__init__(f"needs {needed}, identified with {given}")
        self.needed, self.given = needed, given


def require_level(service: Mapping[str, Any], level: str) -> None:
    """Raises ``LevelTooLow`` when ``level`` is below what the service (of a document's data) asks for."""
    needed = service["service"]["trust_level"]
    if TRUST[level] < TRUST[needed]:
        raise LevelTooLow(needed, level)
