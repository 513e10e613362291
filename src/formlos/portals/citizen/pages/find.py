"""The one box: from a sentence to the matters it concerns. Also all matters by letter and by life situation.

What is typed travels in the body of a POST, is read and forgotten: no row, no log line, no address holds it.
"""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from formlos.base import clock
from formlos.base.tenancy import within
from formlos.cases.wording import service_in
from formlos.catalogue.finder import finding, suggestions
from formlos.catalogue.finder.finding import Offer
from formlos.catalogue.finder.matching import LONGEST
from formlos.catalogue.finder.model import model
from formlos.catalogue.finder.sentence import NothingSaid, TooLong
from formlos.catalogue.finder.towns import town_meant
from formlos.portals.citizen import languages, offers, own, remembered, visits
from formlos.portals.citizen.pace import pace_in_words
from formlos.portals.citizen.pages import asking, start
from formlos.portals.citizen.towns import Town, all_towns, town_or_404


@sensitive_post_parameters("text")
@require_POST
def anywhere(request: HttpRequest) -> HttpResponse:
    """The box on a page that belongs to no town: the same POST, sent on to the town that was chosen or is meant."""
    text, matter_name = request.POST.get("text", ""), request.POST.get("anliegen", "")
    towns = all_towns()
    town = _chosen(request.POST.get("gemeinde", ""), text, towns)
    if town is None:
        return _in_which_town(request, matter_name, towns) if matter_name else _incomplete(request, text, towns)
    if matter_name:
        return HttpResponseRedirect(_matter_address(town, matter_name))
    response = HttpResponseRedirect(reverse("citizen:find", args=[town.slug]))
    response.status_code = HTTPStatus.TEMPORARY_REDIRECT  # keeps method and body
    return response


def _incomplete(request: HttpRequest, text: str, towns: Sequence[Town]) -> HttpResponse:
    """The start page again: nothing was said, or not where."""
    if not text.strip():
        more = {"error": _("Bitte schreiben Sie in ein paar Worten, worum es geht.")}
    else:
        error = _("In Ihrem Satz haben wir keine Gemeinde erkannt. Bitte wählen Sie hier, um welche es geht.")
        more = {"text": text[:LONGEST], "town_error": error}
    return start.with_box(request, towns, status=422, more=more)


def _in_which_town(request: HttpRequest, name: str, towns: Sequence[Town]) -> HttpResponse:
    """A matter without a town: the page asks for just that."""
    found = finding.names().named(name)
    if found is None:
        raise Http404(name)
    context = {
        "title": found.wording(languages.current()).title,
        "towns": [(town, _matter_address(town, name)) for town in towns],
    }
    return render(request, "citizen/find_town.html", context)


def _chosen(slug: str, text: str, towns: Sequence[Town]) -> Town | None:
    """The town of the list, else the one that the sentence names, else the only one that there is."""
    if slug:
        return town_or_404(slug)
    meant = town_meant(text[:LONGEST], [town.name for town in towns])
    found = [town for town in towns if town.name == meant] if meant else list(towns)
    return found[0] if len(found) == 1 else None


def _matter_address(town: Town, name: str) -> str:
    try:
        return reverse("citizen:matter", args=[town.slug, name])
    except NoReverseMatch as error:
        raise Http404(name) from error


@sensitive_post_parameters("text")
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, slug: str) -> HttpResponse:
    town = town_or_404(slug)
    context = {"town": town, "situations": offers.situations()}
    if request.method != "POST":
        return render(request, "citizen/find.html", context | {"frequent": _frequent(town)})
    text = request.POST.get("text", "")
    try:
        context |= {"text": text} | _found(text, town)
    except NothingSaid:
        return _refused(request, context, text[:200], _("Bitte schreiben Sie in ein paar Worten, worum es geht."))
    except TooLong:
        message = _("Das ist zu lang. Ein, zwei Sätze genügen (höchstens 1000 Zeichen).")
        return _refused(request, context, text, message)
    return render(request, "citizen/find.html", context)


@require_safe
def letters(request: HttpRequest, slug: str) -> HttpResponse:
    """Every matter from A to Z."""
    town = town_or_404(slug)
    with within(town.id):
        groups = offers.by_letter(finding.all_matters(), town)
    title = _("Alle Anliegen von A bis Z")
    return render(request, "citizen/find_list.html", {"town": town, "title": title, "groups": groups, "letters": True})


@require_safe
def situation(request: HttpRequest, slug: str, name: str) -> HttpResponse:
    """The matters of one life situation."""
    town = town_or_404(slug)
    title = dict(offers.situations()).get(name)
    if title is None:
        raise Http404(name)
    with within(town.id):
        found = [offer for offer in finding.all_matters() if name in offer.matter.situations]
        groups = [("", [offers.shown(offer, town) for offer in found])]
    return render(request, "citizen/find_list.html", {"town": town, "title": title, "groups": groups})


@require_http_methods(["GET", "HEAD", "POST"])
def matter(request: HttpRequest, slug: str, name: str) -> HttpResponse:
    """One matter: how it is done. A POST goes on with what the person ticked as understood, or forgets it."""
    town = town_or_404(slug)
    with within(town.id):
        offer = finding.matter_named(name)
    if offer is None:
        raise Http404(name)
    if request.method == "POST":
        return _keep(request, town, offer)
    context: dict[str, Any] = {"town": town, "offer": offers.shown(offer, town)}
    if offer.document:
        held = remembered.remembered(request, town=town, service=offer.matter.service)
        context |= {"declared": service_in(offer.document, languages.current()), "person": visits.visitor(request)}
        context["pace"] = pace_in_words(town, offer.matter.service)
        context["mine"] = own.prepared_lines(request, [town], service=offer.matter.service)
        context["held"] = offers.suggested(offer.document, finding.acceptable(offer.document, held))
    return render(request, "citizen/find_matter.html", context)


def _frequent(town: Town) -> list[offers.Shown]:
    names = finding.names().frequent
    with within(town.id):
        known = {offer.matter.name: offer for offer in finding.all_matters()}
        return [offers.shown(known[name], town) for name in names]


def _found(text: str, town: Town) -> dict[str, Any]:
    with within(town.id):
        found = finding.find(text, today=clock.today())
        fitting = [offers.shown(offer, town) for offer in found.offers]
        return {
            "asked": True,
            "model_host": asked.host if (asked := model()) else "",
            "offers": fitting,
            "lead": offers.lead(fitting),
            "near": [offers.shown(offer, town) for offer in found.near],
            "remarks": offers.remarks(found, town),
        }


def _refused(request: HttpRequest, context: dict[str, Any], text: str, error: str) -> HttpResponse:
    return render(request, "citizen/find.html", context | {"text": text, "error": error}, status=422)


def _keep(request: HttpRequest, town: Town, offer: Offer) -> HttpResponse:
    if offer.document is None or "vergessen" in request.POST:
        response: HttpResponse = HttpResponseRedirect(_matter_address(town, offer.matter.name))
        remembered.forget(response)
        return response
    service, ticked = offer.matter.service, set(request.POST.getlist("angabe"))
    response = asking.to_beginning(request, town, service, offer.document)
    try:
        values = suggestions.unsigned(request.POST.get("vorschlag", ""), municipality=town.id, service=service)
    except suggestions.SuggestionsRefused:
        values = {}
    chosen = {path: value for path, value in values.items() if path.partition("/")[0] in ticked}
    remembered.remember(response, chosen, town=town, service=service)
    return response
