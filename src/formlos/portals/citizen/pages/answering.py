"""The dialogue: begin, answer what is left, correct, dispute, review, send, withdraw."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from formlos.base import clock
from formlos.base.tenancy import within
from formlos.cases import attachments, operations, queries
from formlos.cases.access import LevelTooLow, require_level
from formlos.cases.answers import AnswersRefused
from formlos.cases.asking import asked_of_person
from formlos.cases.operations import NoSuchFact, NotReadyToSend
from formlos.cases.queries import CaseView
from formlos.cases.wording import Question, question_in, title_in
from formlos.cases.work import CaseIsOver
from formlos.catalogue.finder import finding
from formlos.dialogue import controls, reading, sheets
from formlos.law import Law
from formlos.portals.citizen import facts, languages, problems, remembered, services, visits
from formlos.portals.citizen.pace import pace_in_words
from formlos.portals.citizen.towns import Town, town_or_404
from formlos.portals.citizen.visits import Visit, of_own_case
from formlos.registers.queries import addresses

FORM = require_http_methods(["GET", "HEAD", "POST"])


@FORM
def begin(request: HttpRequest, slug: str, service: str) -> HttpResponse:
    """What the service does and needs; a POST opens the case."""
    town = town_or_404(slug)
    law = services.law_or_404(town, service)
    if law.document.data["service"]["trigger"] != "portal":
        raise Http404(service)
    person = visits.visitor(request)
    language = languages.language_of(request, law.document.data["texts"])
    context: dict[str, Any] = {"town": town, "service": service, "title": title_in(law.document, language)}
    context |= {"declared": law.document.data["service"], "person": person, "texts_in": language}
    comes_back = request.method == "GET" and remembered.means_to_begin(request, town=town, service=service)
    if request.method != "POST" and not (person and comes_back):
        context["pace"] = pace_in_words(town, service)
        return render(request, "citizen/begin.html", context)
    try:
        require_level(law.document.data, person.level if person else "none")
    except LevelTooLow as error:
        return _identify_and_begin(request, town, service, needed=error.needed)
    if person is None:
        return _identify_and_begin(request, town, service, needed="none")
    with within(town.id):
        subject = person.subject_for(town.id)
        work = operations.open_case(
            service=service, subject=subject, level=person.level, identity=person.facts, issuer=person.issuer
        )
        response = _go(town.slug, queries.view(work))
    remembered.has_begun(response, town=town, service=service)
    return response


def _identify_and_begin(request: HttpRequest, town: Town, service: str, *, needed: str) -> HttpResponse:
    """Off to identify. Only the POST is meant as a beginning: whoever comes back by a link presses again."""
    response = visits.sign_in_first(request, needed=needed)
    if request.method == "POST":
        remembered.mean_to_begin(response, town=town, service=service)
    return response


@FORM
@of_own_case
def question(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The page of questions that comes next."""
    view = _view(request, visit)
    if request.method == "POST":
        return _answer(request, visit, view, again="")
    asked = sheets.next_sheet(view)
    if not asked:
        return _go(visit.town.slug, view)
    return _questions(
        request, visit, view, asked, told=_suggested(request, view, visit.town, visit.work.law), errors={}
    )


@FORM
@of_own_case
def change(request: HttpRequest, visit: Visit, *, path: str) -> HttpResponse:
    """One answer given before, or one that the person may add."""
    view = _view(request, visit)
    if path not in asked_of_person(visit.work):  # after the review only what is asked now, or another way than a link
        return _go(visit.town.slug, view)
    if request.method == "POST":
        return _answer(request, visit, view, again=path)
    asked = [_question(visit, view, path)]
    return _questions(request, visit, view, asked, told=_known(view), errors={}, again=path)


