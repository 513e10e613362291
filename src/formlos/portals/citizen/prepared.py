"""What somebody prepares without having identified: the key to it stays in their own browser, signed."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from formlos.base.tenancy import within
from formlos.cases.preparing import prepared_case
from formlos.cases.work import NoSuchCase, Work
from formlos.portals import cookies
from formlos.portals.citizen.towns import Town

NAME = "vorbereitet"


def keep(response: HttpResponse, *, town: Town, case_id: UUID, key: str) -> None:
    """Keep the key in this browser for as long as drafts live; it replaces that of another case of the town."""
    cookies.keep(response, _name(town), [str(case_id), key], life=_life())


def held(request: HttpRequest, *, town: Town, case_id: UUID) -> Work | None:
    """The prepared case if this browser holds its key; None for others, and once a clerk has taken over."""
    found, key = cookies.held(request, _name(town), life=_life()) or ("", "")
    if found != str(case_id):
        return None
    try:
        with within(town.id):
            return prepared_case(case_id, key=key)
    except NoSuchCase:
        return None


def _name(town: Town) -> str:
    return f"{NAME}-{town.ags}"


def _life() -> timedelta:
    return timedelta(days=settings.DRAFT_DAYS)
