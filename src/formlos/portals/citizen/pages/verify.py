"""Public check of a document: genuine, genuine but withdrawn, or not genuine and why. The file is never stored."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from formlos.base import clock
from formlos.notices import queries as notices
from formlos.notices.verifying import MAX_SIZE, Verdict
from formlos.portals.citizen.words import moment_in_words


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
    if verdict.reason == "genuine":
        return Answer("success", _("Echt"), (_genuine(verdict),))
    if verdict.reason == "revoked":
        said = _("Das Dokument stammt von %(signer)s, wurde aber zurückgenommen. Es gilt nicht mehr.")
        return Answer("warning", _("Echt, aber zurückgenommen"), (said % {"signer": verdict.signer}, _ask()))
    if verdict.reason in ("too_large", "not_a_pdf"):
        return Answer("info", _("Nicht geprüft"), (_reason(verdict), _what_we_check()))
    return Answer("danger", _("Nicht echt"), (_reason(verdict), _ask()))


def _genuine(verdict: Verdict) -> str:
    sealed = moment_in_words(verdict.sealed_at, now=clock.now()) if verdict.sealed_at else ""
    said = _("Das Dokument trägt das Siegel von %(signer)s und ist seitdem unverändert. Gesiegelt: %(sealed)s.")
    return said % {"signer": verdict.signer, "sealed": sealed}


def _reason(verdict: Verdict) -> str:
    return {
        "too_large": _("Die Datei ist größer als 10 Megabyte. So große Dokumente stellen wir nicht aus."),
        "not_a_pdf": _("Die Datei ist kein PDF-Dokument."),
        "no_seal": _("Das Dokument trägt kein Siegel."),
        "broken": _("Die Datei ist beschädigt; ihr Siegel lässt sich nicht lesen."),
        "strange_seal": _("Das Dokument trägt ein Siegel, aber keines, das hier bekannt ist."),
        "altered": _("Das Dokument wurde nach dem Siegeln verändert."),
        "appended": _("An das Dokument wurde nach dem Siegeln etwas angehängt."),
        "outside_validity": _("Das Siegel wurde außerhalb der Gültigkeit seines Zertifikats angebracht."),
    }[verdict.reason]


def _ask() -> str:
    return _("Verlassen Sie sich nicht darauf. Fragen Sie die Stadt, die als Ausstellerin genannt ist.")


def _what_we_check() -> str:
    return _("Bitte laden Sie die PDF-Datei hoch, die Sie bekommen haben, keinen Scan und kein Foto.")
