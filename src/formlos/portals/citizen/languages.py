"""The language of the pages, and of a service's texts on them, as a browser remembers it.

What a service lacks in it ``formlos.cases.wording`` takes from the German.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from formlos.base.ui.languages import GERMAN, PLAIN, current

__all__ = ["GERMAN", "PLAIN", "choose", "current"]


@require_POST
def choose(request: HttpRequest) -> HttpResponseBase:
    """Remember a language in this browser and go back to the page ``next``."""
    return set_language(request)
