"""Identifying oneself. Only the simulated identity provider of demo nodes so far."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST

from formlos.identity.operations import accept_assertion
from formlos.portals.citizen import problems, visits


@require_http_methods(["GET", "HEAD", "POST"])
def demo(request: HttpRequest) -> HttpResponse:
    """Accept an assertion (``nachweis``) and go on to ``weiter``. A GET shows only the button: no link signs in."""
    if not settings.DEMO:
        raise Http404("no demo")
    given = request.POST if request.method == "POST" else request.GET
    context = {"assertion": given.get("nachweis", ""), "next": _local(given.get("weiter", "/"))}
    if request.method != "POST":
        return render(request, "citizen/sign_in.html", context)
    try:
        token = accept_assertion(token=context["assertion"].strip())
    except Exception as error:
        problem = problems.describe(error)
        if problem is None:
            raise
        return render(request, "citizen/sign_in.html", context | {"problem": problem}, status=problem["status"])
    visits.begin(request, token=token)
    return HttpResponseRedirect(context["next"])


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    visits.end(request)
    return HttpResponseRedirect("/")


def _local(address: str) -> str:
    return address if url_has_allowed_host_and_scheme(address, allowed_hosts=None) else "/"
