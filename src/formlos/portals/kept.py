"""A form that could not be taken, kept for a quarter of an hour in the browser that sent it.

The cookie is sealed with the node key: nobody reads it there, and no row is left behind here. It counts for the page
from which the form came; pages of a case open to its own person only, so nobody else gets it back. Files are not kept.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidTag
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.views.csrf import csrf_failure

from formlos.base import sealing
from formlos.dialogue.kept import Kept
from formlos.portals import cookies

NAME, LIFE = "eingaben", timedelta(minutes=15)
LONGEST = 3600
"""Characters of the cookie: browsers take 4096 bytes with its name and attributes."""
CONTEXT = "kept form"
UNTYPED = ("csrfmiddlewaretoken", "tun")
"""Fields that nobody types: a button says which one it is in ``tun``."""
Page = Callable[..., HttpResponse]
OVER, LEVEL, STALE = "over", "level", "stale"
"""Why it could not be taken: the login was over, too weak, or another one took its place."""


def keeping(page: Page) -> Page:
    """Mark a page that shows a kept form in its fields, and that opens to nobody but the one who may have sent it."""
    page.keeps_forms = True  # type: ignore[attr-defined]
    return page


def is_keeping(request: HttpRequest) -> bool:
    return bool(request.resolver_match and getattr(request.resolver_match.func, "keeps_forms", False))


def keep(request: HttpRequest, response: HttpResponse, *, why: str) -> bool:
    """Keep the form of this request; False if it is too long, and then an older one is dropped as well."""
    sent = {name: values for name, values in request.POST.lists() if name not in UNTYPED}
    plain = zlib.compress(json.dumps([request.path, why, sent]).encode(), 9)
    sealed = base64.urlsafe_b64encode(sealing.seal(plain, context=CONTEXT)).decode()
    if len(sealed) > LONGEST:
        drop(response)
        return False
    cookies.keep(response, NAME, sealed, life=LIFE)
    return True


def held(request: HttpRequest) -> Kept | None:
    """The form that this browser holds for the page of this request."""
    path, why, sent = _opened(request)
    if path != request.path or request.method == "POST":
        return None
    return Kept(MultiValueDict(sent), _sentence(why, typed=bool(sent)))


def is_held_for(request: HttpRequest, way: str) -> bool:
    """Whether this browser holds a form with something in it for the page at this address."""
    path, _why, sent = _opened(request)
    return bool(sent) and path == urlsplit(way).path


def drop(response: HttpResponse) -> None:
    cookies.drop(response, NAME)


def settle(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Forget the form once one was taken, unless the response has just kept this one."""
    if request.method == "POST" and cookies.named(NAME) in request.COOKIES.keys() - response.cookies.keys():
        drop(response)
    return response


def csrf_refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Nothing is done. A form of this site that is only older than the login comes back with what was typed in it.

    That is said to the browser that sent it from this very site, and only for pages that open to the right person.
    """
    known = settings.CSRF_COOKIE_NAME in request.COOKIES
    if known and is_keeping(request) and _is_from_here(request):
        response = HttpResponseRedirect(request.get_full_path())
        if keep(request, response, why=STALE):
            return response
    return csrf_failure(request, reason)


def _is_from_here(request: HttpRequest) -> bool:
    """Whether the browser says that a page of this site sent the form; saying nothing is not enough."""
    here = f"{request.scheme}://{request.get_host()}"
    if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        return False
    if origin := request.headers.get("Origin"):
        return bool(origin == here)
    came_from = urlsplit(request.headers.get("Referer", ""))
    return f"{came_from.scheme}://{came_from.netloc}" == here


def _opened(request: HttpRequest) -> tuple[str, str, dict[str, list[str]]]:
    sealed = cookies.held(request, NAME, life=LIFE)
    try:
        plain = sealing.unseal(base64.urlsafe_b64decode(sealed or ""), context=CONTEXT)
        path, why, sent = json.loads(zlib.decompress(plain))
    except (InvalidTag, ValueError):  # none, or sealed with the key of another node
        return "", "", {}
    return path, why, sent


def _sentence(why: str, *, typed: bool) -> str:
    reason = {
        OVER: _("Ihre Anmeldung war abgelaufen."),
        LEVEL: _("Sie haben sich ausgewiesen."),
        STALE: _("Sie haben sich inzwischen neu angemeldet, vielleicht in einem anderen Fenster."),
    }[why]
    if typed:
        return reason + " " + _("Ihre Eingaben stehen noch da; bitte senden Sie sie noch einmal.")
    return reason + " " + _("Es ist noch nichts gesendet; bitte drücken Sie noch einmal auf den Knopf.")
