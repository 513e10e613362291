"""Consents and objections: how they stand in each town, and the buttons that change them."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from formlos.base.tenancy import within
from formlos.identity.queries import Identity
from formlos.notices import consents
from formlos.notices.consents import NotReachable
from formlos.portals.citizen import choices
from formlos.portals.citizen.pages.contact import of_person
from formlos.portals.citizen.towns import all_towns, town_or_404


@require_http_methods(["GET", "HEAD", "POST"])
@of_person
def page(request: HttpRequest, person: Identity) -> HttpResponse:
    """All towns; a POST gives or withdraws the consent to retrieve acts in the town ``gemeinde``."""
    if request.method == "POST":
        town = town_or_404(request.POST.get("gemeinde", ""))
        if choices.choices_in(town, person) is None:
            raise Http404(town.slug)
        try:
            with within(town.id):
                consents.set_consent(subject=person.subject_for(town.id), given=request.POST.get("ja") == "1")
        except NotReachable:
            return _page(request, person, refused=town.ags)
        return HttpResponseRedirect(reverse("citizen:my_choices") + f"#abruf-{town.ags}")
    return _page(request, person)


def _page(request: HttpRequest, person: Identity, *, refused: str = "") -> HttpResponse:
    """``refused``: the official key of the town in which a consent could not work."""
    found = [one for town in all_towns() if (one := choices.choices_in(town, person))]
    context = {"found": found, "service": choices.SERVICE, "refused": refused}
    return render(request, "citizen/mine_choices.html", context, status=409 if refused else 200)
