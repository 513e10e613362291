"""Expected refusals as problem details: a stable code, a sentence that says what to do, an HTTP status."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from formlos.cases.answers import AnswersRefused
from formlos.dialogue.refusals import answer_sentence, file_sentences
from formlos.landlords.files import ListRefused
from formlos.portals.citizen import lists


class NoSuchTown(LookupError):
    """This node has no such municipality."""

    code = "no_such_town"


STATUS = {
    "no_such_town": 404,
    "no_such_case": 404,
    "service_not_adopted": 404,
    "level_too_low": 403,
    "not_ready_to_send": 409,
    "case_is_over": 409,
    "no_such_fact": 404,
    "answers_refused": 422,
    "expired": 401,
    "wrong_audience": 401,
    "bad_signature": 401,
    "unknown_issuer": 401,
    "replayed": 401,
    "no_session": 401,
    "malformed": 400,
    "name_not_allowed": 422,
    "file_empty": 422,
    "list_refused": 422,
    "role_incomplete": 422,
    "too_many_lists": 429,
    "no_such_list": 404,
    "list_not_ready": 409,
    "file_too_large": 413,
    "file_unknown": 415,
    "file_too_many": 409,
    "file_too_often": 429,
    "files_from_here": 429,
    "too_many": 429,
    "no_such_file": 404,
}


def describe(error: Exception) -> dict[str, Any] | None:
    """The problem for an expected refusal; None for everything else."""
    code = getattr(error, "code", "")
    if code not in STATUS:
        return None
    found = problem(code)
    if isinstance(error, AnswersRefused):
        found["errors"] = {
            path: {"code": reason, "message": answer_sentence(reason, detail)}
            for path, (reason, detail) in error.errors.items()
        }
    if isinstance(error, ListRefused):
        found["detail"] = lists.refusal(error)
    paths = getattr(error, "paths", None)
    return found | ({"questions": paths} if paths else {})


def problem(code: str) -> dict[str, Any]:
    return {"type": f"urn:formlos:{code}", "code": code, "status": STATUS[code], "title": _sentences()[code]}


def _sentences() -> dict[str, str]:
    return file_sentences() | {
        "no_such_town": _("Diese Gemeinde gibt es hier nicht."),
        "no_such_case": _("Diesen Vorgang gibt es nicht, oder er gehört zu einem anderen Konto."),
        "service_not_adopted": _("Diese Leistung bietet die Stadt hier noch nicht an."),
        "level_too_low": _(
            "Für diese Leistung brauchen Sie den Online-Ausweis mit PIN. Ihre Angaben bleiben erhalten."
        ),
        "not_ready_to_send": _("Es fehlen noch Antworten. Danach können Sie absenden."),
        "case_is_over": _("Dieser Vorgang ist abgeschlossen. Ist etwas falsch, sagen Sie es bitte der Meldebehörde."),
        "no_such_fact": _("Diese Angabe gibt es in Ihrem Vorgang nicht."),
        "answers_refused": _("Einige Angaben konnten wir nicht lesen. Es wurde noch nichts gespeichert."),
        "expired": _("Ihre Anmeldung ist abgelaufen. Bitte melden Sie sich neu an; Ihre Angaben bleiben erhalten."),
        "wrong_audience": _("Diese Anmeldung war für eine andere Stelle bestimmt. Bitte melden Sie sich hier an."),
        "bad_signature": _("Diese Anmeldung ist nicht echt oder wurde verändert."),
        "unknown_issuer": _("Diesen Ausweisdienst kennen wir nicht."),
        "replayed": _("Diese Anmeldung wurde schon benutzt. Bitte melden Sie sich neu an."),
        "no_session": _("Ihre Anmeldung ist abgelaufen. Bitte melden Sie sich neu an; Ihre Angaben bleiben erhalten."),
        "no_such_file": _("Diese Datei gibt es in Ihrem Vorgang nicht."),
        "malformed": _("Was wir bekommen haben, ist unvollständig oder beschädigt."),
        "name_not_allowed": _(
            "Ihr Name enthält Zeichen, die amtliche Register nicht führen können. Wir helfen am Schalter."
        ),
        "list_refused": _("Diese Liste konnten wir nicht lesen."),
        "role_incomplete": _("Bitte sagen Sie, in welcher Rolle und für wen Sie bestätigen."),
        "too_many_lists": _("Sie haben heute schon sehr viele Listen geprüft. Morgen geht es weiter."),
        "too_many": _(
            "Von Ihrem Internetanschluss kommen gerade sehr viele Anfragen, vielleicht von anderen. "
            "Bitte versuchen Sie es in einer Stunde wieder."
        ),
        "no_such_list": _("Diese Liste gibt es nicht, oder sie gehört zu einem anderen Konto."),
        "list_not_ready": _("Es gibt nichts zu bestätigen, oder die Versicherung fehlt."),
    }
