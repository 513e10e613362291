"""Signed cookies of the portals: for the whole site, out of reach for scripts, ``__Host-`` where the site is https."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponseBase


def keep(response: HttpResponseBase, name: str, value: Any, *, life: timedelta, samesite: str = "Lax") -> None:
    """Let the browser hold a value that JSON can say. It is signed, not encrypted."""
    response.set_cookie(
        named(name),
        signing.dumps(value, salt=name, compress=True),
        max_age=life,
        secure=settings.HTTPS,
        httponly=True,
        samesite=samesite,  # type: ignore[arg-type]
    )


def held(request: HttpRequest, name: str, *, life: timedelta) -> Any:
    """What this node signed for this name, at most ``life`` ago; else None."""
    try:
        return signing.loads(request.COOKIES.get(named(name), ""), salt=name, max_age=life)
    except signing.BadSignature:
        return None


def drop(response: HttpResponseBase, name: str) -> None:
    response.delete_cookie(named(name), samesite="Lax")
    response.cookies[named(name)]["secure"] = settings.HTTPS  # else browsers refuse to touch a ``__Host-`` cookie


def drop_all(request: HttpRequest, response: HttpResponseBase, *, prefixes: tuple[str, ...]) -> None:
    """Leave nothing of these names in the browser, for whoever uses it next."""
    for name in request.COOKIES:
        bare = name.removeprefix(settings.COOKIE_PREFIX)
        if bare.startswith(prefixes):
            drop(response, bare)


def named(name: str) -> str:
    return f"{settings.COOKIE_PREFIX}{name}"
