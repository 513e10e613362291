"""Whoever tries too often is told how long to wait: in one sentence, with 429 and the header that programs read."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import ngettext

from formlos.base.limits import TooMany


class TooManyTries:
    """Answers ``TooMany`` with a page. A view that would lose what somebody typed shows ``sentence_of`` itself."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, TooMany):
            return None
        return marked(render(request, "429.html", {"wait": sentence_of(error)}), error)


def marked(page: HttpResponse, error: TooMany) -> HttpResponse:
    """The page as the answer to too many tries."""
    page.status_code, page["Retry-After"] = 429, str(error.retry_after)
    return page


def sentence_of(error: TooMany) -> str:
    minutes = -(-error.retry_after // 60)
    return ngettext(
        "Bitte warten Sie eine Minute und versuchen Sie es dann noch einmal.",
        "Bitte warten Sie %(minutes)d Minuten und versuchen Sie es dann noch einmal.",
        minutes,
    ) % {"minutes": minutes}
