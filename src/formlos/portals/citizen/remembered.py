"""What a person confirmed as understood, kept signed in her own browser until she opens the case."""

from __future__ import annotations

from collections.abc import Mapping

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from formlos.catalogue.finder import suggestions
from formlos.portals.citizen.towns import Town

COOKIE = "vorschlaege"


def remember(response: HttpResponseBase, values: Mapping[str, str], *, town: Town, service: str) -> None:
    """Fact path -> value as text, for one service of one town; an earlier one is replaced."""
    response.set_cookie(
        COOKIE,
        suggestions.signed(values, municipality=town.id, service=service),
        max_age=suggestions.MAX_AGE_SECONDS,
        path=f"/{town.slug}/",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def remembered(request: HttpRequest, *, town: Town, service: str) -> dict[str, str]:
    """What this browser holds for the service; empty if it holds nothing, or nothing that this node signed."""
    try:
        return suggestions.unsigned(request.COOKIES.get(COOKIE, ""), municipality=town.id, service=service)
    except suggestions.SuggestionsRefused:
        return {}


def forget(response: HttpResponseBase, *, town: Town) -> None:
    response.delete_cookie(COOKIE, path=f"/{town.slug}/", samesite="Lax")
