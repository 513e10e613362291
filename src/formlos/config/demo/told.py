"""How a move ended, gathered from both towns and judged. No database: what is gathered comes in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from formlos.config.demo.accounts import Journal, Register, Sent, gone, living

PERSON = "person"


@dataclass(frozen=True)
class Confirmation:
    """A sealed document, saved at ``path``, and what checking it said."""

    path: str
    genuine: bool
    sentence: str


@dataclass(frozen=True)
class Told:
    """A move with everything that can be checked about it. ``page`` is the case's page on the portal."""

    case: Mapping[str, Any]
    seconds: float
    facts_asked: int
    here: str
    there: str
    registers: Mapping[str, Register]
    messages: list[Sent]
    journals: list[Journal]
    confirmations: list[Confirmation]
    page: str

    @property
    def status(self) -> str:
        """``completed`` only when both registers agree and every journal and seal verifies; else the case's state."""
        return "completed" if self._is_complete() else str(self.case["state"])

    @property
    def facts_fetched(self) -> int:
        """Facts that nobody had to be asked for."""
        return sum(not known["source"].startswith(PERSON) for known in self.case["known"])

    def _is_complete(self) -> bool:
        arrived, left = living(self.registers[self.here]), gone(self.registers[self.there])
        agreed = bool(arrived) and (arrived == left or self.here == self.there)
        told = all(message.state == "delivered" for message in self.messages)
        proven = all(journal.intact for journal in self.journals) and all(one.genuine for one in self.confirmations)
        return bool(self.case["state"] == "closed" and agreed and told and self.confirmations and proven)

    def as_json(self) -> dict[str, Any]:
        return {
            "status": self.status,
            "seconds": round(self.seconds, 3),
            "facts_asked": self.facts_asked,
            "facts_fetched": self.facts_fetched,
            "messages": [asdict(message) | {"at": message.at.isoformat()} for message in self.messages],
            "registers": {
                name: {"living": living(register), "gone": gone(register)} for name, register in self.registers.items()
            },
            "journals": [asdict(journal) for journal in self.journals],
            "notice": {
                "genuine": bool(self.confirmations) and all(one.genuine for one in self.confirmations),
                "documents": [asdict(one) for one in self.confirmations],
            },
            "page": self.page,
        }
