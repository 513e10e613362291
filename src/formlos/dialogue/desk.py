"""Where questions are asked: which case, who speaks, at which addresses and in which language the pages stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from formlos.cases import queries
from formlos.cases.queries import CaseView
from formlos.cases.work import Work
from formlos.dialogue import sheets
from formlos.dialogue.kept import Kept
from formlos.dialogue.reading import ASKED


@dataclass(frozen=True)
class Desk:
    """A portal's place for asking. ``work`` is for reading; operations lock the case anew.

    ``pages`` is the URL namespace that names question, change, review, party, dispute, withdraw, attachment and case,
    each with the town's ``slug`` and the case first, besides pages that are the portal's alone, such as the citizen's
    appointment; ``frame`` is what every page of the portal shows around the questions. ``from_anywhere``: whether
    files come over the network of whoever sends them, and are counted by their address. ``kept``: what was typed on
    this page when it could not be taken.
    """

    work: Work
    actor: str
    slug: str
    place: str
    pages: str
    language: str
    frame: Mapping[str, Any]
    from_anywhere: bool = True
    kept: Kept | None = None

    def view(self) -> CaseView:
        return queries.view(self.work, self.language)

    def to(self, name: str) -> HttpResponse:
        return HttpResponseRedirect(reverse(f"{self.pages}:{name}", args=[self.slug, self.work.case.id]))

    def address_of(self, paths: Sequence[str]) -> str:
        """Where these questions are asked, on one page; empty without any."""
        return address_of_questions(paths, pages=self.pages, slug=self.slug, case_id=self.work.case.id) if paths else ""

    def go_on(self, view: CaseView) -> HttpResponse:
        """To the page on which the person goes on."""
        return HttpResponseRedirect(address_of_next(view, pages=self.pages, slug=self.slug))


def next_place(view: CaseView) -> str:
    """Where the person goes on: to a question, the review, or the page that says what is awaited."""
    if view.pages:
        return "question"
    if view.to_invite:
        return "party"
    return "review" if view.state == "open" and not view.reviewed else "case"


def address_of_next(view: CaseView, *, pages: str, slug: str) -> str:
    place = next_place(view)
    if place == "question":
        asked = [one.path for one in sheets.next_sheet(view)]
        return address_of_questions(asked, pages=pages, slug=slug, case_id=view.id)
    more = [view.to_invite[0].source] if place == "party" else []
    return reverse(f"{pages}:{place}", args=[slug, view.id, *more])


def address_of_questions(paths: Sequence[str], *, pages: str, slug: str, case_id: UUID) -> str:
    """Every page of questions has its own address, for the browser's way back."""
    return f"{reverse(f'{pages}:question', args=[slug, case_id])}?{urlencode([(ASKED, path) for path in paths])}"
