"""What a case holds, as answers to a browser: files that were handed in, to save, and sealed documents, to look at."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils.http import content_disposition_header
from django.utils.safestring import SafeString, mark_safe

from formlos.cases import attachments
from formlos.notices import queries as notices

NOSNIFF = {"X-Content-Type-Options": "nosniff"}
READERS: dict[str, Callable[..., bytes]] = {"pdf": notices.pdf_of, "json": notices.data_of}


def attachment(attachment: UUID, *, case_id: UUID) -> HttpResponse:
    """A file that somebody handed in, to save and never to open in the page. Raises ``Http404``."""
    try:
        found = attachments.file_of(attachment, case_id=case_id)
    except LookupError as error:
        raise Http404(str(attachment)) from error
    headers = NOSNIFF | {"Content-Security-Policy": "default-src 'none'; sandbox"}
    response = HttpResponse(found.content, content_type=found.media_type, headers=headers)
    named = content_disposition_header(as_attachment=True, filename=found.name)
    response["Content-Disposition"] = named or "attachment"
    return response


def document(notice_id: UUID, *, case_id: UUID, kind: str = "pdf") -> HttpResponse:
    """A sealed document as ``pdf``, or as ``json`` what it says. Raises ``Http404``."""
    try:
        content = READERS[kind](notice_id, case_id=case_id)
    except LookupError as error:
        raise Http404(str(notice_id)) from error
    headers = NOSNIFF | {"Content-Disposition": f'inline; filename="{notice_id}.{kind}"'}
    return HttpResponse(content, content_type=f"application/{kind}", headers=headers)


def article(notice_id: UUID, *, case_id: UUID) -> SafeString:
    """What a document says, as part of a page. Raises ``Http404``."""
    try:
        return mark_safe(notices.article_of(notice_id, case_id=case_id))  # noqa: S308  our own template
    except LookupError as error:
        raise Http404(str(notice_id)) from error
