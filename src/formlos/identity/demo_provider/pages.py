"""The simulated provider's pages: choose an invented person, confirm with the PIN of the demonstration, or break off."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from formlos.base.security_headers import POLICY
from formlos.identity.demo_provider import people
from formlos.identity.demo_provider.grants import Asked, Grant, codes, requests
from formlos.identity.demo_provider.people import Person
from formlos.identity.levels import LEVELS

PIN = "123456"
MOST_WRONG_PINS = 3
STAFF_PAGES = "/dienst/"


@require_safe
def authorize(request: HttpRequest) -> HttpResponse:
    """The authorization endpoint. Nobody is sent anywhere before client and address are known to be right."""
    given = request.GET
    client = people.client(given.get("client_id", ""))
    if client is None or given.get("redirect_uri") not in client.redirect_uris:
        return render(request, "idp/refused.html", status=400)
    asked = Asked(client.id, given["redirect_uri"], given.dict())
    error = _error_in(asked)
    return _back(asked, error=error) if error else _choose(request, requests.keep(asked), asked)


@require_http_methods(["POST"])
def confirm(request: HttpRequest) -> HttpResponse:
    """What the person chose: on with a code, back with an error, or once more."""
    name = request.POST.get("anfrage", "")
    asked = requests.look(name)
    if asked is None:
        return render(request, "idp/refused.html", status=400)
    if "abbrechen" in request.POST:
        return _break_off(name, asked)
    chosen = next((one for one in people.people() if one.key == request.POST.get("person")), None)
    if chosen is None:
        return _choose(request, name, asked, error=_("Bitte wählen Sie eine Person."))
    if chosen.expired:
        return _choose(
            request,
            name,
            asked,
            error=_("Dieser Ausweis ist abgelaufen. Wählen Sie eine andere Person oder brechen Sie ab."),
        )
    if request.POST.get("pin") != PIN:
        asked.wrong_pins += 1
        if asked.wrong_pins >= MOST_WRONG_PINS:
            return _break_off(name, asked)
        return _choose(request, name, asked, error=_("Diese PIN stimmt nicht. In der Vorführung ist sie immer 123456."))
    level = request.POST.get("niveau", "")
    requests.take(name)
    return _back(asked, code=codes.keep(Grant(asked, chosen, level if level in LEVELS else "high")))


@require_safe
def sign_out(request: HttpRequest) -> HttpResponse:
    """RP-initiated logout: nobody stays signed in here, so the person only goes back where they may."""
    client, back = people.client(request.GET.get("client_id", "")), request.GET.get("post_logout_redirect_uri")
    if client is not None and back in client.sign_out_uris:
        state = request.GET.get("state")
        return HttpResponseRedirect(f"{back}?{urlencode({'state': state})}" if state else back)
    return render(request, "idp/signed_out.html")


def _choose(request: HttpRequest, name: str, asked: Asked, *, error: str = "") -> HttpResponse:
    wanted = next((acr for acr in asked.parameters.get("acr_values", "").split() if acr in LEVELS), "high")
    chosen = request.POST.get("person")
    town = _town(asked)
    first, others = _sorted(people.people(), asked, town)
    context: dict[str, Any] = {
        "name": name,
        "first": first,
        "others": others,
        "among_others": any(one.key == chosen for one in others),
        "chosen": chosen,
        "level": request.POST.get("niveau", wanted),
        "other_level": request.POST.get("niveau", wanted) != wanted,
        "levels": [
            ("high", _("Online-Ausweis mit PIN (hoch)")),
            ("substantial", _("substanziell")),
            ("basic", _("einfach")),
        ],
        "error": error,
        "back": town,
    }
    response = render(request, "idp/choose.html", context, status=422 if error else 200)
    origin = urlsplit(asked.redirect_uri)
    response["Content-Security-Policy"] = POLICY.replace(
        "form-action 'self'", f"form-action 'self' {origin.scheme}://{origin.netloc}"
    )
    return response


def _sorted(known: list[Person], asked: Asked, town: str) -> tuple[list[Person], list[Person]]:
    """Whom most come for, those who would move to the town first, and everybody else. No others without a first."""
    wanted = people.STAFF if urlsplit(asked.redirect_uri).path.startswith(STAFF_PAGES) else people.MOVES
    first = sorted((one for one in known if one.group == wanted), key=lambda one: one.town == town)
    return (first, [one for one in known if one.group != wanted]) if first else (known, [])


def _town(asked: Asked) -> str:
    """The town whose page asked, if the node has it: what stands in an address is not shown unchecked."""
    client, town = people.client(asked.client_id), asked.parameters.get("town", "")
    return town if client and town in client.towns else ""


def _break_off(name: str, asked: Asked) -> HttpResponse:
    requests.take(name)
    return _back(asked, error="access_denied")


def _back(asked: Asked, **answer: str) -> HttpResponse:
    """Send the browser back with the answer, its state and who we are (RFC 9207)."""
    state = {"state": asked.parameters["state"]} if "state" in asked.parameters else {}
    return HttpResponseRedirect(f"{asked.redirect_uri}?{urlencode(answer | state | {'iss': settings.IDP_URL})}")


def _error_in(asked: Asked) -> str:
    """The error code for a request that we cannot serve, or nothing."""
    given = asked.parameters
    if given.get("response_type") != "code":
        return "unsupported_response_type"
    if "openid" not in given.get("scope", "").split():
        return "invalid_scope"
    if given.get("code_challenge_method") != "S256" or len(given.get("code_challenge", "")) != 43:
        return "invalid_request"
    return "login_required" if given.get("prompt") == "none" else ""
