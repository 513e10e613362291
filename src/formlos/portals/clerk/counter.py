"""The counter: choose a service or find the person's own case, see the identity document, and leave again."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from formlos.appointments import queries as appointments
from formlos.base import clock
from formlos.base.limits import Limit, TooMany
from formlos.base.tenancy import Municipality, within
from formlos.cases import counter, queries
from formlos.cases.counter import Clerk, OtherOffice, offices_of
from formlos.cases.identifying import DOCUMENTS, ActsNoMore, Check, NotComparable, OtherPerson, marks_in
from formlos.cases.wording import title_in
from formlos.cases.work import NoSuchCase, Work
from formlos.catalogue.queries import ServiceNotAdopted, adopted, adopted_services, document_by_digest
from formlos.dialogue.desk import address_of_next
from formlos.organisation import queries as organisation
from formlos.organisation.roles import roles_that_include
from formlos.portals.clerk import checking
from formlos.portals.clerk.access import staff_required
from formlos.portals.clerk.towns import desk_town

FORM = require_http_methods(["GET", "HEAD", "POST"])
GUESSES = Limit("counter code", most=30, within=timedelta(minutes=10))
WRONG_DOCUMENTS = Limit("counter document", most=10, within=timedelta(minutes=10))


@FORM
@staff_required("clerk")
def start(request: HttpRequest, slug: str) -> HttpResponse:
    """Which service, or which code; a POST looks for the code."""
    municipality = request.municipality  # type: ignore[attr-defined]
    staff = request.staff  # type: ignore[attr-defined]
    code, error = request.POST.get("zeichen", "").strip()[:40], ""
    if request.method == "POST":
        try:
            GUESSES.count(f"{staff.issuer} {staff.subject}")
            with within(municipality):
                case_id = _case_of_code(code)
            return HttpResponseRedirect(reverse("clerk:counter_resume", args=[slug, case_id]))
        except NoSuchCase:
            error = _("Zu diesem Zeichen gibt es hier keinen Vorgang.")
        except TooMany:
            error = _("Zu viele Versuche. Bitte warten Sie zehn Minuten.")
    with within(municipality):
        offices = _offices(request)
        context = {
            "services": [one for office in offices for one in _services(office)],
            "bookings": appointments.of_day(offices=offices, day=clock.today()),
            "running": counter.running_visit(clerk_issuer=staff.issuer, clerk_subject=staff.subject),
        }
    frame = {"town": desk_town(municipality), "code": code, "error": error}
    return render(request, "clerk/counter/start.html", frame | context, status=422 if error else 200)


@FORM
@staff_required("clerk")
def begin(request: HttpRequest, slug: str, service: str) -> HttpResponse:
    """Check the identity of somebody who has no case yet; a POST opens one."""
    with within(request.municipality):  # type: ignore[attr-defined]
        try:
            document = document_by_digest(adopted(service).document)
        except ServiceNotAdopted as error:
            raise Http404(service) from error
        if document.data["service"]["trigger"] != "portal":
            raise Http404(service)
        names = checking.wanted(document.data)
        title, clerk = title_in(document, get_language() or "de"), _clerk_for(request, document.data)

    def run(check: Check) -> Work:
        return counter.open_for_person(service=service, clerk=clerk, check=check)

    return _check(request, slug, title=title, names=names, run=run)


@FORM
@staff_required("clerk")
def resume(request: HttpRequest, slug: str, case_id: UUID) -> HttpResponse:
    """Check the identity of somebody whose case is there; a POST takes it over. Before that nothing of it is shown."""
    with within(request.municipality):  # type: ignore[attr-defined]
        try:
            work = queries.for_reading(case_id)
        except NoSuchCase as error:
            raise Http404(str(case_id)) from error
        if work.case.channel == "message":
            raise Http404(str(case_id))
        names = checking.wanted(work.service, list(work.state.facts), marked=bool(marks_in(work)))
        title, clerk = title_in(work.law.document, get_language() or "de"), _clerk_for(request, work.service)

    def run(check: Check) -> Work:
        WRONG_DOCUMENTS.count(f"{clerk.issuer} {clerk.subject}")
        found = counter.open_case_of_person(case_id=case_id, clerk=clerk, check=check)
        WRONG_DOCUMENTS.forget(f"{clerk.issuer} {clerk.subject}")
        return found

    def refused() -> None:
        WRONG_DOCUMENTS.count(f"{clerk.issuer} {clerk.subject}")  # the try above was rolled back with its transaction
        counter.note_refused(case_id=case_id, clerk=clerk)

    return _check(
        request,
        slug,
        title=title,
        names=names,
        run=run,
        refused=refused,
        reference=work.case.reference,
        for_children="for_children" in work.service["service"],
    )


@require_POST
@staff_required("clerk")
def leave(request: HttpRequest, slug: str) -> HttpResponse:
    _leave(request)
    return HttpResponseRedirect(reverse("clerk:counter", args=[slug]))


def _check(
    request: HttpRequest,
    slug: str,
    *,
    title: str,
    names: list[str],
    run: Callable[[Check], Work],
    refused: Callable[[], None] = lambda: None,
    reference: str = "",
    for_children: bool = False,
) -> HttpResponse:
    """Show the form, or do what follows from a complete one."""
    municipality = request.municipality  # type: ignore[attr-defined]
    sent = request.POST.dict()
    errors: dict[str, str] = {}
    refusal: list[str] = []
    if request.method == "POST":
        check, errors = checking.read(sent, names)
        if not errors:
            _leave(request)
            try:
                with within(municipality):
                    place = address_of_next(queries.view(run(check)), pages="clerk", slug=slug)
                return HttpResponseRedirect(place)
            except (OtherPerson, NotComparable, ActsNoMore, TooMany) as error:
                refusal = _refusal(error.code if _is_noted(error, refused, municipality) else TooMany.code)
    context = {
        "town": desk_town(municipality),
        "title": title,
        "reference": reference,
        "for_children": for_children,
        "fields": checking.fields(names, sent, errors),
        "sent": sent,
        "errors": errors,
        "refusal": refusal,
        "documents": _documents(),
    }
    return render(request, "clerk/counter/check.html", context, status=422 if errors or refusal else 200)


def _is_noted(error: Exception, refused: Callable[[], None], municipality: Municipality) -> bool:
    """Note the document of somebody else, apart from what was rolled back; False when there were too many."""
    try:
        with within(municipality):
            if isinstance(error, OtherPerson):
                refused()
    except TooMany:
        return False
    return True


def _leave(request: HttpRequest) -> None:
    staff = request.staff  # type: ignore[attr-defined]
    with within(request.municipality):  # type: ignore[attr-defined]
        counter.leave(clerk_issuer=staff.issuer, clerk_subject=staff.subject)


def _case_of_code(code: str) -> UUID:
    """By the case's reference or the code of an appointment. Raises ``NoSuchCase``."""
    tidy = code.upper().replace(" ", "")
    with suppress(NoSuchCase):
        return queries.case_by_reference(tidy)
    found = appointments.by_code(tidy)
    if found is None or found.case_id is None:
        raise NoSuchCase(code)
    return found.case_id