@FORM
@of_own_case
def review(request: HttpRequest, visit: Visit) -> HttpResponse:
    """All that is declared, to check and send (§ 3a Abs. 5 VwVfG)."""
    view = _view(request, visit)
    if request.method == "POST":
        try:
            operations.send_review(case_id=view.id, actor=visit.actor)
        except (NotReadyToSend, CaseIsOver):
            return _to("question", visit)
        response = _to("case", visit)
        remembered.forget(response, town=visit.town)
        return response
    if _place(view) != "review" and not (visit.work.state.unsent and not view.decided_at):
        return _go(visit.town.slug, view)
    law, now = visit.work.law, clock.now()
    origins = facts.origins(law, view.known, view.texts, now=now)
    said = [_said(visit, view, path) for path in asked_of_person(visit.work)]
    offered = {question.path for question in view.offered}
    context = {
        "said": [one for one in said if one["path"] not in offered or one["known"]],
        "more": [one for one in said if one["path"] in offered and not one["known"]],
        "origins": [origin for origin in origins if not origin.is_own],
    }
    return _page(request, visit, view, "dialogue/review.html", context)


@FORM
@of_own_case
def dispute(request: HttpRequest, visit: Visit, *, path: str) -> HttpResponse:
    """The person says that what somebody else told is wrong; a clerk settles it."""
    view = _view(request, visit)
    known = next((one for one in view.known if one.path == path), None)
    if known is None or known.kind == "applicant":
        return _go(visit.town.slug, view)
    reason, error = str(request.POST.get("grund", "")).strip()[:2000], ""
    if request.method == "POST" and reason:
        try:
            operations.dispute(case_id=view.id, path=path, reason=reason, actor=visit.actor)
        except (NoSuchFact, CaseIsOver):
            return _to("case", visit)
        return _to("question", visit)
    if request.method == "POST":
        error = _("Bitte sagen Sie kurz, was stimmt.")
    row = facts.row(visit.work.law, path, known.value, view.texts)
    return _page(
        request, visit, view, "dialogue/dispute.html", {"row": row, "supplier": known.supplier, "error": error}
    )


