"""What a service wants looked at again or known: rules that it names as ``shown`` and has a warning for."""

from __future__ import annotations

from dataclasses import dataclass

from formlos.cases.queries import CaseView, Shown
from formlos.dialogue.words import NONE, value_in_words
from formlos.law.types import Type


@dataclass(frozen=True)
class Caution:
    """A warning that is due and hinders nothing: its first sentence, and in ``body`` the others and what it rests on.

    ``asks``: whether it asks the person to look again at what they said.
    """

    title: str
    body: list[str]
    asks: bool


def cautions(view: CaseView) -> list[Caution]:
    """The warnings that are due. Sentences of shown rules without warning belong to the warning that follows them.

    A rule that is true or false asks the person to look again: there is nothing to look for once it is decided.
    """
    found, rests_on = [], list[str]()
    for shown in view.shown:
        if not shown.warning:
            rests_on += [shown.sentence.replace("{value}", _value(shown))] if shown.sentence else []
            continue
        if shown.value not in (0, "0", False, NONE) and not (shown.kind == "bool" and view.decided_at):
            head, *more = _sentences(shown.warning)
            found.append(Caution(head, [*more, *rests_on], asks=shown.kind == "bool"))
        rests_on = []
    return found


def _sentences(warning: str) -> list[str]:
    """The first sentence and the rest, marked as German where the whole is."""
    head, _, rest = warning.partition(". ")
    kind = type(warning)
    return [kind(f"{head}."), kind(rest)] if rest else [warning]


def _value(shown: Shown) -> str:
    return value_in_words(shown.value, Type(shown.kind), {})
