"""After sending: say that something is wrong, object to a notice. Each opens a case that follows this one."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from formlos.base import clock
from formlos.cases import linking, operations, queries
from formlos.cases.access import LevelTooLow, Person
from formlos.cases.correcting import entry_of
from formlos.cases.linking import AlreadyLinked
from formlos.cases.queries import CaseView
from formlos.cases.work import CaseIsOver, NoSuchCase
from formlos.dialogue import facts
from formlos.dialogue.words import NONE
from formlos.notices import queries as notices
from formlos.notices.queries import Document
from formlos.portals.citizen import languages, visits
from formlos.portals.citizen.corrections import OBJECTION, correction_of, is_correctable, is_offered
from formlos.portals.citizen.received import received
from formlos.portals.citizen.visits import Visit, of_own_case

FORM = require_http_methods(["GET", "HEAD", "POST"])
ADDRESSES = ("neue_anschrift", "anschrift", "bisherige_anschrift")
SOMETHING_ELSE = "anderes"


@FORM
@of_own_case
def objection(request: HttpRequest, visit: Visit, *, notice_id: UUID) -> HttpResponse:
    """What can be done against a document; a POST begins the objection, where one is open."""
    try:
        document = notices.notice_of(notice_id, case_id=visit.work.case.id)
    except LookupError as error:
        raise Http404(str(notice_id)) from error
    view, told = _view(visit), received(document, today=clock.today())
    may = told.open and is_offered(OBJECTION) and not document.revoked_at
    if request.method == "POST" and may:
        supplier = f"{document.title}, {document.written_on:%d.%m.%Y}"
        return _open(
            request, visit, OBJECTION, about=str(document.id), given=_of_notice(visit, document), supplier=supplier
        )
    context = {"town": visit.town, "case": view, "document": document, "received": told, "may": may}
    context["kept"] = visit.kept_sentence
    context |= {"remedy": visit.work.service["service"].get("remedy", ""), "correctable": is_correctable(visit.work)}
    return render(request, "citizen/objection.html", context)


@FORM
@of_own_case
def wrong(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Something is wrong: change it while nothing is decided; afterwards a correction begins with what is picked."""
    view, work = _view(visit), visit.work
    if work.state.ended:
        return _to_case(visit)
    origins = facts.origins(work.law, view.known, view.texts, now=clock.now())
    context: dict[str, Any] = {"town": visit.town, "case": view, "texts_in": view.language, "kept": visit.kept_sentence}
    if not work.state.decision:
        if request.method == "POST":
            with suppress(CaseIsOver):  # decided meanwhile: then the page of the case says so
                operations.take_up_again(case_id=view.id, actor=visit.actor)
            return HttpResponseRedirect(reverse("citizen:review", args=[visit.town.slug, view.id]))
        return render(request, "citizen/wrong_before.html", context | {"origins": origins})
    if not is_correctable(visit.work):
        return render(request, "citizen/wrong_after.html", context | {"choices": []})
    sent = visit.kept.values if visit.kept else request.POST
    choices, picked = _choices(origins), str(sent.get("angabe", ""))
    if request.method == "POST" and (picked in choices or picked == SOMETHING_ELSE):
        label, value = _in_german(visit).get(picked, ("Etwas anderes", "–"))
        given = _of_case(visit) | {"vorgang_zeichen": view.reference, "angabe": label, "bisher": value}
        given |= entry_of(work, picked)
        supplier = f"Vorgang {view.reference}"
        return _open(request, visit, correction_of(work), about=picked, given=given, supplier=supplier)
    error = _("Bitte wählen Sie aus, was falsch ist.") if request.method == "POST" else ""
    context |= {"choices": choices.items(), "picked": picked, "error": error, "else": SOMETHING_ELSE}
    return render(request, "citizen/wrong_after.html", context, status=422 if error else 200)


def _open(
    request: HttpRequest, visit: Visit, service: str, *, about: str, given: Mapping[str, Any], supplier: str
) -> HttpResponse:
    """Open the case that follows this one, or go on with the one that is under way."""
    town = visit.town
    try:
        work = linking.open_linked(
            service=service,
            first=visit.work.case.id,
            relation=service,
            about=about,
            given=given,
            supplier=supplier,
            person=Person.of(visit.person),
        )
    except NoSuchCase as error:
        raise Http404(str(visit.work.case.id)) from error
    except AlreadyLinked as running:
        return HttpResponseRedirect(reverse("citizen:case", args=[town.slug, running.case]))
    except LevelTooLow as error:
        return visits.sign_in_and_send_again(request, needed=error.needed)
    goes_on = "question" if queries.view(work).pages else "review"
    return HttpResponseRedirect(reverse(f"citizen:{goes_on}", args=[town.slug, work.case.id]))


def _of_notice(visit: Visit, document: Document) -> dict[str, Any]:
    """What an objection knows of the notice; nobody types it."""
    known = document.effect.day if document.effect else None
    return _of_case(visit) | {
        "bescheid_titel": document.title,
        "bescheid_zeichen": visit.work.case.reference,
        "bescheid_vom": _iso(document),
        "bekanntgegeben_am": known.isoformat() if known else None,
        "belehrung_ist_erteilt": document.instructed,
        "rechtsbehelf": document.remedy or "keiner",
    }


def _of_case(visit: Visit) -> dict[str, Any]:
    """Where letters reach the person, as the case knows it."""
    values = {path: fact.value for path, fact in visit.work.state.facts.items()}
    for name in ADDRESSES:
        fields = {path.partition("/")[2]: value for path, value in values.items() if path.startswith(f"{name}/")}
        if fields:
            given = {field: None if value == NONE else value for field, value in fields.items()}
            return {"anschrift": {"zusatz": None, "ags": visit.town.ags, **given}}
    return {}


def _choices(origins: list[facts.Origin]) -> dict[str, tuple[str, str]]:
    """What may be wrong: path → label and value, of single facts, records and members."""
    found = {row.path: (row.label, row.value) for origin in origins for row in origin.rows if row.path}
    for origin in origins:
        for member in origin.members:
            found |= {row.path: (f"{member.name}: {row.label}", row.value) for row in member.rows if row.path}
    return found


def _in_german(visit: Visit) -> dict[str, tuple[str, str]]:
    """What may be wrong in the words that the office reads and the journal keeps."""
    with translation.override(languages.GERMAN):
        view = queries.view(visit.work, languages.GERMAN)
        return _choices(facts.origins(visit.work.law, view.known, view.texts, now=clock.now()))


def _view(visit: Visit) -> CaseView:
    return queries.view(visit.work, languages.current())


def _iso(document: Document) -> str:
    return document.written_on.isoformat()


def _case(visit: Visit) -> str:
    return reverse("citizen:case", args=[visit.town.slug, visit.work.case.id])


def _to_case(visit: Visit) -> HttpResponse:
    return HttpResponseRedirect(_case(visit))
