"""Which questions share a page: a few that belong together, in the order of the plan."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from formlos.cases.asking import Asked, asked_of_person
from formlos.cases.queries import CaseView
from formlos.cases.state import Assertion
from formlos.cases.wording import Question, declared_name
from formlos.cases.work import Work

MOST = 4  # a page holds questions of this weight; whoever reads on a phone sees it without much scrolling
ADDRESS = 3


def next_sheet(view: CaseView) -> list[Question]:
    """The questions of the page that comes next; empty when nothing is asked."""
    return sheet(view.pages[0]) if view.pages else []


def sheet(questions: Sequence[Question]) -> list[Question]:
    """The first of the questions that fit on one page. What the law wants warned of stands alone."""
    found: list[Question] = []
    weight = 0
    for question in questions:
        same_for_another = bool(found) and _of_member(question) and _kind(found[-1]) == _kind(question)
        weight += 0 if same_for_another else _weight(question)
        if found and (weight > MOST or question.warning or found[-1].warning):
            break
        if found and _of_member(question) != _of_member(found[-1]):
            break
        found.append(question)
    return found


def before(work: Work, asked: Collection[str]) -> list[str]:
    """The paths of the page that the person answered last; of the one before these, if they are answered already."""
    pages: dict[datetime, list[str]] = {}
    for path, question in asked_of_person(work).items():
        moments = [told.at for name, told in work.state.facts.items() if _is_of(name, path, told, question)]
        if moments:
            pages.setdefault(max(moments), []).append(path)
    here = min((moment for moment, paths in pages.items() if not set(asked).isdisjoint(paths)), default=None)
    return next((pages[moment] for moment in sorted(pages, reverse=True) if here is None or moment < here), [])


def _is_of(name: str, path: str, told: Assertion, question: Asked) -> bool:
    return told.source == question.source and (name == path or name.startswith(f"{path}/"))


def about_members(questions: Iterable[Question]) -> bool:
    """Whether the page asks the same of every member of a list, such as who of a family moves along."""
    asked = list(questions)
    return bool(asked) and all(_of_member(question) and question.kind == "bool" for question in asked)


def _kind(question: Question) -> str:
    return declared_name(question.path)


def _of_member(question: Question) -> bool:
    return question.path.count("/") > 1


def _weight(question: Question) -> int:
    return ADDRESS if question.kind == "record" or question.form == "file" else 1
