"""Beginning a case, with or without having identified, and the dialogue's pages for the person's own case."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from formlos.base.limits import Limit, client_address
from formlos.base.tenancy import within
from formlos.cases import operations, queries
from formlos.cases.access import LevelTooLow, Person, require_level
from formlos.cases.beginning import begin_case, is_untouched
from formlos.cases.operations import NotReadyToSend
from formlos.cases.preparing import discard_prepared, prepare_case
from formlos.cases.wording import service_in, title_in
from formlos.cases.work import CaseIsOver, NoSuchCase, Work
from formlos.catalogue.finder import finding
from formlos.dialogue import pages
from formlos.dialogue.desk import address_of_next, next_place
from formlos.law import Document, Law
from formlos.portals.citizen import languages, own, prepared, remembered, services, visits
from formlos.portals.citizen.pace import pace_in_words
from formlos.portals.citizen.towns import Town, town_or_404
from formlos.portals.citizen.visits import Visit, of_own_case

FORM = require_http_methods(["GET", "HEAD", "POST"])
PREPARING = Limit("prepare", most=10, within=timedelta(hours=1))
"""Cases that one address may prepare; libraries and offices share addresses, so that it is no lower."""


@FORM
def begin(request: HttpRequest, slug: str, service: str) -> HttpResponse:
    """What the service does and needs; a POST opens the case."""
    town, law = _town_and_law(slug, service)
    person = visits.visitor(request)
    context = _beginning(town, law, service) | {"person": person}
    comes_back = request.method == "GET" and remembered.means_to_begin(request, town=town, service=service)
    if request.method != "POST" and not (person and comes_back):
        mine = own.prepared_lines(request, [town], service=service)
        return render(request, "citizen/begin.html", context | {"pace": pace_in_words(town, service), "mine": mine})
    try:
        require_level(law.document.data, person.level if person else "none")
    except LevelTooLow as error:
        return _identify_and_begin(request, town, service, needed=error.needed)
    if person is None:
        return _identify_and_begin(request, town, service, needed="none")
    with within(town.id):
        work = begin_case(service=service, person=Person.of(person))
        response = _goes_on(request, Visit(town, person, work))
    remembered.has_begun(response)
    return response


def to_beginning(request: HttpRequest, town: Town, service: str, document: Document) -> HttpResponse:
    """Straight into a new case for who has seen what it takes; to identify first where that is still to be done."""
    here, person = reverse("citizen:begin", args=[town.slug, service]), visits.visitor(request)
    response: HttpResponse = HttpResponseRedirect(here)
    try:
        require_level(document.data, person.level if person else "none")
        if person is None:
            response = visits.sign_in_first(request, back=here)
    except LevelTooLow as error:
        response = visits.sign_in_first(request, needed=error.needed, back=here)
    remembered.mean_to_begin(response, town=town, service=service)
    return response


def _goes_on(request: HttpRequest, visit: Visit) -> HttpResponse:
    """To what comes next in a new case; what was confirmed before is answered."""
    work = pages.tell(visit.desk(request), _confirmed(request, visit))
    return HttpResponseRedirect(address_of_next(queries.view(work), pages="citizen", slug=visit.town.slug))


def _confirmed(request: HttpRequest, visit: Visit) -> Mapping[str, str]:
    """What a sentence on the start page was understood to say, and the person said yes to."""
    held = remembered.remembered(request, town=visit.town, service=visit.work.case.service)
    return finding.acceptable(visit.work.law.document, held)


def _identify_and_begin(request: HttpRequest, town: Town, service: str, *, needed: str) -> HttpResponse:
    """Off to identify. Only the POST is meant as a beginning: whoever comes back by a link presses again."""
    response = visits.sign_in_first(request, needed=needed)
    if request.method == "POST":
        remembered.mean_to_begin(response, town=town, service=service)
    return response


@FORM
def without_pin(request: HttpRequest, slug: str, service: str) -> HttpResponse:
    """The ways for who has no identity card with PIN; a POST prepares the case for the counter.

    What this browser has prepared already is gone on with. If it holds answers, the person says so, or begins anew.
    """
    town, law = _town_and_law(slug, service)
    context = _beginning(town, law, service) | {"days": settings.DRAFT_DAYS}
    begun = prepared.draft_of(request, town=town, service=service)
    if request.method != "POST":
        mine = own.prepared_lines(request, [town], service=service)
        return _with_key(town, render(request, "citizen/without_pin.html", context | {"mine": mine}))
    if begun is not None and is_untouched(begun):
        with within(town.id):
            return _goes_on(request, Visit(town, None, begun))
    if begun is not None and request.POST.get("statt") != str(begun.case.id):
        context |= {"line": own.prepared_line(town, begun), "case_id": begun.case.id}
        return _with_key(town, render(request, "citizen/prepared_begun.html", context, status=409))
    return _prepare(request, town, service, instead_of=begun)


def _with_key(town: Town, response: HttpResponse) -> HttpResponse:
    prepared.offer_key(response, town=town)
    return response


def _prepare(request: HttpRequest, town: Town, service: str, *, instead_of: Work | None) -> HttpResponse:
    PREPARING.count(client_address(request))
    key = prepared.offered_key(request, town=town)
    with within(town.id):
        if instead_of is not None:
            first = instead_of.case.id
            with suppress(NoSuchCase, CaseIsOver):  # an earlier press of the same button was faster
                discard_prepared(first, key=prepared.key_to(request, town=town, case_id=first))
        work = prepare_case(service=service, key=key)
        response = _goes_on(request, Visit(town, None, work))
    prepared.keep(request, response, town=town, case_id=work.case.id, key=key)
    return response


@FORM
@of_own_case
def question(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The page of questions that comes next."""
    answer = pages.question(request, visit.desk(request), suggested=lambda view: _confirmed(request, visit))
    return _kept_on(request, visit, answer)


