"""The pages of the dialogue: answer what is left, correct, dispute, review, withdraw. Sending is the portal's."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from formlos.base import clock
from formlos.cases import attachments, operations, queries
from formlos.cases.answers import AnswersRefused
from formlos.cases.asking import asked_of_person
from formlos.cases.operations import NoSuchFact
from formlos.cases.queries import CaseView
from formlos.cases.wording import Question, question_in
from formlos.cases.work import CaseIsOver, Work
from formlos.dialogue import controls, facts, reading, sheets
from formlos.dialogue.cautions import Caution, cautions
from formlos.dialogue.desk import Desk
from formlos.dialogue.incoming import count_file
from formlos.dialogue.refusals import answer_sentence, file_sentences

Suggested = Callable[[CaseView], Mapping[str, Any]]


def question(request: HttpRequest, desk: Desk, *, suggested: Suggested = lambda view: {}) -> HttpResponse:
    """The questions that the address names, as far as they may be answered; without any, to those that come next.

    So a browser's way back leads to what was asked there, with the answers. suggested: what to show in fields not yet
    answered, by path; never taken unseen.
    """
    view = desk.view()
    if request.method == "POST":
        return _answer(request, desk, view, again="")
    allowed = asked_of_person(desk.work)
    asked = [_question(desk, path) for path in request.GET.getlist(reading.ASKED) if path in allowed]
    if not asked:
        return desk.go_on(view)
    here = {f"{one.path}/ort": desk.place for one in asked if "ort" in one.fields}
    typed = desk.kept.told(asked) if desk.kept else {}
    told = here | dict(suggested(view)) | _known(view) | typed
    return _questions(request, desk, view, asked, told=told, errors={})


def tell(desk: Desk, told: Mapping[str, str]) -> Work:
    """Answer what the person has confirmed elsewhere (path -> text), as far as it is asked now; returns the case then.

    Where something is missing or wrong, nothing is answered, and the person is asked.
    """
    now = [path for page in desk.work.state.asked for path in page["facts"]]
    asked = [_question(desk, path) for path in now if any(name.partition("/")[0] == path for name in told)]
    here = {f"{one.path}/ort": desk.place for one in asked if "ort" in one.fields}
    sent = MultiValueDict({name: [value] for name, value in (here | dict(told)).items()})
    if not asked:
        return desk.work
    try:
        values = reading.read(asked, sent)
        return operations.record_answers(case_id=desk.work.case.id, values=values, actor=desk.actor, read=desk.work)
    except AnswersRefused:
        return desk.work


def change(request: HttpRequest, desk: Desk, *, path: str) -> HttpResponse:
    """One answer given before, or one that the person may add."""
    view = desk.view()
    if path not in asked_of_person(desk.work):  # after the review only what is asked now, or another way than a link
        return desk.go_on(view)
    if request.method == "POST":
        return _answer(request, desk, view, again=path)
    asked = [_question(desk, path)]
    typed = desk.kept.told(asked) if desk.kept else {}
    return _questions(request, desk, view, asked, told=_known(view) | typed, errors={}, again=path)


def review(
    request: HttpRequest,
    desk: Desk,
    view: CaseView,
    *,
    template: str = "dialogue/review.html",
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    """All that is declared, to check (§ 3a Abs. 5 VwVfG). more: what the portal's own template says besides."""
    return page(request, desk, view, template, declared(desk, view) | more, status=status)


def declared(desk: Desk, view: CaseView) -> dict[str, Any]:
    """What the person said (``said``), may add (``more``), should look at again, and what others said (``origins``)."""
    origins = facts.origins(desk.work.law, view.known, view.texts, now=clock.now())
    said = [_said(desk, view, path) for path in asked_of_person(desk.work)]
    offered = {question.path for question in view.offered}
    return {
        "said": [one for one in said if one["path"] not in offered or one["known"]],
        "more": [one for one in said if one["path"] in offered and not one["known"]],
        "warnings": cautions(view),
        "origins": [origin for origin in origins if not origin.is_own],
    }


def dispute(request: HttpRequest, desk: Desk, *, path: str) -> HttpResponse:
    """The person says that what somebody else told is wrong; a clerk settles it."""
    view = desk.view()
    known = next((one for one in view.known if one.path == path), None)
    if known is None or known.kind == "applicant":
        return desk.go_on(view)
    reason, error = str(request.POST.get("grund", "")).strip()[:2000], ""
    typed = desk.kept.values.get("grund", "") if desk.kept else ""
    if request.method == "POST" and reason:
        try:
            operations.dispute(case_id=view.id, path=path, reason=reason, actor=desk.actor)
        except (NoSuchFact, CaseIsOver):
            return desk.to("case")
        return desk.to("question")
    if request.method == "POST":
        error = _("Bitte sagen Sie kurz, was stimmt.")
    row = facts.row(desk.work.law, path, known.value, view.texts)
    context = {"row": row, "supplier": known.supplier, "error": error, "typed": typed}
    return page(request, desk, view, "dialogue/dispute.html", context)


