"""What somebody prepared in this browser without identifying: taken into their account after all, or erased."""

from __future__ import annotations

from contextlib import suppress
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from formlos.appointments import queries as appointments
from formlos.base.tenancy import within
from formlos.cases import queries
from formlos.cases.access import LevelTooLow, Person, require_level
from formlos.cases.adopting import OwnCaseUnderWay, adopt_case
from formlos.cases.drafts import is_draft
from formlos.cases.preparing import discard_prepared
from formlos.cases.wording import title_in
from formlos.cases.work import CaseIsOver, NoSuchCase, Work
from formlos.dialogue.desk import address_of_next
from formlos.identity.queries import Identity
from formlos.portals.citizen import languages, prepared, remembered, visits
from formlos.portals.citizen.towns import Town, town_or_404

FORM = require_http_methods(["GET", "HEAD", "POST"])


@FORM
def adopt(request: HttpRequest, slug: str, case_id: UUID) -> HttpResponse:
    """What identifying after all means; a POST, or coming back from identifying after one, takes the case over.

    No link does: somebody else may have prepared it in this browser.
    """
    town = town_or_404(slug)
    work = prepared.held(request, town=town, case_id=case_id)
    if work is None or not is_draft(work):
        return HttpResponseRedirect(reverse("citizen:case", args=[slug, case_id]))
    person = visits.visitor(request)
    comes_back = request.method == "GET" and remembered.means_to_adopt(request, case_id=case_id)
    if request.method != "POST" and not (person and comes_back):
        return render(request, "citizen/adopt.html", _frame(town, work, person))
    try:
        require_level(work.service, person.level if person else "none")
    except LevelTooLow as error:
        return _identify_first(request, case_id, needed=error.needed)
    if person is None:
        return _identify_first(request, case_id, needed="none")
    response = _take_over(request, town, work, person)
    remembered.has_adopted(response)
    return response


@FORM
def discard(request: HttpRequest, slug: str, case_id: UUID) -> HttpResponse:
    """Erase what was prepared; or forget only the key, so that it can still be finished at the counter."""
    town = town_or_404(slug)
    work = prepared.held(request, town=town, case_id=case_id)
    if work is None:
        return HttpResponseRedirect(reverse("citizen:town", args=[slug]))
    if request.method != "POST":
        return render(request, "citizen/discard.html", _frame(town, work, None))
    only_here = "nur_hier" in request.POST
    if not only_here:
        key = prepared.key_to(request, town=town, case_id=case_id)
        with within(town.id), suppress(NoSuchCase, CaseIsOver):  # pressed twice, or taken back already
            discard_prepared(case_id, key=key)
    response = HttpResponseRedirect(
        reverse("citizen:town", args=[slug]) + ("?vergessen" if only_here else "?verworfen")
    )
    prepared.drop(request, response, town=town, case_id=case_id)
    return response


def _identify_first(request: HttpRequest, case_id: UUID, *, needed: str) -> HttpResponse:
    response = visits.sign_in_first(request, needed=needed)
    if request.method == "POST":
        remembered.mean_to_adopt(response, case_id=case_id)
    return response


def _take_over(request: HttpRequest, town: Town, work: Work, person: Identity) -> HttpResponse:
    """On to what comes next in the case, which is the person's own now; or to the one that they have begun before."""
    case_id, beside = work.case.id, "trotzdem" in request.POST
    key = prepared.key_to(request, town=town, case_id=case_id)
    try:
        with within(town.id):
            booked = appointments.of_case(case_id)
            adopted = adopt_case(case_id=case_id, key=key, person=Person.of(person), beside=beside)
            way = address_of_next(queries.view(adopted), pages="citizen", slug=town.slug)
    except OwnCaseUnderWay as error:
        own = reverse("citizen:question", args=[town.slug, error.case])
        frame = _frame(town, work, person) | {"own": own}
        return render(request, "citizen/adopt_own.html", frame, status=409)
    except (NoSuchCase, CaseIsOver):  # a clerk was faster, or another press of the button
        return HttpResponseRedirect(reverse("citizen:case", args=[town.slug, case_id]))
    told = f"uebernommen{'=termin' if booked else ''}"
    response = HttpResponseRedirect(f"{way}{'&' if '?' in way else '?'}{told}")
    prepared.drop(request, response, town=town, case_id=case_id)
    return response


def _frame(town: Town, work: Work, person: Identity | None) -> dict[str, Any]:
    with within(town.id):
        booked = appointments.of_case(work.case.id)
    names = (person.facts.get("vornamen"), person.facts.get("familienname")) if person else ()
    return {
        "town": town,
        "work": work.case,
        "title": title_in(work.law.document, languages.current()),
        "kept_until": prepared.kept_until(work),
        "booked": booked,
        "person": person,
        "name": " ".join(str(name) for name in names if name),
    }
