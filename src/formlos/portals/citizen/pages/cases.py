"""A person's own case: where it stands, what is known from whom, why it was decided so, who knows now."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from formlos.base import clock
from formlos.base.tenancy import within
from formlos.cases import queries
from formlos.cases.access import LevelTooLow
from formlos.cases.work import NoSuchCase, Work
from formlos.notices import queries as notices
from formlos.portals.citizen import facts, languages, progress, visits
from formlos.portals.citizen.reasons import reasons
from formlos.portals.citizen.towns import town_or_404


@require_safe
def status(request: HttpRequest, slug: str, case_id: UUID) -> HttpResponse:
    town = town_or_404(slug)
    person = visits.visitor(request)
    if person is None:
        return visits.sign_in_first(request)
    with within(town.id):
        try:
            work = queries.own_case(case_id, subject=person.subject_for(town.id), level=person.level)
        except NoSuchCase as error:
            raise Http404(str(case_id)) from error
        except LevelTooLow as error:
            return visits.sign_in_first(request, needed=error.needed)
        context = _context(request, work)
    return render(request, "citizen/case.html", context | {"town": town})


@require_safe
def document(request: HttpRequest, slug: str, case_id: UUID, notice_id: UUID) -> HttpResponse:
    """A sealed PDF of the case, to its person only."""
    return _file(request, slug, case_id, notice_id, notices.pdf_of, "pdf")


@require_safe
def document_data(request: HttpRequest, slug: str, case_id: UUID, notice_id: UUID) -> HttpResponse:
    """What the document says, for programs."""
    return _file(request, slug, case_id, notice_id, notices.data_of, "json")


@require_safe
def notice(request: HttpRequest, slug: str, case_id: UUID, notice_id: UUID) -> HttpResponse:
    """What the document says, as a page."""
    town, person = town_or_404(slug), visits.visitor(request)
    if person is None:
        return visits.sign_in_first(request)
    with within(town.id):
        try:
            queries.require_own(case_id, subject=person.subject_for(town.id), level=person.level)
            found = notices.notice_of(notice_id, case_id=case_id)
            article = notices.article_of(notice_id, case_id=case_id)
        except LevelTooLow as error:
            return visits.sign_in_first(request, needed=error.needed)
        except LookupError as error:
            raise Http404(str(notice_id)) from error
    context = {"town": town, "document": found, "article": mark_safe(article)}  # noqa: S308  a template's own output
    return render(request, "citizen/notice.html", context)


def _file(
    request: HttpRequest, slug: str, case_id: UUID, notice_id: UUID, read: Callable[..., bytes], kind: str
) -> HttpResponse:
    town, person = town_or_404(slug), visits.visitor(request)
    if person is None:
        return visits.sign_in_first(request)
    with within(town.id):
        try:
            queries.require_own(case_id, subject=person.subject_for(town.id), level=person.level)
            content = read(notice_id, case_id=case_id)
        except LevelTooLow as error:
            return visits.sign_in_first(request, needed=error.needed)
        except LookupError as error:
            raise Http404(str(notice_id)) from error
    headers = {"Content-Disposition": f'inline; filename="{notice_id}.{kind}"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(content, content_type=f"application/{kind}", headers=headers)


def _context(request: HttpRequest, work: Work) -> dict[str, Any]:
    law, now = work.law, clock.now()
    offered = law.document.data["texts"]
    language = languages.language_of(request, offered)
    view, decision = queries.view(work, language), queries.decision(work)
    return {
        "texts_in": language,
        "plain_offered": languages.PLAIN in offered,
        "case": view,
        "sentence": progress.state_in_words(view),
        "warnings": progress.warnings(view),
        "awaited": progress.awaited(view, law, now=now),
        "told": progress.told(view),
        "offers": progress.offered(view),
        "documents": notices.notices_of(view.id),
        "origins": facts.origins(law, view.known, view.texts, now=now),
        "reasons": reasons(decision.get("explanation", {}), view.texts),
    }
