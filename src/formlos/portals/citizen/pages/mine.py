"""What is the person's own: cases to go on with, inbox, what cities hold about them, the account."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from formlos.base import clock
from formlos.base.tenancy import within
from formlos.cases import drafts, queries
from formlos.cases.queries import OwnCase
from formlos.cases.work import CaseIsOver
from formlos.identity.queries import Identity
from formlos.portals.citizen import own, visits
from formlos.portals.citizen.export import export_of
from formlos.portals.citizen.holdings import TownHolding, held_by
from formlos.portals.citizen.own import newest
from formlos.portals.citizen.pages.contact import contact_context, of_person
from formlos.portals.citizen.telling import town_in_words
from formlos.portals.citizen.towns import Town, all_towns


@require_safe
@of_person
def overview(request: HttpRequest, person: Identity) -> HttpResponse:
    """Where to go on, the inbox, and what is finished."""
    towns = all_towns()
    found = [own.lines_of(person, town) for town in towns]
    lines = newest([line for lines, _letters in found for line in lines])
    context = {
        "open": own.prepared_lines(request, towns) + [line for line in lines if not line.over],
        "over": [line for line in lines if line.over],
        "leaving": [line for line in lines if line.erase_on],
        "letters": newest([letter for _lines, letters in found for letter in letters]),
    }
    return render(request, "citizen/mine.html", context)


@require_safe
@of_person
def data(request: HttpRequest, person: Identity) -> HttpResponse:
    """What the cities hold about the person."""
    names = {town.ags: town.name for town in all_towns()}
    held = [town_in_words(one, names=names) for one in _held(person)]
    return render(request, "citizen/mine_data.html", {"held": held})


@require_safe
@of_person
def export(request: HttpRequest, person: Identity) -> HttpResponse:
    """The same as one file."""
    response = JsonResponse(export_of(person, _held(person)), json_dumps_params={"ensure_ascii": False, "indent": 1})
    response["Content-Disposition"] = f'attachment; filename="meine-daten-{clock.today()}.json"'
    response["Cache-Control"] = "no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_safe
@of_person
def account(request: HttpRequest, person: Identity) -> HttpResponse:
    """Messages by e-mail, where one is logged in, and the way to closing the account."""
    here = {"running": visits.running(request), "ended": "ausgeloggt" in request.GET}
    return render(request, "citizen/mine_account.html", contact_context(person) | here)


@require_POST
@of_person
def log_out_elsewhere(request: HttpRequest, person: Identity) -> HttpResponse:
    """End the person's visits on all other devices."""
    visits.end_others(request)
    return HttpResponseRedirect(reverse("citizen:my_account") + "?ausgeloggt#anmeldungen")


@require_http_methods(["GET", "HEAD", "POST"])
@of_person
def close(request: HttpRequest, person: Identity) -> HttpResponse:
    """What closing the account means; a POST closes it."""
    if request.method == "POST":
        for town in all_towns():
            _discard_drafts(town, person)
        visits.close_account(request)
        return HttpResponseRedirect(reverse("citizen:account_closed"))
    running = [line for town in all_towns() for line in own.lines_of(person, town)[0] if not line.over]
    return render(request, "citizen/mine_close.html", {"running": newest(running)})


@require_safe
def closed(request: HttpRequest) -> HttpResponse:
    return render(request, "citizen/mine_closed.html")


def _held(person: Identity) -> list[TownHolding]:
    return [held for town in all_towns() if (held := held_by(person, town))]


def _discard_drafts(town: Town, person: Identity) -> None:
    """Withdraw and erase what was never sent; what was sent goes on."""
    subject = person.subject_for(town.id)
    with within(town.id):
        for case in queries.own_cases(subject=subject):
            if not case.over and not case.decided_at:
                _discard(case, actor=f"person:{subject}")


def _discard(case: OwnCase, *, actor: str) -> None:
    try:
        drafts.discard(case_id=case.id, reason="Konto geschlossen", norm=drafts.NO_LONGER_NEEDED, actor=actor)
    except CaseIsOver:
        return  # it was sent; only its town can end it
