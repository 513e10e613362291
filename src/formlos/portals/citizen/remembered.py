"""What a person confirmed as understood, and which button she pressed before identifying, signed in her own browser."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase

from formlos.portals import cookies
from formlos.portals.citizen.towns import Town

UNDERSTOOD, UNDERSTOOD_LIFE = "vorschlaege", timedelta(hours=1)
ADOPTING = "uebernehmen"
BEGINNING, BEGINNING_LIFE = "beginnen", timedelta(minutes=15)
"""How long a sign-in may take until the person has to press “begin” again."""

NAMES = (UNDERSTOOD, BEGINNING, ADOPTING)


def remember(response: HttpResponseBase, values: Mapping[str, str], *, town: Town, service: str) -> None:
    """Fact path -> value as text, for one service of one town; an earlier one is replaced."""
    cookies.keep(response, UNDERSTOOD, [town.slug, service, dict(values)], life=UNDERSTOOD_LIFE)


def remembered(request: HttpRequest, *, town: Town, service: str) -> dict[str, str]:
    """What this browser holds for the service; empty if it holds nothing, or nothing that this node signed."""
    where, which, values = cookies.held(request, UNDERSTOOD, life=UNDERSTOOD_LIFE) or ("", "", {})
    return values if (where, which) == (town.slug, service) else {}


def forget(response: HttpResponseBase) -> None:
    cookies.drop(response, UNDERSTOOD)


def mean_to_begin(response: HttpResponseBase, *, town: Town, service: str) -> None:
    """The person pressed “begin” and goes to identify: on coming back the case opens without pressing again."""
    cookies.keep(response, BEGINNING, [town.slug, service], life=BEGINNING_LIFE)


def means_to_begin(request: HttpRequest, *, town: Town, service: str) -> bool:
    return bool(cookies.held(request, BEGINNING, life=BEGINNING_LIFE) == [town.slug, service])


def has_begun(response: HttpResponseBase) -> None:
    cookies.drop(response, BEGINNING)


def mean_to_adopt(response: HttpResponseBase, *, case_id: UUID) -> None:
    """The person wants what they prepared in their account and goes to identify: on coming back it is taken over."""
    cookies.keep(response, ADOPTING, str(case_id), life=BEGINNING_LIFE)


def means_to_adopt(request: HttpRequest, *, case_id: UUID) -> bool:
    return bool(cookies.held(request, ADOPTING, life=BEGINNING_LIFE) == str(case_id))


def has_adopted(response: HttpResponseBase) -> None:
    cookies.drop(response, ADOPTING)
