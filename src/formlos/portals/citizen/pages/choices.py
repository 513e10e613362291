"""Consents and objections: how they stand in each town, and the buttons that change them."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from formlos.base.tenancy import within
from formlos.identity.queries import Identity
from formlos.notices import consents
from formlos.notices.consents import UnknownConsent
from formlos.portals.citizen import choices
from formlos.portals.citizen.pages.mine import of_person
from formlos.portals.citizen.towns import all_towns, town_or_404


@require_http_methods(["GET", "HEAD", "POST"])
@of_person
def page(request: HttpRequest, person: Identity) -> HttpResponse:
    """All towns; a POST gives or withdraws one consent in the town ``gemeinde``."""
    if request.method == "POST":
        town = town_or_404(request.POST.get("gemeinde", ""))
        if choices.choices_in(town, person) is None:
            raise Http404(town.slug)
        way, given = request.POST.get("weg", ""), request.POST.get("ja") == "1"
        try:
            with within(town.id):
                consents.set_consent(subject=person.subject_for(town.id), way=way, given=given)
        except UnknownConsent as error:
            raise Http404(way) from error
        return HttpResponseRedirect(reverse("citizen:my_choices") + f"#{way}-{town.ags}")
    found = [one for town in all_towns() if (one := choices.choices_in(town, person))]
    return render(request, "citizen/mine_choices.html", {"found": found, "service": choices.SERVICE})