@FORM
@of_own_case
def withdraw(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Take an undecided case back, after one more look."""
    view = _view(request, visit)
    if request.method == "POST":
        with suppress(CaseIsOver):  # decided meanwhile: the page of the case says so
            operations.withdraw(case_id=view.id, reason=_("Von der Person zurückgenommen"), actor=visit.actor)
        return _to("case", visit)
    if view.decided_at or view.state == "withdrawn":
        return _to("case", visit)
    return _page(request, visit, view, "dialogue/withdraw.html", {})


def _answer(request: HttpRequest, visit: Visit, view: CaseView, *, again: str) -> HttpResponse:
    """Record what was sent. What cannot be read is shown again as it was typed, with all that is wrong."""
    sent = request.POST
    allowed = asked_of_person(visit.work)
    asked = [_question(visit, view, path) for path in sent.getlist(reading.ASKED) if path in allowed]
    if not asked:
        return _go(visit.town.slug, view)
    try:
        values = {path: _completed(answer) for path, answer in reading.answers(asked, sent).items()}
        values |= _handed_in(request, visit, view, asked)
        operations.record_answers(case_id=view.id, values=values, actor=visit.actor)
    except AnswersRefused as refused:
        errors = {path: problems.answer_sentence(code, detail) for path, (code, detail) in refused.errors.items()}
        told = reading.typed(asked, sent)
        return _questions(request, visit, view, asked, told=told, errors=errors, again=again, status=422)
    except attachments.FileRefused as refused:
        sentence = problems.problem(refused.code)["title"]
        errors = {one.path: sentence for one in asked if one.form == "file"}
        told = reading.typed(asked, sent)
        return _questions(request, visit, view, asked, told=told, errors=errors, again=again, status=422)
    except CaseIsOver:
        return _to("case", visit)
    return _to("review" if again else "question", visit)


def _handed_in(request: HttpRequest, visit: Visit, view: CaseView, asked: Sequence[Question]) -> dict[str, str]:
    """Files that came with the form; who changes nothing keeps the one handed in before. Raises ``FileRefused``."""
    found = {}
    for one in asked:
        if one.form != "file":
            continue
        file = request.FILES.get(one.path)
        before = str(_known(view).get(one.path, ""))
        found[one.path] = before
        if file is not None:
            content = file.read(attachments.LARGEST + 1)
            found[one.path] = attachments.hand_in(
                case_id=view.id, name=file.name or "", content=content, actor=visit.actor
            )
    return found


def _completed(answer: Any) -> Any:
    """An address of this town as its register spells it, postal code included."""
    return addresses.completed(answer) if isinstance(answer, Mapping) and "strasse" in answer else answer


def _questions(
    request: HttpRequest,
    visit: Visit,
    view: CaseView,
    asked: Sequence[Question],
    *,
    told: Mapping[str, Any],
    errors: Mapping[str, str],
    again: str = "",
    status: int = 200,
) -> HttpResponse:
    names = {path: _of_whom(view, path) for path in (one.path for one in asked) if path.count("/") > 1}
    if len(asked) > 1 and sheets.about_members(asked):
        title = asked[0].together or asked[0].question
        groups = [controls.members(asked, names=names, told=told, title=title)]
    else:
        groups = [controls.group(one, told=told, errors=errors, name=names.get(one.path, "")) for one in asked]
    now = clock.now()
    context = {
        "groups": groups,
        "paths": [one.path for one in asked],
        "members": groups[0].control == controls.CHECKBOXES and len(asked) > 1,
        "problems": controls.problems(groups),
        "origins": facts.origins(visit.work.law, view.known, view.texts, now=now),
        "again": again,
        "has_file": any(one.form == "file" for one in asked),
    }
    return _page(request, visit, view, "dialogue/question.html", context, status=status)


def _page(
    request: HttpRequest, visit: Visit, view: CaseView, template: str, context: Mapping[str, Any], *, status: int = 200
) -> HttpResponse:
    offered = visit.work.law.document.data["texts"]
    frame = {"town": visit.town, "case": view, "texts_in": view.language, "plain_offered": languages.PLAIN in offered}
    return render(request, template, frame | dict(context), status=status)


def _view(request: HttpRequest, visit: Visit) -> CaseView:
    return queries.view(visit.work, languages.language_of(request, visit.work.law.document.data["texts"]))


def _question(visit: Visit, view: CaseView, path: str) -> Question:
    return question_in(visit.work.law.document, path, view.language)


def _said(visit: Visit, view: CaseView, path: str) -> dict[str, Any]:
    told = _known(view)
    known = {name: value for name, value in told.items() if name == path or name.startswith(f"{path}/")}
    row = facts.row_of(visit.work.law, path, known, view.texts)
    return {"path": path, "row": row, "known": bool(known), "whom": _of_whom(view, path)}


def _known(view: CaseView) -> dict[str, Any]:
    return {known.path: known.value for known in view.known}


def _suggested(request: HttpRequest, view: CaseView, town: Town, law: Law) -> dict[str, Any]:
    """What a sentence on the start page was understood to say; shown in the fields, never taken unseen."""
    held = remembered.remembered(request, town=town, service=view.service)
    suggested = finding.acceptable(law.document, held)
    here = {f"{question.path}/ort": town.name for page in view.pages for question in page if "ort" in question.fields}
    return here | suggested


def _of_whom(view: CaseView, path: str) -> str:
    owner = path.rpartition("/")[0]
    told = _known(view)
    names = [str(told[name]) for part in ("vornamen", "familienname") if (name := f"{owner}/{part}") in told]
    return " ".join(names)


def _place(view: CaseView) -> str:
    """Where the person goes on: to a question, the review, or the page that says what is awaited."""
    if view.pages:
        return "question"
    if view.to_invite:
        return "party"
    return "review" if view.state == "open" and not view.reviewed else "case"


def _go(slug: str, view: CaseView) -> HttpResponse:
    place = _place(view)
    more = [view.to_invite[0].source] if place == "party" else []
    return HttpResponseRedirect(reverse(f"citizen:{place}", args=[slug, view.id, *more]))


def _to(name: str, visit: Visit) -> HttpResponse:
    return HttpResponseRedirect(reverse(f"citizen:{name}", args=[visit.town.slug, visit.work.case.id]))
