"""Public check of a document: genuine, genuine but withdrawn, or not genuine and why. The file is never stored."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_http_methods

from formlos.base import clock
from formlos.dialogue.words import moment_in_words
from formlos.notices import queries as notices
from formlos.notices.verifying import GENUINE, MAX_SIZE, NOT_GENUINE, UNCHECKED, WITHDRAWN, WORDS, Verdict

ASK = gettext_noop("Verlassen Sie sich nicht darauf. Fragen Sie die Stadt, die als Ausstellerin genannt ist.")
THE_FILE = gettext_noop("Bitte laden Sie die PDF-Datei hoch, die Sie bekommen haben, keinen Scan und kein Foto.")
ADVICE = {
    GENUINE: ("success", ""),
    WITHDRAWN: ("warning", ASK),
    UNCHECKED: ("info", THE_FILE),
    NOT_GENUINE: ("danger", ASK),
}


@dataclass(frozen=True)
class Answer:
    """``kind`` names one of KERN's alerts; ``body`` says why, and what to do."""

    kind: str
    title: str
    body: tuple[str, ...]


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return render(request, "citizen/verify.html")
    file = request.FILES.get("dokument")
    if file is None:
        return render(request, "citizen/verify.html", {"error": _("Bitte wählen Sie eine Datei aus.")}, status=422)
    verdict = notices.check(file.read(MAX_SIZE + 1))
    return render(request, "citizen/verify.html", {"answer": answer(verdict), "name": file.name})


def answer(verdict: Verdict) -> Answer:
    title, why = WORDS[verdict.reason]
    kind, advice = ADVICE[title]
    more = _sealed(verdict) if title == GENUINE else _(advice)
    return Answer(kind, _(title), (_(why).format(signer=verdict.signer), more))


def _sealed(verdict: Verdict) -> str:
    moment = moment_in_words(verdict.sealed_at, now=clock.now()) if verdict.sealed_at else ""
    return _("Gesiegelt: %(moment)s.") % {"moment": moment}
