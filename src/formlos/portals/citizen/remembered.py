"""What a person confirmed as understood, and that she pressed “begin”, signed in her own browser until the case is open."""

from __future__ import annotations

from collections.abc import Mapping

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse

from formlos.catalogue.finder import suggestions
from formlos.portals.citizen.towns import Town

COOKIE = "vorschlaege"
BEGINNING = "beginnen"
BEGINNING_SECONDS = 15 * 60
"""How long a sign-in may take until the person has to press “begin” again."""


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


def mean_to_begin(response: HttpResponseBase, *, town: Town, service: str) -> None:
    """The person pressed “begin” and goes to identify: on coming back the case opens without pressing again."""
    response.set_cookie(
        BEGINNING,
        signing.dumps([town.slug, service], salt=BEGINNING),
        max_age=BEGINNING_SECONDS,
        path=reverse("citizen:begin", args=[town.slug, service]),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def means_to_begin(request: HttpRequest, *, town: Town, service: str) -> bool:
    try:
        held = signing.loads(request.COOKIES.get(BEGINNING, ""), salt=BEGINNING, max_age=BEGINNING_SECONDS)
    except signing.BadSignature:
        return False
    return bool(held == [town.slug, service])


def has_begun(response: HttpResponseBase, *, town: Town, service: str) -> None:
    response.delete_cookie(BEGINNING, path=reverse("citizen:begin", args=[town.slug, service]), samesite="Lax")
