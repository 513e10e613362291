"""The node's first page, and whether it is well."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from formlos.portals.citizen import offers
from formlos.portals.citizen.own import open_lines
from formlos.portals.citizen.towns import Town, all_towns


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    return with_box(request, all_towns())


def with_box(
    request: HttpRequest, towns: Sequence[Town], *, status: int = 200, more: Mapping[str, str] | None = None
) -> HttpResponse:
    """The page; ``more``: what was typed into the box and what is wrong with it (``text``, ``town_error``)."""
    context = {
        "towns": towns,
        "frequent": offers.frequent() if towns else [],
        "mine": open_lines(request, towns),
    }
    return render(request, "citizen/start.html", context | (more or {}), status=status)


@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """For whoever watches the process: 200 when it reaches its database, else 503."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return HttpResponse("database unreachable\n", status=503, content_type="text/plain")
    return HttpResponse("ok\n", content_type="text/plain")
