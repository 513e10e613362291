"""Landlords with many flats: upload a list, see what is wrong with it, confirm it, take the codes away."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from formlos.base.limits import client_address
from formlos.base.tenancy import within
from formlos.cases.access import Person
from formlos.cases.wording import question_in, texts_in
from formlos.dialogue.words import address_in_words, day_in_words
from formlos.identity.queries import Identity
from formlos.landlords import files, operations, queries
from formlos.landlords.files import ListRefused
from formlos.landlords.operations import ListNotReady, NoSuchList
from formlos.landlords.queries import Line
from formlos.portals.citizen import languages, lists, problems, services, visits
from formlos.portals.citizen.towns import Town, town_or_404

FORM = require_http_methods(["GET", "HEAD", "POST"])
FIELDS = ("handelt_als", "angegebener_wohnungsgeber", "sitz_des_wohnungsgebers")
HEADER = ("zeile", *files.COLUMNS[:-1], "code", "stand", "hinweis")


def of_person(page: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Give a page the town and the identified person; sign in first."""

    @wraps(page)
    def visited(request: HttpRequest, slug: str, **more: Any) -> HttpResponse:
        town = town_or_404(slug)
        services.law_or_404(town, operations.SERVICE)
        person = visits.visitor(request)
        if person is None:
            return visits.sign_in_first(request)
        return page(request, town, person, **more)

    return visited


@FORM
@of_person
def start(request: HttpRequest, town: Town, person: Identity) -> HttpResponse:
    """Which role, which file; a POST tries the list out."""
    law = services.law_or_404(town, operations.SERVICE)
    language = languages.current()
    typed = {name: str(request.POST.get(name, "")).strip()[:200] for name in FIELDS}
    context: dict[str, Any] = {
        "town": town,
        "typed": typed,
        "role": question_in(law.document, "handelt_als", language),
        "columns": files.COLUMNS,
        "required": files.REQUIRED,
        "most": files.MOST_ROWS,
    }
    if request.method != "POST":
        return render(request, "citizen/let.html", context)
    try:
        batch_id = _try_out(request, town, person, typed)
    except ListRefused as error:
        return render(request, "citizen/let.html", context | {"error": lists.refusal(error)}, status=422)
    except Exception as error:
        problem = problems.describe(error)
        if problem is None:
            raise
        response = render(request, "citizen/let.html", context | {"problem": problem}, status=problem["status"])
        if wait := getattr(error, "retry_after", 0):
            response["Retry-After"] = str(wait)
        return response
    return HttpResponseRedirect(reverse("citizen:let_list", args=[town.slug, batch_id]))


def _try_out(request: HttpRequest, town: Town, person: Identity, said: dict[str, str]) -> UUID:
    lists.OF_AN_ADDRESS.count(client_address(request))
    file = request.FILES.get("liste")
    rows = files.read(file.read(files.MOST_BYTES + 1) if file else b"")
    with within(town.id):
        return operations.try_out(rows=rows, said=said, person=Person.of(person))


@FORM
@of_person
def batch(request: HttpRequest, town: Town, person: Identity, *, batch_id: UUID) -> HttpResponse:
    """What each row would confirm or has confirmed; a POST confirms."""
    with within(town.id):
        found = _own(batch_id, person, town)
        error = ""
        if request.method == "POST":
            try:
                operations.confirm(
                    batch_id=batch_id,
                    subject=person.subject_for(town.id),
                    assured=request.POST.get("versichert") == "true",
                )
                return HttpResponseRedirect(request.path)
            except ListNotReady:
                error = _("Bitte versichern Sie das erst. Ohne diese Versicherung gibt es keine Codes.")
    law = services.law_or_404(town, operations.SERVICE)
    warnings = texts_in(law.document, languages.current())["warnings"]
    assured = ["bezug_ist_versichert"] + (["beauftragung_ist_versichert"] if found.role == "beauftragt" else [])
    context = {
        "town": town,
        "list": found,
        "good": found.count("ready", "waiting", "asked", "confirmed"),
        "wrong": found.count("wrong"),
        "confirmed": found.count("confirmed"),
        "asked": found.count("asked"),
        "made": found.count("asked", "confirmed"),
        "lines": [_shown(line) for line in found.lines],
        "warnings": [warnings[name] for name in assured],
        "days": operations.DAYS_KEPT,
        "error": error,
    }
    return render(request, "citizen/let_list.html", context, status=422 if error else 200)


@require_safe
@of_person
def codes(request: HttpRequest, town: Town, person: Identity, *, batch_id: UUID) -> HttpResponse:
    """The list as it came, as the register spells it, with codes."""
    with within(town.id):
        found = _own(batch_id, person, town)
    return _csv(HEADER, [_line(line) for line in found.lines], f"codes-{batch_id}.csv")


@require_safe
def template(request: HttpRequest, slug: str) -> HttpResponse:
    town_or_404(slug)
    return _csv(files.COLUMNS, [files.EXAMPLE], "vorlage-einzuege.csv")


def _own(batch_id: UUID, person: Identity, town: Town) -> queries.List:
    try:
        return queries.list_of(batch_id, subject=person.subject_for(town.id))
    except NoSuchList as error:
        raise Http404(str(batch_id)) from error


def states() -> dict[str, str]:
    return {
        "wrong": _("bitte ändern"),
        "ready": _("in Ordnung"),
        "waiting": _("kommt gleich dran"),
        "asked": _("ein Mensch sieht es sich an"),
        "confirmed": _("bestätigt"),
    }


def _shown(line: Line) -> dict[str, Any]:
    return {
        "line": line,
        "place": address_in_words(line.said["neue_anschrift"]),
        "day": _day(line.said["einzugsdatum"]),
        "names": ", ".join(line.said["einziehende_personen"].splitlines()),
        "state": states()[line.state],
        "problems": lists.problems(line.problems),
    }


def _day(text: str) -> str:
    """The day in words; what is no day as it was written."""
    try:
        return day_in_words(date.fromisoformat(text))
    except ValueError:
        return text


def _line(line: Line) -> list[str]:
    said, address = line.said, line.said["neue_anschrift"]
    names = said["einziehende_personen"].replace("\n", "|")
    place = [str(address[name] or "") for name in ("strasse", "hausnummer", "zusatz", "postleitzahl", "ort")]
    advice = " ".join(lists.problems(line.problems))
    return [str(line.number), *place, said["einzugsdatum"], names, line.code, states()[line.state], advice]


def _csv(header: tuple[str, ...], lines: list[Any], name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(files.write(header, lines), content_type="text/csv; charset=utf-8", headers=headers)
