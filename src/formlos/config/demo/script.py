"""What a person of the demonstration answers: the dwelling, the day, the code, and yes to the rest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any


class NoAnswer(Exception):
    """The script has no answer to a question of the dialogue."""

    code = "no_answer"


class LetterAwaited(Exception):
    """The person can go on only when the post has come."""

    code = "letter_awaited"


@dataclass(frozen=True)
class Script:
    """Answers by the last part of a question's path."""

    anschrift: Mapping[str, Any]
    einzugsdatum: date
    zuordnungsmerkmal: str
    nachweis: str = "zuordnungsmerkmal"

    def __call__(self, question: Mapping[str, Any]) -> Any:
        """The answer to one question as the API takes it. Raises ``NoAnswer``."""
        answers: dict[str, Any] = {
            "neue_anschrift": dict(self.anschrift),
            "einzugsdatum": self.einzugsdatum.isoformat(),
            "wohnungsnachweis": self.nachweis,
            "zuordnungsmerkmal": self.zuordnungsmerkmal,
            "berechtigung_ist_versichert": True,
            "einzug_bestaetigt": True,
            "zieht_mit": True,
            "angegebener_wohnungsgeber": "Hausverwaltung am Neckar",
        }
        name = question["path"].rpartition("/")[2]
        if name == "anschriftencode":
            raise LetterAwaited("the code comes by letter; print it with: formlos letters AGS --print FOLDER")
        if name not in answers:
            raise NoAnswer(f"nobody told the script what to answer to: {question['question']} ({question['path']})")
        return answers[name]
