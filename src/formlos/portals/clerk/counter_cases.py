"""A person's case at the counter: the dialogue's own pages, the print to check, sending, and what she takes home."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from formlos.base import clock
from formlos.base.tenancy import within
from formlos.cases import counter, operations, queries
from formlos.cases.answers import AnswersRefused
from formlos.cases.counter import NoVisit
from formlos.cases.operations import NotAsked, NotReadyToSend
from formlos.cases.queries import CaseView
from formlos.cases.wording import Question, question_in
from formlos.cases.work import CaseIsOver
from formlos.dialogue import controls, files, pages, reading
from formlos.dialogue.desk import Desk, next_place
from formlos.dialogue.refusals import answer_sentence
from formlos.notices import operations as posting
from formlos.notices import queries as notices
from formlos.organisation import queries as organisation
from formlos.portals import kept
from formlos.portals.clerk import standing
from formlos.portals.clerk.access import staff_required
from formlos.portals.clerk.towns import desk_town

FORM = require_http_methods(["GET", "HEAD", "POST"])
PLAIN = "de-leicht"


def at_counter(page: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Give a page the desk of the case that this clerk runs now; who runs none finds it again by the document."""

    @wraps(page)
    def guarded(request: HttpRequest, slug: str, case_id: UUID, **more: Any) -> HttpResponse:
        staff, municipality = request.staff, request.municipality  # type: ignore[attr-defined]
        with within(municipality):
            try:
                visit, work = counter.visit_of(case_id, clerk_issuer=staff.issuer, clerk_subject=staff.subject)
            except NoVisit:
                return HttpResponseRedirect(reverse("clerk:counter", args=[slug]))
            if not organisation.may(issuer=staff.issuer, subject=staff.subject, role="clerk", office=visit.office):
                raise PermissionDenied("needs the role clerk in the office of the visit")
            town = desk_town(municipality)
            plain = visit.plain and PLAIN in work.law.document.data["texts"]
            frame = {
                "town": town,
                "visit": visit,
                "at_counter": True,
                "base": "clerk/counter/base.html",
                "plain_at_hand": PLAIN in work.law.document.data["texts"],
            }
            desk = Desk(
                work=work,
                actor=f"counter:{staff.subject[:80]}",
                slug=slug,
                place=town.name,
                pages="clerk",
                language=PLAIN if plain else get_language() or "de",
                frame=frame,
                from_anywhere=False,
                kept=kept.held(request),
            )
            return kept.settle(request, page(request, desk, **more))

    return staff_required("clerk")(guarded)


@require_safe
@at_counter
def party(request: HttpRequest, desk: Desk, *, source: str) -> HttpResponse:
    """Nobody waits at the counter for somebody who opens a link: the person chooses another way."""
    found = next((one for one in desk.view().parties if one.source == source), None)
    if found is None:
        return desk.to("question")
    return HttpResponseRedirect(reverse("clerk:change", args=[desk.slug, desk.work.case.id, found.instead]))


