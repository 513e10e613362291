"""A person's own case: where it stands, what is known from whom, why it was decided so, who knows now."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from formlos.base import clock
from formlos.cases import attachments, queries
from formlos.cases.work import Work
from formlos.dialogue import facts
from formlos.notices import queries as notices
from formlos.portals.citizen import languages, progress
from formlos.portals.citizen.reasons import reasons
from formlos.portals.citizen.visits import Visit, of_own_case
from formlos.registers.queries import confirmations

DOWNLOAD = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'; sandbox"}
LIVE = ("waiting", "decided", "clerk")
"""States in which a case goes on by itself: its page looks again every few seconds."""


@require_safe
@of_own_case
def status(request: HttpRequest, visit: Visit) -> HttpResponse:
    return render(request, "citizen/case.html", _context(request, visit.work) | {"town": visit.town})


@require_safe
def document(request: HttpRequest, slug: str, case_id: UUID, notice_id: UUID) -> HttpResponse:
    """A sealed PDF of the case, to its person only."""
    return _file(request, slug, case_id, notice_id=notice_id, read=notices.pdf_of, kind="pdf")


@require_safe
def document_data(request: HttpRequest, slug: str, case_id: UUID, notice_id: UUID) -> HttpResponse:
    """What the document says, for programs."""
    return _file(request, slug, case_id, notice_id=notice_id, read=notices.data_of, kind="json")


@require_safe
@of_own_case
def notice(request: HttpRequest, visit: Visit, *, notice_id: UUID) -> HttpResponse:
    """What the document says, as a page."""
    case_id = visit.work.case.id
    try:
        found = notices.notice_of(notice_id, case_id=case_id)
        article = notices.article_of(notice_id, case_id=case_id)
    except LookupError as error:
        raise Http404(str(notice_id)) from error
    context = {"town": visit.town, "document": found, "article": mark_safe(article)}  # noqa: S308  a template's own output
    return render(request, "citizen/notice.html", context)


@require_safe
@of_own_case
def attachment(request: HttpRequest, visit: Visit, *, attachment: UUID) -> HttpResponse:
    """A file that the person handed in, to save and never to open in the page."""
    try:
        found = attachments.file_of(attachment, case_id=visit.work.case.id)
    except LookupError as error:
        raise Http404(str(attachment)) from error
    response = HttpResponse(found.content, content_type=found.media_type, headers=DOWNLOAD)
    response["Content-Disposition"] = (
        content_disposition_header(as_attachment=True, filename=found.name) or "attachment"
    )
    return response


@of_own_case
def _file(
    request: HttpRequest, visit: Visit, *, notice_id: UUID, read: Callable[..., bytes], kind: str
) -> HttpResponse:
    try:
        content = read(notice_id, case_id=visit.work.case.id)
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
        "live": view.state in LIVE,
        "warnings": progress.warnings(view),
        "awaited": progress.awaited(view, law, now=now),
        "told": progress.told(view),
        "offers": progress.offered(view),
        "documents": notices.notices_of(view.id),
        "confirmed": confirmations.confirmed_in([view.id]).get(view.id),
        "origins": facts.origins(law, view.known, view.texts, now=now),
        "reasons": reasons(decision.get("explanation", {}), view.texts),
    }