def _services(office: str) -> list[dict[str, str]]:
    found = []
    for one in adopted_services():
        document = document_by_digest(one.document)
        if document.data["service"]["trigger"] == "portal" and office in offices_of(document.data):
            found.append({"name": one.service, "title": title_in(document, get_language() or "de")})
    return found


def _offices(request: HttpRequest) -> list[str]:
    """Where the clerk works in this town, in the order of their names."""
    staff = request.staff  # type: ignore[attr-defined]
    held = organisation.roles_of(issuer=staff.issuer, subject=staff.subject)
    return sorted({one.office for one in held if one.role in roles_that_include("clerk")})


def _clerk_for(request: HttpRequest, service: Any) -> Clerk:
    """The clerk in the office that does the service. Raises ``PermissionDenied``."""
    staff = request.staff  # type: ignore[attr-defined]
    mine = [office for office in _offices(request) if office in offices_of(service)]
    if not mine:
        raise PermissionDenied(OtherOffice.code)
    return Clerk(staff.issuer, staff.subject, mine[0])


def _refusal(code: str) -> list[str]:
    """What happened, and what to do now."""
    return {
        "other_person": [
            _("Im Vorgang steht ein anderer Name oder ein anderes Geburtsdatum. Der Versuch ist vermerkt."),
            _("Bitte vergleichen Sie Ihre Eingabe mit dem Dokument, und das Zeichen mit dem, das die Person nennt."),
            _("Stimmt beides, gehört der Vorgang jemand anderem. Sie können hier einen neuen Vorgang beginnen."),
        ],
        "not_comparable": [
            _("In diesem Vorgang steht zu wenig, um die Person sicher zu erkennen."),
            _("Die Person führt ihn online fort, oder Sie beginnen hier einen neuen."),
        ],
        "acts_no_more": [
            _(
                "Diese Person hat den Vorgang für ein Kind begonnen, darf nach dem Melderegister aber nicht mehr handeln."
            ),
            _("Ist er schon abgesendet, entscheidet das Amt, wie es weitergeht."),
        ],
        "too_many": [_("Zu viele Versuche. Bitte warten Sie zehn Minuten.")],
    }[code]


def _documents() -> list[tuple[str, str]]:
    words = {
        "personalausweis": _("Personalausweis (auch vorläufiger)"),
        "eid_karte": _("eID-Karte"),
        "eat": _("Elektronischer Aufenthaltstitel"),
        "reisepass": _("Reisepass"),
        "anderer": _("Anderer anerkannter Pass oder Passersatz"),
    }
    return [(name, words[name]) for name in DOCUMENTS]