@require_safe
@at_counter
def case(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Where the case stands, what the clerk has to settle, and the documents to hand over."""
    view = desk.view()
    staff_questions = _questions_to_clerk(desk) if view.state == "clerk" else []
    context = {
        "sentence": standing.sentence(view),
        "live": view.state in ("waiting", "decided"),
        "place": next_place(view),
        "documents": notices.notices_of(view.id),
        "done": standing.done(view),
        "questions": [(one, controls.group(one, told={}, errors={})) for one in staff_questions],
        "files": _files(desk, view),
        "over": view.state in ("closed", "withdrawn", "reversed"),
    }
    return pages.page(request, desk, view, "clerk/counter/case.html", context)


@require_POST
@at_counter
def reading_preferences(request: HttpRequest, desk: Desk) -> HttpResponse:
    """How the person likes to read: ``leicht`` and ``gross``; back to the page on which it was chosen."""
    visit = desk.frame["visit"]
    counter.set_reading(visit.id, plain=bool(request.POST.get("leicht")), large=bool(request.POST.get("gross")))
    here = reverse("clerk:case", args=[desk.slug, desk.work.case.id])
    back = request.POST.get("weiter", "")
    return HttpResponseRedirect(back if back.startswith(here) and "\\" not in back else here)


@kept.keeping
@FORM
@at_counter
def question(request: HttpRequest, desk: Desk) -> HttpResponse:
    return pages.question(request, desk)


@kept.keeping
@FORM
@at_counter
def change(request: HttpRequest, desk: Desk, *, path: str) -> HttpResponse:
    return pages.change(request, desk, path=path)


@kept.keeping
@FORM
@at_counter
def dispute(request: HttpRequest, desk: Desk, *, path: str) -> HttpResponse:
    return pages.dispute(request, desk, path=path)


@FORM
@at_counter
def withdraw(request: HttpRequest, desk: Desk) -> HttpResponse:
    return pages.withdraw(request, desk)


@FORM
@at_counter
def review(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The print to check; a POST sends what the person has checked and declared in the clerk's presence."""
    view = desk.view()
    if next_place(view) != "review":
        return desk.go_on(view)
    spoken, errors = declarations(desk, view), {}
    if request.method == "POST":
        heard = set(request.POST.getlist("erklaert"))
        checked = request.POST.get("geprueft", "")
        if any(one["path"] not in heard for one in spoken):
            errors["erklaert"] = _(
                "Diese Erklärung gibt nur die Person selbst ab: Bitte vorlesen und bestätigen lassen."
            )
        if checked not in ("ausdruck", "bildschirm"):
            errors["geprueft"] = _("Bitte geben Sie an, wie die Person ihre Angaben geprüft hat.")
        if not errors:
            return _send(desk, view, spoken, checked)
    more = {"declarations": spoken, "errors": errors, "sent": request.POST.getlist("erklaert")}
    status = 422 if errors else 200
    return pages.review(request, desk, view, template="clerk/counter/review.html", status=status, **more)


def declarations(desk: Desk, view: CaseView) -> list[dict[str, str]]:
    """What only the person may declare: the answers to which the law attaches a warning.

    ``official``: the warning in the words of the law's language, where the person reads another one.
    """
    document, found = desk.work.law.document, []
    for one in pages.declared(desk, view)["said"]:
        asked, official = (question_in(document, one["path"], language) for language in (view.language, "de"))
        if asked.warning and one["known"]:
            said = {"path": one["path"], "question": asked.question, "value": one["row"].value}
            more = official.warning if official.warning != asked.warning else ""
            found.append(said | {"warning": asked.warning, "official": more})
    return found


def _send(desk: Desk, view: CaseView, spoken: list[dict[str, str]], checked: str) -> HttpResponse:
    noted = {
        "where": "am Schalter",
        "office": desk.frame["visit"].office,
        "checked_on": checked,
        "declared_orally": [{"path": one["path"], "warning": one["official"] or one["warning"]} for one in spoken],
    }
    try:
        operations.send_review(case_id=view.id, actor=desk.actor, noted=noted)
    except (NotReadyToSend, CaseIsOver):
        return desk.to("question")
    return desk.to("case")


@require_safe
@at_counter
def printed(request: HttpRequest, desk: Desk) -> HttpResponse:
    """All that is declared, on paper, for the person to check and sign (§ 23 Abs. 1 Satz 2 BMG)."""
    view = desk.view()
    context = pages.declared(desk, view) | {"declarations": declarations(desk, view), "now": clock.now()}
    return pages.page(request, desk, view, "clerk/counter/print.html", context)


@FORM
@at_counter
def settle(request: HttpRequest, desk: Desk, *, path: str) -> HttpResponse:
    """A doubt that the clerk settles on the spot, such as whether the landlord's paper is in order."""
    asked = next((one for one in _questions_to_clerk(desk) if one.path == path), None)
    if asked is None:
        return desk.to("case")
    view, errors, told = desk.view(), {}, {}
    if request.method == "POST":
        reason = request.POST.get("grund", "").strip()[:2000]
        told = reading.typed([asked], request.POST)
        try:
            if not reason:
                raise AnswersRefused({"grund": ("empty", "")})
            value = reading.answers([asked], request.POST)[path]
            clerk = desk.actor.removeprefix("counter:")
            operations.answer_question(case_id=view.id, path=path, value=value, reason=reason, clerk=clerk)
            return desk.to("case")
        except AnswersRefused as refused:
            errors = {name: answer_sentence(code, detail) for name, (code, detail) in refused.errors.items()}
        except (NotAsked, CaseIsOver):
            return desk.to("case")
    group = controls.group(asked, told=told, errors=errors)
    context = {"group": group, "reason": request.POST.get("grund", ""), "reason_error": errors.get("grund", "")}
    context |= {"files": _files(desk, view)}
    status = 422 if errors else 200
    return pages.page(request, desk, view, "clerk/counter/settle.html", context, status=status)


@require_safe
@at_counter
def attachment(request: HttpRequest, desk: Desk, *, attachment: UUID) -> HttpResponse:
    return files.attachment(attachment, case_id=desk.work.case.id)


@require_safe
@at_counter
def document(request: HttpRequest, desk: Desk, *, notice_id: UUID) -> HttpResponse:
    """The sealed PDF, to print and hand over."""
    return files.document(notice_id, case_id=desk.work.case.id)


@require_safe
@at_counter
def notice(request: HttpRequest, desk: Desk, *, notice_id: UUID) -> HttpResponse:
    """The document as a page that prints well."""
    case_id = desk.work.case.id
    article = files.article(notice_id, case_id=case_id)
    found = notices.notice_of(notice_id, case_id=case_id)
    context = desk.frame | {"document": found, "article": article, "case": desk.view()}
    return render(request, "clerk/counter/notice.html", context)


@require_POST
@at_counter
def by_post(request: HttpRequest, desk: Desk, *, notice_id: UUID) -> HttpResponse:
    """Put the document among the letters to print and post."""
    try:
        posting.send_by_post(notice_id=notice_id, case_id=desk.work.case.id)
    except LookupError as error:
        raise Http404(str(notice_id)) from error
    return desk.to("case")


def _questions_to_clerk(desk: Desk) -> list[Question]:
    """Open doubts of the case that the office of this visit settles."""
    office, document = desk.frame["visit"].office, desk.work.law.document
    found = [one for one in queries.clerk_questions(office=office) if one.case == desk.work.case.id]
    known = [one.path for one in found if ":" not in one.path]
    return [question_in(document, path, "de" if desk.language == PLAIN else desk.language) for path in known]


def _files(desk: Desk, view: CaseView) -> list[dict[str, str]]:
    """Files that were handed in, as links name them."""
    facts = desk.work.service["facts"]
    paths = [one for one in view.known if facts.get(one.path, {}).get("form") == "file" and isinstance(one.value, str)]
    named = [(one.label, *one.value.partition("/")[::2]) for one in paths if "/" in str(one.value)]
    return [{"label": label, "id": key, "name": name} for label, key, name in named]
