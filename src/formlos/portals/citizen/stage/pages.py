"""``/vorfuehrung/``: the page for the beamer, and its buttons. Exists on demo nodes only."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import segno
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from formlos.base import clock
from formlos.base.hosts import is_loopback
from formlos.base.tenancy import Municipality
from formlos.dialogue.words import day_in_words
from formlos.portals.citizen.stage import acting, doors, scene

BUTTONS = {"ziehen": acting.pull_plug, "stecken": acting.plug_in, "zurueck": acting.reset, "tag": acting.next_day}


@require_http_methods(["GET", "HEAD", "POST"])
def stage(request: HttpRequest) -> HttpResponse:
    """Both cities side by side; a POST presses a button, a GET with ``schluessel`` shows the key."""
    if not settings.DEMO:
        raise Http404("no demo")
    if request.method == "POST":
        return _press(request)
    if "schluessel" in request.GET:
        return _let_in(request)
    return _page(request)


def _press(request: HttpRequest) -> HttpResponse:
    if not doors.may_act(request):
        return _page(request, refused=_("Die Knöpfe gehen nur an diesem Rechner oder mit dem Schlüssel der Bühne."))
    button = BUTTONS.get(request.POST.get("tun", ""))
    if button is None:
        return _page(request, refused=_("Diesen Knopf gibt es nicht."))
    try:
        button()
    except ValueError:
        return _page(request, refused=_("Weiter läuft die Uhr nicht voraus. Starten Sie die Vorführung neu."))
    return HttpResponseRedirect(reverse("citizen:stage"))


def _let_in(request: HttpRequest) -> HttpResponse:
    response = HttpResponseRedirect(reverse("citizen:stage"))
    fits = doors.let_in(request, response, shown=request.GET["schluessel"])
    return response if fits else _page(request, refused=_("Dieser Schlüssel passt nicht."))


def _page(request: HttpRequest, *, refused: str = "") -> HttpResponse:
    try:
        registers = scene.registers()
    except Municipality.DoesNotExist as error:
        raise Http404("the stage needs both towns of the demonstration") from error
    phone = f"{settings.PUBLIC_URL}{reverse('citizen:town', args=[registers[1].slug])}"
    context: dict[str, Any] = {
        "registers": registers,
        "today": day_in_words(clock.today()),
        "ahead": clock.ahead().days,
        "plugged_in": registers[0].plugged_in,
        "messages": scene.messages(),
        "families": scene.families(),
        "shown": scene.newest_case(),
        "phone": phone,
        "qr": _qr(phone),
        "may_act": doors.may_act(request),
        "resetting": "zuruecksetzen" in request.GET,
        "refused": refused,
    }
    return render(request, "citizen/stage.html", context, status=403 if refused else 200)


def _qr(address: str) -> str:
    """A code that opens the address on a phone; none where no phone would reach it."""
    if is_loopback(urlsplit(address).hostname):
        return ""
    return str(segno.make(address, error="m", micro=False).svg_data_uri(scale=5, border=2, light="white"))


stage_urls = [path("vorfuehrung/", stage, name="stage")]
