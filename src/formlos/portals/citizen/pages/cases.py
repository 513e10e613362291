"""A person's own case: where it stands, what is known from whom, why it was decided so, who knows now."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from formlos.base import clock
from formlos.cases import linking, queries, serving
from formlos.cases.linking import Linked
from formlos.cases.pace import pace_of
from formlos.cases.queries import CaseView
from formlos.cases.wording import title_in
from formlos.cases.work import Work
from formlos.catalogue.queries import adopted_services, law
from formlos.dialogue import facts, files
from formlos.dialogue.cautions import cautions
from formlos.exchange import queries as exchange
from formlos.law import Law
from formlos.notices import queries as notices
from formlos.portals.citizen import languages, offers, progress
from formlos.portals.citizen.corrections import is_correctable
from formlos.portals.citizen.pace import pace_in_words
from formlos.portals.citizen.reasons import reasons
from formlos.portals.citizen.received import received
from formlos.portals.citizen.towns import Town
from formlos.portals.citizen.visits import Visit, of_own_case
from formlos.registers.queries import confirmations

LIVE = ("waiting", "decided", "clerk")
"""States in which a case goes on by itself: its page looks again every few seconds."""


@require_safe
@of_own_case
def status(request: HttpRequest, visit: Visit) -> HttpResponse:
    return render(request, "citizen/case.html", _context(visit.town, visit.work) | {"town": visit.town})


@require_safe
@of_own_case
def why(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Why it was decided so, rule by rule. A page of its own: for a family it is longer than all that the case's page says."""
    view, decision = queries.view(visit.work, languages.current()), queries.decision(visit.work)
    if not decision:
        raise Http404(str(view.id))
    frame = {"texts_in": view.language, "plain_offered": languages.PLAIN in visit.work.law.document.data["texts"]}
    told = {"case": view, "reasons": reasons(decision["explanation"], view.texts)}
    return render(request, "citizen/why.html", frame | told | {"town": visit.town})


@require_safe
@of_own_case
def document(request: HttpRequest, visit: Visit, *, notice_id: UUID, kind: str = "pdf") -> HttpResponse:
    """A sealed PDF of the case, or what it says for programs (``json``), to its person only."""
    response = files.document(notice_id, case_id=visit.work.case.id, kind=kind)
    _note_retrieval(request, visit, notice_id)
    return response


@require_safe
@of_own_case
def notice(request: HttpRequest, visit: Visit, *, notice_id: UUID) -> HttpResponse:
    """What the document says, as a page."""
    case_id = visit.work.case.id
    article = files.article(notice_id, case_id=case_id)
    _note_retrieval(request, visit, notice_id)
    found = notices.notice_of(notice_id, case_id=case_id)
    context = {
        "town": visit.town,
        "correctable": is_correctable(visit.work),
        "document": found,
        "received": received(found, today=clock.today()),
        "article": article,
    }
    return render(request, "citizen/notice.html", context)


@require_safe
@of_own_case
def attachment(request: HttpRequest, visit: Visit, *, attachment: UUID) -> HttpResponse:
    return files.attachment(attachment, case_id=visit.work.case.id)


def _note_retrieval(request: HttpRequest, visit: Visit, notice_id: UUID) -> None:
    """Opening a document may make it known (§ 41 Abs. 2a VwVfG); looking whether it is there does not."""
    if request.method == "GET":
        serving.note_retrieval(case_id=visit.work.case.id, notice_id=notice_id, actor=visit.actor)


def _unreached(view: CaseView) -> datetime | None:
    return exchange.unreached(str(view.id)) if view.state in LIVE else None


def _context(town: Town, work: Work) -> dict[str, Any]:
    own, now = work.law, clock.now()
    view = queries.view(work, languages.current())
    told = progress.told(view)
    documents = [(one, received(one, today=clock.today())) for one in notices.notices_of(view.id)]
    return {
        "texts_in": view.language,
        "plain_offered": languages.PLAIN in own.document.data["texts"],
        "case": view,
        "sentence": progress.state_in_words(view),
        "live": view.state in LIVE,
        "warnings": cautions(view),
        "tap_address": reverse("citizen:question", args=[town.slug, view.id]),
        "unsent": view.state == "waiting" and not view.reviewed,
        "done": progress.done(view, now=now),
        "awaited": _awaited(view, own, now=now),
        "clerk_reasons": queries.clerk_reasons(view) if view.state == "clerk" else [],
        "known": [step for step in told if not step.to_come],
        "to_be_told": [step for step in told if step.to_come],
        "duties": offers.onward(progress.due(view), view),
        "offers": offers.onward(progress.offered(view), view),
        "documents": documents,
        "confirmed": confirmations.confirmed_in([view.id]).get(view.id),
        "again": _can_begin_again(work, view),
        "linked": [(one, linked_title(one, view.language)) for one in linking.linked_cases(view.id)],
        "pace": _pace(town, view),
        "taken_up": work.state.unsent and not view.decided_at and not view.pages and not work.state.ended,
        "may_be_wrong": _may_be_wrong(work, view),
        "origins": facts.origins(own, view.known, view.texts, now=now),
    }


def _awaited(view: CaseView, law: Law, *, now: datetime) -> list[progress.Step]:
    if view.state != "clerk":
        return progress.awaited(view, law, now=now, unreached=_unreached(view))
    since, pace = queries.clerk_since(view.id), pace_of(view.service, with_clerk=True)
    return progress.awaited(view, law, now=now, unreached=_unreached(view), at_clerk=since, pace=pace)


def _may_be_wrong(work: Work, view: CaseView) -> bool:
    """What was sent can be changed until the decision; what was decided can be corrected, but for corrections."""
    return view.reviewed and not work.state.ended and (not work.state.decision or is_correctable(work))


def _can_begin_again(work: Work, view: CaseView) -> bool:
    """Who took it back may begin anew, if it begins on a page and the town still offers it."""
    if view.state != "withdrawn" or work.service["service"]["trigger"] != "portal":
        return False
    return view.service in {one.service for one in adopted_services()}


def _pace(town: Town, view: CaseView) -> str:
    """How long it takes from here, while it is not decided."""
    under_way = view.reviewed and not view.decided_at and view.state in LIVE
    return pace_in_words(town, view.service, with_clerk=view.state == "clerk") if under_way else ""


def linked_title(linked: Linked, language: str) -> str:
    document = law(document=linked.document, parameters=linked.parameters).document
    return title_in(document, language)
