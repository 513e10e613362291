"""What somebody prepares without having identified: the key to it stays in their own browser, signed."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from formlos.base.tenancy import within
from formlos.cases.preparing import prepared_case
from formlos.cases.work import NoSuchCase, Work
from formlos.portals.citizen.towns import Town

SALT = "formlos prepared case"
LIFE_SECONDS = 30 * 24 * 3600


def keep(response: HttpResponse, *, town: Town, case_id: UUID, key: str) -> None:
    """Keep the key in this browser; it replaces that of another case of the town."""
    response.set_cookie(
        _cookie(),
        signing.dumps({"case": str(case_id), "key": key}, salt=SALT),
        max_age=LIFE_SECONDS,
        path=f"/{town.slug}/",
        secure=settings.HTTPS,
        httponly=True,
        samesite="Lax",
    )


def held(request: HttpRequest, *, town: Town, case_id: UUID) -> Work | None:
    """The prepared case if this browser holds its key; None for others, and once a clerk has taken over."""
    try:
        found = signing.loads(request.COOKIES.get(_cookie(), ""), salt=SALT, max_age=LIFE_SECONDS)
    except signing.BadSignature:
        return None
    if found.get("case") != str(case_id):
        return None
    try:
        with within(town.id):
            return prepared_case(case_id, key=str(found.get("key", "")))
    except NoSuchCase:
        return None


def _cookie() -> str:
    return f"{settings.COOKIE_PREFIX}vorbereitet"
