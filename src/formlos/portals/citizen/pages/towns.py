"""A municipality's page and what it publishes: crest, seal certificates, sealed journals."""

from __future__ import annotations

from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from formlos.base import daily
from formlos.base.tenancy import within
from formlos.notices.queries import published_certificates
from formlos.portals.citizen import offers
from formlos.portals.citizen.own import open_lines
from formlos.portals.citizen.services import services_of
from formlos.portals.citizen.towns import town_or_404

CREST_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
DAYS_LISTED = 60


@require_safe
def town(request: HttpRequest, slug: str) -> HttpResponse:
    found = town_or_404(slug)
    with within(found.id):
        roots = daily.published_roots(limit=1)
    services = services_of(found)
    context = {
        "town": found,
        "services": [service for service in services if service.for_people],
        "following": [service for service in services if service.follows_a_case],
        "between": [service for service in services if not (service.for_people or service.follows_a_case)],
        "frequent": offers.frequent(),
        "newest_root": roots[0] if roots else None,
        "mine": open_lines(request, [found]),
    }
    return render(request, "citizen/town.html", context)


@require_safe
def crest(request: HttpRequest, slug: str) -> HttpResponse:
    found = town_or_404(slug)
    if not found.crest:
        raise Http404(slug)
    headers = {"Content-Security-Policy": CREST_POLICY, "Cache-Control": "public, max-age=86400"}
    return HttpResponse(found.crest, content_type="image/svg+xml", headers=headers)


@require_safe
def certificates(request: HttpRequest, slug: str) -> HttpResponse:
    """Every seal certificate the town ever had, newest first, in one PEM file: enough to verify offline."""
    found = town_or_404(slug)
    with within(found.id):
        pem = "".join(published_certificates())
    if not pem:
        raise Http404("no seal")
    return _download(pem, "application/x-pem-file", f"siegel-{found.slug}.pem")


@require_safe
def journal(request: HttpRequest, slug: str) -> HttpResponse:
    found = town_or_404(slug)
    with within(found.id):
        roots = daily.published_roots(limit=DAYS_LISTED)
    return render(request, "citizen/journal.html", {"town": found, "roots": roots})


@require_safe
def journal_seal(request: HttpRequest, slug: str, day: date) -> HttpResponse:
    """One day's root with the town's signature (JWS)."""
    found = town_or_404(slug)
    with within(found.id):
        root = daily.published_root(day=day)
    if root is None:
        raise Http404(str(day))
    return _download(root.seal, "application/jose", f"journal-{found.slug}-{day}.jws")


def _download(content: str | bytes, kind: str, name: str) -> HttpResponse:
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})
