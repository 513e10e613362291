"""Who may press the buttons of the stage: whoever sits at the machine itself, or has the key shown at its start."""

from __future__ import annotations

import hmac
import secrets
from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from formlos.base.hosts import is_loopback
from formlos.base.limits import Limit, client_address
from formlos.base.secret_files import read_or_create, secret_folder
from formlos.portals import cookies

COOKIE = "vorfuehrung"
COOKIE_LIFE = timedelta(hours=12)
GUESSES = Limit("stage key", most=10, within=timedelta(minutes=10))


def key() -> str:
    """The key of this node's stage; made on first use."""
    return read_or_create(secret_folder(settings.HOME) / "stage", lambda: secrets.token_urlsafe(12))


def may_act(request: HttpRequest) -> bool:
    """Whether the request comes from this machine or from a browser that has shown the key."""
    peer = client_address(request)
    shown = cookies.held(request, COOKIE, life=COOKIE_LIFE)
    return is_loopback(peer) or peer == urlsplit(settings.PUBLIC_URL).hostname or _is_key(shown or "")


def let_in(request: HttpRequest, response: HttpResponse, *, shown: str) -> bool:
    """Remember a browser that shows the key; False for a wrong one. Raises ``TooMany``."""
    if not _is_key(shown):
        GUESSES.count(client_address(request))
        return False
    cookies.keep(response, COOKIE, shown, life=COOKIE_LIFE, samesite="Strict")
    return True


def _is_key(shown: str) -> bool:
    return hmac.compare_digest(shown.encode(), key().encode())
