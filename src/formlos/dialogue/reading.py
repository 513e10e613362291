"""From what a browser sent to answers by path. What the values mean is for the case to read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from formlos.cases.wording import Question

ASKED, MEMBERS = "frage", "mitglied"
"""Names of hidden fields: the questions that a form holds, alone or as members of a list."""


class Sent(Protocol):
    """A form as Django gives it."""

    def get(self, name: str, default: str = "", /) -> Any: ...

    def getlist(self, name: str, /) -> list[Any]: ...


def answers(questions: Iterable[Question], sent: Sent) -> dict[str, Any]:
    """The answers to these questions; an unanswered one is the empty text, for the case to refuse or to take as none."""
    chosen = set(sent.getlist(MEMBERS))
    members = set(sent.getlist(ASKED)) if sent.get("mitglieder") else set()
    found = {}
    for question in questions:
        if question.path in members:
            found[question.path] = question.path in chosen
        else:
            found[question.path] = _answer(question, sent)
    return found


def typed(questions: Iterable[Question], sent: Sent) -> dict[str, Any]:
    """What was typed, by the path of each control, to show it again."""
    found: dict[str, Any] = {}
    for path, answer in answers(questions, sent).items():
        if isinstance(answer, Mapping) and "keys" not in answer:
            found |= {f"{path}/{part}": value for part, value in answer.items()}
        else:
            found[path] = answer
    return found


def _answer(question: Question, sent: Sent) -> Any:
    path = question.path
    if question.kind == "record":
        return {part: str(sent.get(f"{path}/{part}", "")).strip() for part in question.fields}
    if question.kind == "list":
        return {"keys": [str(key) for key in sent.getlist(path)], "complete": True}
    return str(sent.get(path, "")).strip()
