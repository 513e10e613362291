"""What is wrong with an answer or a file, in a sentence that says what to do."""

from __future__ import annotations

from django.utils.translation import gettext as _


def answer_sentence(code: str, detail: str = "") -> str:
    """What is wrong with one answer, by the codes of ``AnswersRefused``."""
    return {
        "unknown_question": _("Diese Frage gibt es hier nicht."),
        "empty": _("Bitte beantworten Sie diese Frage."),
        "bool": _("Bitte antworten Sie mit Ja oder Nein."),
        "date": _("Bitte geben Sie ein Datum an, zum Beispiel 1.3.2026."),
        "int": _("Bitte geben Sie eine ganze Zahl an."),
        "decimal": _("Bitte geben Sie einen Betrag an, zum Beispiel 12,50."),
        "enum": _("Bitte wählen Sie eine der Möglichkeiten."),
        "postleitzahl": _("Eine Postleitzahl hat fünf Ziffern, zum Beispiel 70173."),
        "name": _("Diese Zeichen sind in Namen nicht zugelassen (DIN 91379): {detail}"),
        "signs": _("Dieser Text enthält unsichtbare Zeichen. Bitte tippen Sie ihn neu, statt ihn einzufügen: {detail}"),
        "too_long": _("Das ist zu lang; höchstens {detail} Zeichen."),
        "incomplete": _("Hier fehlt noch: {detail}."),
        "code": _("Das ist kein gültiger Code. Vergleichen Sie bitte Zeichen für Zeichen."),
        "file": _("Bitte wählen Sie eine Datei aus: PDF, JPEG oder PNG."),
    }[code].format(detail=detail)


def file_sentences() -> dict[str, str]:
    """Why a file is not taken, by the codes of ``FileRefused``."""
    return {
        "file_empty": _("Die Datei ist leer. Bitte wählen Sie eine andere."),
        "file_too_large": _("Die Datei ist zu groß. Höchstens 10 Megabyte; ein Foto in kleinerer Größe genügt."),
        "file_unknown": _("Diese Datei können wir nicht lesen. Bitte nehmen Sie PDF, JPEG oder PNG."),
        "file_too_many": _("Mehr als zehn Dateien nehmen wir zu einem Vorgang nicht an."),
        "file_too_often": _(
            "Zu diesem Vorgang kamen in der letzten Stunde sehr viele Dateien. Bitte versuchen Sie es in einer Stunde wieder."
        ),
        "files_from_here": _(
            "Von Ihrem Internetanschluss kamen in der letzten Stunde sehr viele Dateien, vielleicht von anderen. "
            "Bitte versuchen Sie es in einer Stunde wieder."
        ),
    }
