"""Signing in and out as staff, and the first page: in which towns and offices one works."""

from __future__ import annotations

from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST, require_safe

from formlos.base.tenancy import Municipality, within
from formlos.base.ui.languages import current
from formlos.catalogue.finder.finding import office_in_words
from formlos.identity.oidc import providers
from formlos.identity.queries import STAFF
from formlos.organisation import queries
from formlos.portals import kept
from formlos.portals.clerk import visits
from formlos.portals.clerk.access import sign_in_first
from formlos.portals.signing_in import SignIn

HOME = "/dienst/"
PAGES = SignIn(purpose=STAFF, pages="clerk", home=HOME, welcome=visits.begin)


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    staff = visits.member(request)
    if staff is None:
        return sign_in_first(request)
    held = []
    for municipality in Municipality.objects.order_by("name"):
        with within(municipality):
            roles = queries.roles_of(issuer=staff.issuer, subject=staff.subject)
        held += [(municipality, office_in_words(one.office, current()), one.role) for one in roles]
    return render(request, "clerk/home.html", {"held": held, "subject": staff.subject})


@require_safe
def sign_in(request: HttpRequest) -> HttpResponse:
    typed = kept.is_held_for(request, PAGES.wanted(request)[0])
    return PAGES.choose(request, ags=None, more={"expired": typed, "typed": typed})


@require_GET
def go(request: HttpRequest) -> HttpResponse:
    return PAGES.go(request)


@require_GET
def back(request: HttpRequest, provider: str) -> HttpResponse:
    return PAGES.back(request, provider)


@require_GET
def wait(request: HttpRequest, login_id: UUID) -> HttpResponse:
    return PAGES.wait(request, login_id)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    staff = visits.member(request)
    query = f"?{urlencode({'anbieter': staff.provider})}" if staff and staff.provider else ""
    response = HttpResponseRedirect(reverse("clerk:signed_out") + query)
    visits.end(request, response)
    kept.drop(response)
    return response


@require_safe
def signed_out(request: HttpRequest) -> HttpResponse:
    there = providers.sign_out_address(request.GET.get("anbieter", ""), back=settings.PUBLIC_URL + HOME)
    return render(request, "identity/signed_out.html", {"there": there, "home": HOME})
