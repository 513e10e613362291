"""The language of the pages and of a service's texts, as a browser remembers it."""

from __future__ import annotations

from collections.abc import Collection

from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from formlos.base.ui.languages import GERMAN, PLAIN, current

__all__ = ["GERMAN", "PLAIN", "choose", "language_of"]


def language_of(request: HttpRequest, offered: Collection[str]) -> str:
    """The language in which to read the texts of a service: the page's, whatever the service offers.

    What a service lacks in it ``formlos.cases.wording`` takes from the German.
    """
    return current()


@require_POST
def choose(request: HttpRequest) -> HttpResponseBase:
    """Remember a language in this browser and go back to the page ``next``."""
    return set_language(request)
