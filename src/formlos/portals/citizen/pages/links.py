"""Links to second parties: the person makes, shows and ends one; the other one opens it, reads, goes on or refuses."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import segno
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from formlos.base.limits import Limit, TooMany, client_address
from formlos.base.tenancy import within
from formlos.cases import invitations, operations, queries
from formlos.cases.access import LevelTooLow, Person
from formlos.cases.invitations import LinkOver, NotInvitable, OwnLink
from formlos.cases.parties import Party, handed
from formlos.cases.queries import CaseView
from formlos.cases.wording import service_in, texts_in, title_in
from formlos.cases.work import CaseIsOver
from formlos.dialogue import facts
from formlos.dialogue.words import address_in_words, label_of
from formlos.identity.queries import Identity
from formlos.portals.citizen import languages, visits
from formlos.portals.citizen.services import law_or_404
from formlos.portals.citizen.towns import Town, town_or_404
from formlos.portals.citizen.visits import Visit, of_own_case

FORM = require_http_methods(["GET", "HEAD", "POST"])
LINKS_OPENED = Limit("citizen.link", most=60, within=timedelta(minutes=10))


@FORM
@of_own_case
def party(request: HttpRequest, visit: Visit, *, source: str) -> HttpResponse:
    """The person's page of a link: what the other one will be told, the link to send, how it stands."""
    view = queries.view(visit.work, languages.current())
    found = next((one for one in view.parties if one.source == source), None)
    if found is None:
        return HttpResponseRedirect(reverse("citizen:question", args=[visit.town.slug, view.id]))
    problem = None
    if request.method == "POST":
        try:
            _act(visit, source, str(request.POST.get("tun", "")))
            return HttpResponseRedirect(request.path)
        except (NotInvitable, CaseIsOver):
            return HttpResponseRedirect(reverse("citizen:case", args=[visit.town.slug, view.id]))
        except TooMany:
            problem = _("Für diesen Vorgang wurden heute schon viele Links erstellt. Morgen geht es wieder.")
    context = _party_context(visit, found)
    context |= _frame(visit, view) | {"problem": problem}
    return render(request, "citizen/party.html", context, status=429 if problem else 200)


def _act(visit: Visit, source: str, action: str) -> None:
    operation = invitations.take_back if action == "beenden" else invitations.invite
    operation(case_id=visit.work.case.id, source=source, actor=visit.actor)


def _party_context(visit: Visit, found: Party) -> dict[str, Any]:
    token = invitations.token_for(visit.work, found) if found.state == "sent" else ""
    link = settings.PUBLIC_URL + reverse("citizen:link", args=[visit.town.slug, token]) if token else ""
    message = f"{found.message}\n\n{link}"
    mail = f"mailto:?subject={quote(visit.town.name)}&body={quote(message)}"
    code = segno.make(link, error="l", micro=False).svg_data_uri(scale=4, border=4, light="white") if link else ""
    told = _handed_rows(visit, found)
    return {"party": found, "link": link, "message": message, "mail": mail, "qr": code, "told": told}


def _handed_rows(visit: Visit, found: Party) -> list[facts.Row]:
    """What the other one is told, in the words of the service that the link opens."""
    law = law_or_404(visit.town, found.service)
    texts = texts_in(law.document, languages.current())
    rows = []
    for path, value in handed(visit.work, found.source).items():
        if isinstance(value, dict) and "strasse" in value:
            rows.append(facts.Row(label_of(path, texts), address_in_words(value)))
        else:
            rows.append(facts.row(law, path, value, texts))
    return rows


@FORM
def link(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    """What the link asks for, told to whoever has it; who signs in and goes on opens it for themselves alone."""
    town = town_or_404(slug)
    LINKS_OPENED.count(client_address(request))
    person = visits.visitor(request)
    with within(town.id):
        mine = invitations.opened_by(token=token, subject=person.subject_for(town.id)) if person else None
        if mine:
            return HttpResponseRedirect(reverse("citizen:invited", args=[town.slug, mine]))
        try:
            asked = invitations.asked(token=token, language=languages.current())
            if request.method == "POST":
                return _open(request, town, token, person, needed=asked.level)
        except LinkOver:
            return render(request, "citizen/link_over.html", {"town": town}, status=404)
        except OwnLink:
            return _page(request, town, asked, person, problem=_("Das ist Ihr eigener Link. Schicken Sie ihn weiter."))
        return _page(request, town, asked, person)


def _open(request: HttpRequest, town: Town, token: str, person: Identity | None, *, needed: str) -> HttpResponse:
    if person is None:
        return visits.sign_in_first(request, needed=needed)
    try:
        case = invitations.take(token=token, person=Person.of(person))
    except LevelTooLow as error:
        return visits.sign_in_first(request, needed=error.needed)
    return HttpResponseRedirect(reverse("citizen:invited", args=[town.slug, case]))


def _page(
    request: HttpRequest, town: Town, asked: invitations.Asked, person: Identity | None, *, problem: str = ""
) -> HttpResponse:
    document = law_or_404(town, asked.service).document
    context = {"town": town, "asked": asked, "person": person, "title": title_in(document, languages.current())}
    context |= {"declared": service_in(document, languages.current()), "problem": problem}
    return render(request, "citizen/link.html", context, status=409 if problem else 200)


@FORM
@of_own_case
def invited(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Who was invited reads what they are asked to confirm; going on leads to the questions, a POST refuses."""
    view = queries.view(visit.work, languages.current())
    if not view.invited:
        raise Http404("not invited")
    if view.state != "open" or view.reviewed:
        return HttpResponseRedirect(reverse("citizen:case", args=[visit.town.slug, view.id]))
    if request.method == "POST":
        reason = str(request.POST.get("grund", "")).strip()[:2000] or _("Abgelehnt")
        with suppress(CaseIsOver):  # decided meanwhile: the page of the case says so
            operations.withdraw(case_id=view.id, reason=reason, actor=visit.actor)
        return HttpResponseRedirect(reverse("citizen:case", args=[visit.town.slug, view.id]))
    given = [one for one in view.known if one.kind == "invitation"]
    origins = facts.origins(visit.work.law, given, view.texts, now=view.opened_at)
    rows = [row for origin in origins for row in origin.rows]
    return render(request, "citizen/invited.html", _frame(visit, view) | {"rows": rows})


def _frame(visit: Visit, view: CaseView) -> dict[str, Any]:
    offered = visit.work.law.document.data["texts"]
    frame = {"town": visit.town, "case": view, "texts_in": view.language, "plain_offered": languages.PLAIN in offered}
    return frame | {"kept": visit.kept_sentence, "sent": visit.kept.values if visit.kept else {}}
