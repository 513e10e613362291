"""What somebody typed when it could not be taken: shown once more in its fields, never sent by itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.datastructures import MultiValueDict

from formlos.cases.wording import Question
from formlos.dialogue import reading


@dataclass(frozen=True)
class Kept:
    """A form as it was sent, without its files, and the sentence that says why it is here again."""

    values: MultiValueDict[str, str]
    sentence: str

    def told(self, asked: Sequence[Question]) -> dict[str, Any]:
        """What was typed for these questions, by the path of each control; empty if the form was about others."""
        sent = self.values.getlist(reading.ASKED)
        return reading.typed([one for one in asked if one.path in sent and one.form != "file"], self.values)
