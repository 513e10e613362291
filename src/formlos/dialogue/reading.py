"""From what a browser sent to answers by path. What the values mean is for the case to read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Protocol

from formlos.cases.answers import AnswersRefused
from formlos.cases.wording import Question
from formlos.registers import codes
from formlos.registers.queries import addresses

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


def read(asked: Sequence[Question], sent: Sent) -> dict[str, Any]:
    """The answers by path, addresses of this town and codes spelled as the registers do. Raises ``AnswersRefused``."""
    found = {path: _completed(answer) for path, answer in answers(asked, sent).items()}
    wrong = {}
    for path in [one.path for one in asked if one.form == "code" and found[one.path]]:
        try:
            found[path] = codes.written(found[path])
        except codes.CodeMistyped:
            wrong[path] = ("code", "")
    if wrong:
        raise AnswersRefused(wrong)
    return found


def at_once(
    asked: Iterable[Question], values: dict[str, Any], sent: Sent, question: Callable[[str], Question]
) -> dict[str, Any]:
    """What was typed beside a choice that asks for it, checked; typing it is choosing it. Raises ``AnswersRefused``.

    values: the answers, completed by such choices. question: the question at a path.
    """
    found: dict[str, Any] = {}
    for one in asked:
        typed = [choice for choice, path in one.at_once.items() if str(sent.get(path, "")).strip()]
        if typed and not values[one.path]:
            values[one.path] = typed[0]
        if values[one.path] in typed:
            found |= read([question(one.at_once[values[one.path]])], sent)
    return found


def typed(questions: Iterable[Question], sent: Sent) -> dict[str, Any]:
    """What was typed, by the path of each control, to show it again."""
    asked = list(questions)
    found: dict[str, Any] = {path: str(sent.get(path, "")) for one in asked for path in one.at_once.values()}
    for path, answer in answers(asked, sent).items():
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


def _completed(answer: Any) -> Any:
    """An address of this town as its register spells it, postal code included."""
    return addresses.completed(answer) if isinstance(answer, Mapping) and "strasse" in answer else answer
