"""“For whom do you act?”: the own minor children as the town's register knows them; the choice opens a child's case."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from formlos.base import clock
from formlos.base.limits import Limit
from formlos.base.tenancy import within
from formlos.cases.access import LevelTooLow, Person, require_level
from formlos.cases.beginning import begin_case
from formlos.cases.representation import NotForChildren, Represented, until_age
from formlos.cases.wording import title_in
from formlos.identity.queries import Identity
from formlos.law import Law
from formlos.portals.citizen import languages, services, visits
from formlos.portals.citizen.towns import Town, town_or_404
from formlos.registers.operations.children import Child, children_of

LOOK_UPS = Limit("citizen.children", most=20, within=timedelta(hours=1))
"""Each look reads the register, and is logged there."""


@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest, slug: str, service: str) -> HttpResponse:
    """The children for whom the person may act here; a POST with one of them opens the case."""
    town = town_or_404(slug)
    law = services.law_or_404(town, service)
    try:
        age = until_age(law.document.data)
    except NotForChildren as error:
        raise Http404(service) from error
    person = visits.visitor(request)
    try:
        require_level(law.document.data, person.level if person else "none")
    except LevelTooLow as error:
        return visits.sign_in_first(request, needed=error.needed)
    if person is None:
        return visits.sign_in_first(request)
    with within(town.id):
        children = _children(town, law, person, age)
        if request.method != "POST":
            return _page(request, town, service, law, children)
        chosen = next((one for one in children if str(one.id) == request.POST.get("kind")), None)
        if chosen is None:
            return _page(request, town, service, law, children, _("Bitte wählen Sie ein Kind."), status=422)
        return _open(town, law, person, chosen)


def _children(town: Town, law: Law, person: Identity, age: int) -> list[Child]:
    LOOK_UPS.count(f"{town.id}/{person.sub}")
    declared = law.document.data["service"]
    return children_of(
        identity=_of_register(person),
        until_age=age,
        ags=town.ags,
        today=clock.today(),
        purpose=f"{declared['title']}: für wen jemand handeln darf",
        norm=declared["for_children"].get("basis", ""),
    )


def _of_register(person: Identity) -> dict[str, Any]:
    """Names, birth date and address as the register compares them."""
    home, prefix = {}, "bisherige_anschrift/"
    whole = person.facts.get("bisherige_anschrift")
    if isinstance(whole, dict):
        home = dict(whole)
    home |= {path.removeprefix(prefix): value for path, value in person.facts.items() if path.startswith(prefix)}
    return {name: person.facts.get(name) for name in ("familienname", "vornamen", "geburtsdatum")} | {"anschrift": home}


def _open(town: Town, law: Law, person: Identity, child: Child) -> HttpResponse:
    declared = law.document.data["service"]
    facts = {name: value for name, value in child.facts.items() if name != "anschrift"}
    facts |= {"bisherige_anschrift": child.facts["anschrift"]} | (
        {declared["for_children"]["evidence"]: True} if child.proven else {}
    )
    work = begin_case(
        service=declared["name"],
        child=Represented(child.id, child.name, child.until, f"Melderegister {town.name}", facts, child.parent),
        person=Person.of(person),
    )
    return HttpResponseRedirect(reverse("citizen:question", args=[town.slug, work.case.id]))


def _page(
    request: HttpRequest,
    town: Town,
    service: str,
    law: Law,
    children: list[Child],
    problem: str = "",
    *,
    status: int = 200,
) -> HttpResponse:
    language = languages.current()
    context = {"town": town, "service": service, "children": children, "problem": problem}
    context |= {"title": title_in(law.document, language), "texts_in": language}
    context |= {"until_age": law.document.data["service"]["for_children"]["until_age"]}
    return render(request, "citizen/acting.html", context, status=status)
