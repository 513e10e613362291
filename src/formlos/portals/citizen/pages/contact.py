"""Where a person wants to be told of news by e-mail: give an address, confirm it, choose, remove it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from formlos.base.limits import Limit, TooMany, client_address
from formlos.base.ui.too_many import marked, sentence_of
from formlos.identity import contacts
from formlos.identity.queries import Identity
from formlos.portals.citizen import languages, visits

LINKS = Limit("contact.link", most=30, within=timedelta(hours=1))


def of_person(page: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Give a page the identified person; sign in first."""

    @wraps(page)
    def visited(request: HttpRequest) -> HttpResponse:
        person = visits.visitor(request)
        if person is None:
            return visits.sign_in_first(request, back=_page_of(request))
        return page(request, person)

    return visited


def _page_of(request: HttpRequest) -> str:
    """Where to go on after signing in: buttons of the account page have no page of their own."""
    account = reverse("citizen:my_account")
    return account if request.method == "POST" and request.path.startswith(account) else ""


def contact_context(person: Identity) -> dict[str, Any]:
    return {
        "contact": contacts.contact_of(person.sub),
        "mail_is_sent": settings.MAIL_IS_SENT,
        "mail_is_demo": settings.DEMO,
    }


@require_POST
@of_person
def propose(request: HttpRequest, person: Identity) -> HttpResponse:
    """Send a link to the address that the person gave."""
    address = str(request.POST.get("adresse", ""))
    try:
        contacts.propose(person.sub, address=address, language=languages.current())
        return _to_account()
    except contacts.AddressRefused:
        error = _("Das ist keine E-Mail-Adresse. Bitte schreiben Sie sie wie name@beispiel.de.")
        return _again(request, person, address, error)
    except TooMany as refused:
        return marked(_again(request, person, address, sentence_of(refused)), refused)


def _again(request: HttpRequest, person: Identity, address: str, error: str) -> HttpResponse:
    context = contact_context(person) | {"typed": address[:254], "error": error}
    return render(request, "citizen/contact.html", context, status=422)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """The link of the e-mail, opened by whoever owns the mailbox. Only the button confirms: mail filters open links."""
    try:
        LINKS.count(client_address(request))
        if request.method == "POST":
            contacts.confirm(token)
            return render(request, "citizen/contact_confirm.html", {"done": True})
        if not contacts.is_open(token):
            raise contacts.LinkOver(token)
    except contacts.LinkOver:
        return render(request, "citizen/contact_confirm.html", {"over": True}, status=410)
    return render(request, "citizen/contact_confirm.html", {"token": token})


@require_POST
@of_person
def choose(request: HttpRequest, person: Identity) -> HttpResponse:
    """Messages or none."""
    contacts.choose(person.sub, wanted="hinweise" in request.POST)
    return _to_account()


@require_POST
@of_person
def remove(request: HttpRequest, person: Identity) -> HttpResponse:
    contacts.remove(person.sub)
    return _to_account()


def _to_account() -> HttpResponse:
    return HttpResponseRedirect(reverse("citizen:my_account"))
