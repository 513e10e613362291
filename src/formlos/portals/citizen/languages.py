"""The language of the pages, and that of a service's texts: plain German is one of theirs, but none of the pages'."""

from __future__ import annotations

from collections.abc import Collection

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import get_language
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

GERMAN = "de"
PLAIN = "de-leicht"
COOKIE = "leicht"


def language_of(request: HttpRequest, offered: Collection[str]) -> str:
    """The language in which to read the texts of a service; ``offered`` are those that it has."""
    language = get_language() or GERMAN
    plain = language == GERMAN and PLAIN in offered and bool(request.COOKIES.get(COOKIE))
    return PLAIN if plain else language


@require_POST
def choose(request: HttpRequest) -> HttpResponseBase:
    """Remember a language in this browser, as Django does; plain German means German pages."""
    plain = request.POST.get("language") == PLAIN
    if plain:
        request.POST = request.POST.copy()
        request.POST["language"] = GERMAN
    response = set_language(request)
    if plain:
        response.set_cookie(COOKIE, "1", max_age=365 * 24 * 3600, samesite="Lax", httponly=True)
    else:
        response.delete_cookie(COOKIE, samesite="Lax")
    return response
