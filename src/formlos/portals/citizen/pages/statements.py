"""What a public body says about its pages: accessibility (with a way to report barriers), privacy, imprint."""

from __future__ import annotations

from datetime import date, timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from formlos.base import limits
from formlos.base.limits import Limit, TooMany
from formlos.base.tenancy import municipality_by_ags, within
from formlos.base.ui.languages import current
from formlos.base.ui.too_many import marked, sentence_of
from formlos.feedback import operations
from formlos.feedback.operations import NothingSaid
from formlos.portals.citizen.enforcement import enforcement_in
from formlos.portals.citizen.imprint import imprint_of
from formlos.portals.citizen.towns import Town, all_towns, town_or_404

EXAMINED = date(2026, 11, 22)
"""When the statement was written, from the self-assessment that the browser tests repeat."""
REPORTS = Limit("feedback", most=5, within=timedelta(minutes=10))


@require_safe
def accessibility(request: HttpRequest, slug: str = "") -> HttpResponse:
    town = town_or_404(slug) if slug else None
    context = {"town": town, "towns": [] if town else all_towns(), "examined": EXAMINED, "demo": settings.DEMO}
    context["enforcement"] = enforcement_in(municipality_by_ags(town.ags).land) if town else None
    return render(request, "citizen/accessibility.html", context)


@require_safe
def privacy(request: HttpRequest, slug: str = "") -> HttpResponse:
    town = town_or_404(slug) if slug else None
    context = {"town": town, "towns": [] if town else all_towns(), "days": settings.DRAFT_DAYS}
    return render(request, "citizen/privacy.html", context)


@require_safe
def imprint(request: HttpRequest, slug: str = "") -> HttpResponse:
    """§ 5 DDG, from the town's letterhead."""
    town = town_or_404(slug) if slug else None
    told = imprint_of(municipality_by_ags(town.ags)) if town else None
    return render(
        request, "citizen/imprint.html", {"town": town, "towns": [] if town else all_towns(), "imprint": told}
    )


@require_http_methods(["GET", "HEAD", "POST"])
def report_barrier(request: HttpRequest, slug: str) -> HttpResponse:
    """A form without sign-in; whoever sent it gets a receipt number."""
    town = town_or_404(slug)
    page = str(request.GET.get("seite", "") or request.POST.get("seite", ""))
    said = {"text": str(request.POST.get("text", "")), "page": page, "contact": str(request.POST.get("kontakt", ""))}
    context = {"town": town, "said": said}
    if request.method != "POST":
        return render(request, "citizen/report_barrier.html", context)
    try:
        number = _report(request, town, said)
    except NothingSaid:
        error = _("Bitte schreiben Sie, was nicht geklappt hat.")
        return render(request, "citizen/report_barrier.html", context | {"error": error}, status=422)
    except TooMany as refused:
        problem = {"title": _("Zu viele Meldungen in kurzer Zeit"), "body": [sentence_of(refused)]}
        return marked(render(request, "citizen/report_barrier.html", context | {"problem": problem}), refused)
    return render(request, "citizen/report_barrier.html", {"town": town, "number": number})


def _report(request: HttpRequest, town: Town, said: dict[str, str]) -> str:
    REPORTS.count(limits.client_address(request))
    with within(town.id):
        return operations.report(language=current(), **said)
