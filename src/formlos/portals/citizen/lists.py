"""What is wrong with a landlord's list, in sentences that say how to mend it. For pages and programs alike."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.utils.translation import gettext as _

from formlos.base.limits import Limit
from formlos.landlords.files import ListRefused

OF_AN_ADDRESS = Limit("list of an address", most=30, within=timedelta(hours=1))
"""Lists that one address may try out, whoever signs in there: each one is up to a thousand looks at the address register."""


def refusal(error: ListRefused) -> str:
    """Why a list cannot be read at all."""
    return {
        "empty": _("Die Liste ist leer. In der ersten Zeile stehen die Spalten, darunter je Einzug eine Zeile."),
        "too_large": _("Die Datei ist größer als 1 Megabyte. Bitte teilen Sie die Liste."),
        "encoding": _("Das ist keine CSV-Datei. Speichern Sie die Tabelle bitte als CSV (UTF-8)."),
        "header": _("In der ersten Zeile fehlt: {detail}. Die Vorlage zeigt alle Spalten."),
        "too_many": _("Die Liste hat {detail} Zeilen; höchstens 1.000 gehen auf einmal. Bitte teilen Sie sie."),
        "broken": _("Ein Anführungszeichen ist nicht geschlossen. Bitte speichern Sie die Tabelle neu als CSV."),
    }[error.reason].format(detail=error.detail)


def problem(code: str, detail: str) -> str:
    """What is wrong with one row, by the codes of ``landlords.checking``."""
    if code == "flat" and not detail:
        return _("Im Haus gibt es diese Wohnung nicht eindeutig. Bitte bestätigen Sie diesen Einzug einzeln.")
    return {
        "too_long": _("„{detail}“ ist zu lang."),
        "missing": _("Es fehlt: {detail}."),
        "date": _("„{detail}“ ist kein Tag. Schreiben Sie zum Beispiel 01.03.2026."),
        "address": _("Diese Anschrift kennt das Adressregister nicht. Prüfen Sie Straße, Hausnummer und Ort."),
        "flat": _("Das Haus hat mehrere Wohnungen. Schreiben Sie in „zusatz“ eine davon: {detail}"),
        "no_dwelling": _("Unter dieser Anschrift ist keine Wohnung verzeichnet. Bitte bestätigen Sie einzeln."),
        "name": _("Diese Zeichen sind in Namen nicht zugelassen (DIN 91379): {detail}"),
        "owner": _("Sie vermieten, ohne Eigentümer zu sein: Nennen Sie in „eigentuemer“, wem die Wohnung gehört."),
        "duplicate": _("Das steht schon in Zeile {detail}."),
        "refused": _("Das ließ sich nicht übernehmen ({detail}). Bitte bestätigen Sie diesen Einzug einzeln."),
    }[code].format(detail=detail)


def problems(found: Iterable[tuple[str, str]]) -> list[str]:
    return [problem(code, detail) for code, detail in found]
