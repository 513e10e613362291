"""An appointment at the counter for a case that is prepared or under way: choose a time, see it, cancel it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from formlos.appointments import operations, queries
from formlos.appointments.operations import NoSuchAppointment, TimeTaken
from formlos.base import clock
from formlos.base.limits import Limit, TooMany, client_address
from formlos.base.tenancy import within
from formlos.cases.counter import offices_of
from formlos.cases.wording import title_in
from formlos.dialogue.desk import next_place
from formlos.portals.citizen.towns import town_or_404
from formlos.portals.citizen.visits import Visit, of_own_case

FORM = require_http_methods(["GET", "HEAD", "POST"])
BOOKING = Limit("appointment", most=20, within=timedelta(hours=1))
GUESSING = Limit("appointment code", most=10, within=timedelta(minutes=10))
DAYS_SHOWN = 4


@FORM
@of_own_case
def appointment(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The booked time, or free ones to choose from; a POST books."""
    view = visit.desk(request).view()
    if next_place(view) == "question" and visit.person is None:
        return visit.desk(request).to("question")
    office = _office(visit)
    errors: dict[str, Any] = {}
    if request.method == "POST":
        errors = _book(request, visit, office)
        if not errors:
            return visit.desk(request).to("appointment")
    booked = queries.of_case(view.id)
    frame = {"case": view, "booked": booked, **visit.desk(request).frame}
    frame |= {"kept": visit.kept_sentence, "picked": visit.kept.values.get("zeit") if visit.kept else ""}
    if booked and "aendern" not in request.GET and not errors:
        return render(request, "citizen/appointment_booked.html", frame | {"has_files": _has_files(visit)})
    context = frame | _free(office, request.GET.get("ab", "")) | errors
    return render(request, "citizen/appointment.html", context, status=errors.get("status", 200))


@FORM
@of_own_case
def cancel(request: HttpRequest, visit: Visit) -> HttpResponse:
    """A POST cancels; whoever comes back here from signing in sees the appointment first."""
    booked = queries.of_case(visit.work.case.id)
    if booked and request.method == "POST":
        operations.cancel(code=booked.code)
    return visit.desk(request).to("appointment")


@FORM
def by_code(request: HttpRequest, slug: str) -> HttpResponse:
    """See or cancel an appointment on any device, by its code: the time and what it is about, nothing else."""
    town = town_or_404(slug)
    code = request.POST.get("code", "").strip().upper()[:20]
    context: dict[str, Any] = {"town": town, "code": code}
    if request.method != "POST":
        return render(request, "citizen/appointment_code.html", context)
    try:
        GUESSING.count(client_address(request))
        with within(town.id):
            if "absagen" in request.POST:
                operations.cancel(code=code)
                return HttpResponseRedirect(reverse("citizen:appointment_code", args=[slug]) + "?abgesagt")
            found = queries.by_code(code)
    except NoSuchAppointment:
        found = None
    if found is None:
        context["error"] = _("Diesen Code gibt es nicht, oder der Termin ist schon abgesagt.")
    return render(request, "citizen/appointment_code.html", context | {"booked": found}, status=200 if found else 404)


def _book(request: HttpRequest, visit: Visit, office: str) -> dict[str, Any]:
    """What went wrong, for the page; empty when it is booked."""
    try:
        chosen = datetime.fromisoformat(request.POST.get("zeit", ""))
    except ValueError:
        return {"error": _("Bitte wählen Sie eine Zeit."), "status": 422}
    if chosen.tzinfo is None:
        return {"error": _("Bitte wählen Sie eine Zeit."), "status": 422}
    try:
        BOOKING.count(client_address(request))
        about = title_in(visit.work.law.document, "de")
        operations.book(office=office, starts_at=chosen, about=about, case_id=visit.work.case.id)
    except TimeTaken:
        return {"error": _("Diese Zeit ist gerade vergeben worden. Bitte wählen Sie eine andere."), "status": 409}
    except TooMany:
        return {
            "error": _("Zu viele Buchungen von hier. Bitte versuchen Sie es in einer Stunde wieder."),
            "status": 429,
        }
    return {}


def _free(office: str, since: str) -> dict[str, Any]:
    """Free times by day, a few days a page."""
    try:
        first = date.fromisoformat(since) if since else date.min
    except ValueError:
        first = date.min
    times = [moment for moment in queries.free_times(office=office) if _day(moment) >= first] if office else []
    days = [(day, list(found)) for day, found in groupby(times, key=_day)]
    later = days[DAYS_SHOWN][0] if len(days) > DAYS_SHOWN else None
    return {"days": days[:DAYS_SHOWN], "later": later, "first_page": not since}


def _day(moment: datetime) -> date:
    return moment.astimezone(clock.BERLIN).date()


def _office(visit: Visit) -> str:
    """The office of the service that takes appointments; empty if none does."""
    return next((office for office in sorted(offices_of(visit.work.service)) if queries.hours_of(office)), "")


def _has_files(visit: Visit) -> bool:
    facts = visit.work.service["facts"]
    return any(facts.get(path, {}).get("form") == "file" for path in visit.work.state.facts)
