"""How certain it must be who acts: the level of trust that a service names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from formlos.cases.state import TRUST


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
