"""Barriers that people reported, for whoever works for their town."""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from formlos.base.tenancy import Municipality, within
from formlos.feedback import operations, queries
from formlos.feedback.operations import NoSuchReport
from formlos.organisation.queries import roles_of
from formlos.portals.clerk import visits
from formlos.portals.clerk.access import sign_in_first


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    staff = visits.member(request)
    if staff is None:
        return sign_in_first(request)
    held = []
    for municipality in Municipality.objects.order_by("name"):
        with within(municipality):
            if roles_of(issuer=staff.issuer, subject=staff.subject):
                held.append((municipality, queries.reports()))
    if not held:
        raise PermissionDenied("holds no role in any town")
    return render(request, "clerk/reports.html", {"held": held})


@require_POST
def settle(request: HttpRequest, slug: str, report_id: UUID) -> HttpResponse:
    staff = visits.member(request)
    municipality = Municipality.objects.filter(slug=slug).first()
    if staff is None or municipality is None:
        raise PermissionDenied("sign in first")
    with within(municipality):
        if not roles_of(issuer=staff.issuer, subject=staff.subject):
            raise PermissionDenied("holds no role in this town")
        try:
            operations.settle(report_id=report_id, by=f"{staff.issuer} {staff.subject}")
        except NoSuchReport as error:
            raise Http404(str(report_id)) from error
    return HttpResponseRedirect(reverse("clerk:reports"))
