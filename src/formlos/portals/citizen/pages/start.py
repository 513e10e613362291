"""The node's first page, and whether it is well."""

from __future__ import annotations

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from formlos.portals.citizen.own import open_lines
from formlos.portals.citizen.services import services_of
from formlos.portals.citizen.towns import all_towns

MOST_TOWNS_WITH_SERVICES = 20


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    towns = all_towns()
    detailed = len(towns) <= MOST_TOWNS_WITH_SERVICES
    listed = [(town, services_of(town) if detailed else []) for town in towns]
    return render(
        request, "citizen/start.html", {"towns": listed, "mine": open_lines(request, towns if detailed else [])}
    )


@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """For whoever watches the process: 200 when it reaches its database, else 503."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return HttpResponse("database unreachable\n", status=503, content_type="text/plain")
    return HttpResponse("ok\n", content_type="text/plain")
