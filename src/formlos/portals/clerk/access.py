"""Who of the staff may see a page: a decorator for every view of a municipality's work."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from formlos.base.tenancy import Municipality, within
from formlos.organisation import queries
from formlos.organisation.roles import roles_that_include
from formlos.portals import kept
from formlos.portals.clerk import visits
from formlos.portals.polling import is_poll

View = Callable[..., HttpResponse]


def staff_required(role: str, office: str | None = None) -> Callable[[View], View]:
    """Only for staff who hold ``role``, or one that includes it, in ``office`` (or any) of the town ``slug``.

    The view gets ``request.staff`` (``StaffIdentity``) and ``request.municipality``. Others sign in first (GET) or
    are refused; roles are looked up with every request. Raises ``ValueError`` for a role that does not exist.
    """
    roles_that_include(role)

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, slug: str, *arguments: Any, **named: Any) -> HttpResponse:
            staff = visits.member(request)
            if staff is None:
                return sign_in_first(request)
            municipality = Municipality.objects.filter(slug=slug).first()
            if municipality is None:
                raise Http404(slug)
            with within(municipality):
                allowed = queries.may(issuer=staff.issuer, subject=staff.subject, role=role, office=office)
            if not allowed:
                raise PermissionDenied(f"needs the role {role}")
            request.staff, request.municipality = staff, municipality  # type: ignore[attr-defined]
            return view(request, slug, *arguments, **named)

        return guarded

    return decorate


def sign_in_first(request: HttpRequest) -> HttpResponse:
    """To the sign-in of staff and back to this page; a form that was sent is kept where it can be, never sent by itself."""
    way = request.path if is_poll(request) else request.get_full_path()
    response = HttpResponseRedirect(f"{reverse('clerk:sign_in')}?{urlencode({'weiter': way})}")
    if request.method in ("GET", "HEAD") or (kept.is_keeping(request) and kept.keep(request, response, why=kept.OVER)):
        return response
    raise PermissionDenied("sign in first")
