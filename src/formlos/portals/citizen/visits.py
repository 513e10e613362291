"""Who is looking: the identity session whose token the browser's signed cookie holds."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import rotate_token
from django.urls import reverse

from formlos.identity import operations
from formlos.identity.queries import Identity, NoSession, identity_for

KEY = "identity"


def begin(request: HttpRequest, *, token: str) -> None:
    """Start afresh, also at a step-up: nothing of an earlier visit in this browser is kept."""
    end(request)
    request.session[KEY] = token
    rotate_token(request)


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


def sign_in_first(request: HttpRequest, *, needed: str = "none", back: str = "") -> HttpResponse:
    """To the choice of providers that vouch for ``needed``, and then back here, or to the path ``back``."""
    query = {"weiter": back or request.get_full_path()} | ({"stufe": needed} if needed != "none" else {})
    return HttpResponseRedirect(f"{reverse('citizen:sign_in')}?{urlencode(query)}")