@FORM
@of_own_case
def change(request: HttpRequest, visit: Visit, *, path: str) -> HttpResponse:
    return _kept_on(request, visit, pages.change(request, visit.desk(request), path=path))


def _kept_on(request: HttpRequest, visit: Visit, response: HttpResponse) -> HttpResponse:
    """Whoever prepares and says something keeps the draft, and so the key."""
    if visit.person is None and request.method == "POST":
        prepared.keep_on(request, response, town=visit.town)
    return response


@FORM
@of_own_case
def review(request: HttpRequest, visit: Visit) -> HttpResponse:
    """All that is declared; a POST sends it, or leads who only prepares to an appointment."""
    desk = visit.desk(request)
    if request.method == "POST" and visit.person is None:
        return desk.to("appointment")
    if request.method == "POST":
        try:
            operations.send_review(case_id=visit.work.case.id, actor=visit.actor, read=visit.work)
        except (NotReadyToSend, CaseIsOver):
            return desk.to("question")
        response = desk.to("case")
        remembered.forget(response)
        return response
    view = desk.view()
    if next_place(view) != "review" and not (visit.work.state.unsent and not view.decided_at):
        return desk.go_on(view)
    return pages.review(request, desk, view)


@FORM
@of_own_case
def dispute(request: HttpRequest, visit: Visit, *, path: str) -> HttpResponse:
    return pages.dispute(request, visit.desk(request), path=path)


@FORM
@of_own_case
def withdraw(request: HttpRequest, visit: Visit) -> HttpResponse:
    return pages.withdraw(request, visit.desk(request))


def _town_and_law(slug: str, service: str) -> tuple[Town, Law]:
    town = town_or_404(slug)
    law = services.law_or_404(town, service)
    if law.document.data["service"]["trigger"] != "portal":
        raise Http404(service)
    return town, law


def _beginning(town: Town, law: Law, service: str) -> dict[str, Any]:
    language = languages.current()
    context = {"town": town, "service": service, "title": title_in(law.document, language)}
    return context | {"declared": service_in(law.document, language), "texts_in": language}
