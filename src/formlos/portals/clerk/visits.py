"""Who of the staff is looking: a session of its own in a cookie of its own, apart from any visit as a citizen."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import rotate_token

from formlos.identity import operations
from formlos.identity.queries import NoSession, StaffIdentity, staff_identity_for
from formlos.portals import cookies
from formlos.portals.polling import is_poll

COOKIE = "dienst"
LIFE = timedelta(hours=8)


def begin(request: HttpRequest, response: HttpResponse, token: str) -> None:
    """Start a staff session; an earlier one of this browser ends."""
    _end_here(request)
    rotate_token(request)
    cookies.keep(response, COOKIE, token, life=LIFE)


def end(request: HttpRequest, response: HttpResponse) -> None:
    _end_here(request)
    cookies.drop(response, COOKIE)


def member(request: HttpRequest) -> StaffIdentity | None:
    """Who is at work, for another 30 minutes from now and eight hours in all; None if nobody is."""
    token = _token(request)
    if not token:
        return None
    try:
        return staff_identity_for(token=token) if is_poll(request) else operations.working(token=token)
    except NoSession:
        return None


def _end_here(request: HttpRequest) -> None:
    token = _token(request)
    if token:
        operations.end_session(token=token)


def _token(request: HttpRequest) -> str:
    return str(cookies.held(request, COOKIE, life=LIFE) or "")
