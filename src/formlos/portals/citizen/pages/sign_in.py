"""Identifying oneself: at a provider that the town offers, or on demo nodes with an assertion from a command."""

from __future__ import annotations

import re
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from formlos.base.tenancy import Municipality
from formlos.identity.oidc import providers
from formlos.identity.operations import accept_assertion
from formlos.identity.queries import PERSON
from formlos.identity.wallet import queries as wallets
from formlos.portals import cookies, kept
from formlos.portals.citizen import prepared, problems, remembered, visits
from formlos.portals.citizen.towns import town_of
from formlos.portals.signing_in import OtherWay, SignIn, local

BEGINNING = re.compile(r"/([-\w]+)/anliegen/([-\w]+)/beginnen/")


def _welcome(request: HttpRequest, response: HttpResponse, token: str) -> None:
    visits.begin(request, token=token)
    if not response.headers.get("Location", "").endswith("/beginnen/"):
        remembered.has_begun(response)  # whoever meant to begin came by another way, or was somebody else
    if not response.headers.get("Location", "").endswith("/uebernehmen/"):
        remembered.has_adopted(response)


PAGES = SignIn(purpose=PERSON, pages="citizen", home="/", welcome=_welcome)


@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """The providers of the town to which ``weiter`` leads, and the wallet."""
    way, needed = PAGES.wanted(request)
    municipality = _town_of_way(way)
    person = visits.visitor(request)
    here = {"town": town_of(municipality), "without_pin": _without_pin(way)} if municipality else {}
    expired = person is None and visits.EXPIRED in request.GET
    more = {"known": person is not None, "expired": expired, "typed": kept.is_held_for(request, way)} | here
    return PAGES.choose(
        request,
        ags=municipality.ags if municipality else None,
        more=more,
        stay_with=person.provider if person else "",
        others=_by_wallet(way, needed),
    )


def _town_of_way(way: str) -> Municipality | None:
    return Municipality.objects.filter(slug=way.split("/")[1]).first()


def _without_pin(way: str) -> str:
    """Where to read on without a card with PIN, for who came from the beginning of a service; else nothing."""
    found = BEGINNING.fullmatch(way.partition("?")[0])
    return reverse("citizen:without_pin", args=[found[1], found[2]]) if found else ""


def _by_wallet(way: str, needed: str) -> list[OtherWay]:
    """The wallet, where an issuer of PIDs is trusted that vouches for what is needed."""
    issuer = wallets.offered(needed=needed)
    if issuer is None:
        return []
    address = f"{reverse('citizen:wallet')}?{urlencode({'weiter': way})}"
    return [OtherWay(_("Mit der Wallet ausweisen"), address, issuer.level, issuer.simulated)]


@require_GET
def go(request: HttpRequest) -> HttpResponse:
    municipality = _town_of_way(PAGES.wanted(request)[0])
    return PAGES.go(request, town=municipality.name if municipality else "")


@require_GET
def back(request: HttpRequest, provider: str) -> HttpResponse:
    return PAGES.back(request, provider)


@require_GET
def wait(request: HttpRequest, login_id: UUID) -> HttpResponse:
    return PAGES.wait(request, login_id)


@require_http_methods(["GET", "HEAD", "POST"])
def demo(request: HttpRequest) -> HttpResponse:
    """Accept an assertion (``nachweis``) and go on to ``weiter``. A GET shows only the button: no link signs in."""
    if not settings.DEMO:
        raise Http404("no demo")
    given = request.POST if request.method == "POST" else request.GET
    context = {"assertion": given.get("nachweis", ""), "next": local(given.get("weiter", ""), "/")}
    if request.method != "POST":
        return render(request, "citizen/sign_in.html", context)
    try:
        token = accept_assertion(token=context["assertion"].strip())
    except Exception as error:
        problem = problems.describe(error)
        if problem is None:
            raise
        return render(request, "citizen/sign_in.html", context | {"problem": problem}, status=problem["status"])
    visits.begin(request, token=token)
    return HttpResponseRedirect(context["next"])


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the visit here; the next page offers to end it at the provider too."""
    person = visits.visitor(request)
    visits.end(request)
    query = f"?{urlencode({'anbieter': person.provider})}" if person and person.provider else ""
    response = HttpResponseRedirect(reverse("citizen:signed_out") + query)
    cookies.drop_all(request, response, prefixes=(*remembered.NAMES, prepared.NAME, kept.NAME))
    return response


@require_safe
def signed_out(request: HttpRequest) -> HttpResponse:
    there = providers.sign_out_address(request.GET.get("anbieter", ""), back=f"{settings.PUBLIC_URL}/")
    return render(request, "identity/signed_out.html", {"there": there, "home": "/"})
