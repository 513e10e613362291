"""Who is looking: the identity session whose token the browser's signed cookie holds."""

from __future__ import annotations

from django.http import HttpRequest

from formlos.identity import operations
from formlos.identity.queries import Identity, NoSession, identity_for

KEY = "identity"


def begin(request: HttpRequest, *, token: str) -> None:
    """Start afresh: nothing of an earlier visit in this browser is kept."""
    request.session.flush()
    request.session[KEY] = token


def end(request: HttpRequest) -> None:
    token = request.session.get(KEY)
    request.session.flush()
    if token:
        operations.end_session(token=token)


def visitor(request: HttpRequest) -> Identity | None:
    """The identified person, whose session lasts on from now; None if nobody is or the session is over."""
    token = request.session.get(KEY)
    if not token:
        return None
    try:
        operations.prolong_session(token=token)
        return identity_for(token=token)
    except NoSession:
        request.session.flush()
        return None