def withdraw(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Take an undecided case back, after one more look."""
    view = desk.view()
    if request.method == "POST":
        with suppress(CaseIsOver):  # decided meanwhile: the page of the case says so
            operations.withdraw(case_id=view.id, reason=_("Von der Person zurückgenommen"), actor=desk.actor)
        return desk.to("case")
    if view.decided_at or view.state == "withdrawn":
        return desk.to("case")
    return page(request, desk, view, "dialogue/withdraw.html", {})


def _answer(request: HttpRequest, desk: Desk, view: CaseView, *, again: str) -> HttpResponse:
    """Record what was sent. What cannot be read is shown again as it was typed, with all that is wrong.

    So is, once, what can hardly be meant: the person may leave it as it is.
    """
    sent = request.POST
    allowed = asked_of_person(desk.work)
    asked = [_question(desk, path) for path in sent.getlist(reading.ASKED) if path in allowed]
    files: dict[str, str] = {}
    if not asked:
        return desk.go_on(view)
    try:
        values = reading.read(asked, sent)
        more = reading.at_once(asked, values, sent, lambda path: _question(desk, path))
        files = _handed_in(request, desk, view, asked)
        work = operations.record_answers(case_id=view.id, values=values | files, actor=desk.actor, read=desk.work)
        if more.keys() <= asked_of_person(work).keys() and more:
            work = operations.record_answers(case_id=view.id, values=more, actor=desk.actor, read=work)
    except AnswersRefused as refused:
        errors = {path: _sentence(asked, path, code, detail) for path, (code, detail) in refused.errors.items()}
        told = reading.typed(asked, sent) | files
        return _questions(request, desk, view, asked, told=told, errors=errors, again=again, status=422)
    except attachments.FileRefused as refused:
        sentence = file_sentences()[refused.code]
        errors = {one.path: sentence for one in asked if one.form == "file"}
        told = reading.typed(asked, sent) | {path: _kept(request, view, path) for path in errors}
        status = 429 if refused.retry_after else 422
        response = _questions(request, desk, view, asked, told=told, errors=errors, again=again, status=status)
        if refused.retry_after:
            response["Retry-After"] = str(refused.retry_after)
        return response
    except CaseIsOver:
        return desk.to("case")
    now = queries.view(work, desk.language)
    if doubtful := [caution for caution in cautions(now) if caution.asks and caution not in cautions(view)]:
        told = reading.typed(asked, sent) | files
        return _questions(request, desk, now, asked, told=told, errors={}, again=again, warnings=doubtful)
    return desk.to("review") if again else desk.go_on(now)


def _sentence(asked: Sequence[Question], path: str, code: str, detail: str) -> str:
    is_file = any(one.path == path and one.form == "file" for one in asked)
    return answer_sentence("file" if is_file and code == "empty" else code, detail)


def _handed_in(request: HttpRequest, desk: Desk, view: CaseView, asked: Sequence[Question]) -> dict[str, str]:
    """Files that came with the form, chosen or just photographed. Raises ``FileRefused``.

    Who chooses none keeps the one handed in before; that it belongs to this case is checked with the answer.
    """
    found = {}
    for one in asked:
        if one.form != "file":
            continue
        came = sorted(request.FILES.getlist(one.path), key=lambda file: not file.size)
        found[one.path] = _kept(request, view, one.path)
        if came:
            if desk.from_anywhere:
                count_file(request)
            content = came[0].read(attachments.LARGEST + 1)
            found[one.path] = attachments.hand_in(
                case_id=view.id, name=came[0].name or "", content=content, actor=desk.actor
            )
    return found


def _kept(request: HttpRequest, view: CaseView, path: str) -> str:
    """The file that is there already. Browsers send an unused control for files as one more, empty field."""
    return next(filter(None, request.POST.getlist(path)), "") or str(_known(view).get(path, ""))


def _questions(
    request: HttpRequest,
    desk: Desk,
    view: CaseView,
    asked: Sequence[Question],
    *,
    told: Mapping[str, Any],
    errors: Mapping[str, str],
    again: str = "",
    warnings: Sequence[Caution] = (),
    status: int = 200,
) -> HttpResponse:
    names = {path: _of_whom(view, path) for path in (one.path for one in asked) if path.count("/") > 1}
    members = not again and sheets.about_members(asked)
    if members:
        title = asked[0].together or asked[0].question
        groups = [controls.members(asked, names=names, told=told, title=title)]
    else:
        groups = [
            controls.group(
                one,
                told=told,
                errors=errors,
                name=names.get(one.path, ""),
                more={choice: _question(desk, path) for choice, path in one.at_once.items()},
            )
            for one in asked
        ]
    now = clock.now()
    context = {
        "groups": groups,
        "paths": [one.path for one in asked],
        "members": members,
        "warnings": warnings,
        "problems": controls.problems(groups),
        "origins": facts.origins(desk.work.law, view.known, view.texts, now=now),
        "again": again,
        "back": "" if again else desk.address_of(sheets.before(desk.work, [one.path for one in asked])),
        "days": settings.DRAFT_DAYS,
        "has_file": any(one.form == "file" for one in asked),
        "kept": desk.kept.sentence if desk.kept and desk.kept.told(asked) else "",
    }
    return page(request, desk, view, "dialogue/question.html", context, status=status)


def page(
    request: HttpRequest, desk: Desk, view: CaseView, template: str, context: Mapping[str, Any], *, status: int = 200
) -> HttpResponse:
    frame = {"case": view, "pages": desk.pages, "texts_in": view.language, **desk.frame}
    frame["kept"] = desk.kept.sentence if desk.kept else ""
    return render(request, template, frame | dict(context), status=status)


def _question(desk: Desk, path: str) -> Question:
    return question_in(desk.work.law.document, path, desk.language)


def _said(desk: Desk, view: CaseView, path: str) -> dict[str, Any]:
    told = _known(view)
    known = {name: value for name, value in told.items() if name == path or name.startswith(f"{path}/")}
    row = facts.row_of(desk.work.law, path, known, view.texts)
    return {"path": path, "row": row, "known": bool(known), "whom": _of_whom(view, path)}


def _known(view: CaseView) -> dict[str, Any]:
    return {known.path: known.value for known in view.known}


def _of_whom(view: CaseView, path: str) -> str:
    owner = path.rpartition("/")[0]
    told = _known(view)
    names = [str(told[name]) for part in ("vornamen", "familienname") if (name := f"{owner}/{part}") in told]
    return " ".join(names)
