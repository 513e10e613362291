"""The form on which a clerk notes what the person's identity document says: as little as the case needs."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from formlos.cases.answers import GERMAN_DATE
from formlos.cases.identifying import DOCUMENTS, LONGEST_ENDING, PERSON, Check
from formlos.portals.town_keys import find_ags
from formlos.vocabulary.names import NameNotAllowed, check_name
from formlos.vocabulary.texts import ascii_digits, without_hidden

ADDRESS = ("strasse", "hausnummer", "zusatz", "postleitzahl", "ort", "ags")
NEEDED_OF_ADDRESS = ("strasse", "hausnummer", "postleitzahl", "ort")


@dataclass(frozen=True)
class Field:
    name: str
    label: str
    value: str
    error: str
    hint: str = ""
    type: str = "text"

    @property
    def id(self) -> str:
        return f"c-{self.name}"


def wanted(service: Mapping[str, Any], known: Sequence[str] = (), *, marked: bool = False) -> list[str]:
    """What to read off the document: who it is, and the address where the service needs it; of a case with an identity
    only what is compared.

    service: a document's data. known: facts that the case has. marked: its journal has marks of who acts.
    """
    if marked:
        return list(PERSON)
    if "familienname" in known:
        return [name for name in PERSON if name in known]
    return [*PERSON, *(["anschrift"] if "bisherige_anschrift" in service["facts"] else [])]


def read(sent: Mapping[str, str], names: Sequence[str]) -> tuple[Check, dict[str, str]]:
    """The check as it was typed, and what is wrong with it by field."""
    said = {
        name: without_hidden(str(sent.get(name, ""))).strip()[:200]
        for name in (*PERSON, *ADDRESS, "dokument", "endung")
    }
    errors: dict[str, str] = {}
    person: dict[str, Any] = {}
    if said["dokument"] not in DOCUMENTS:
        errors["dokument"] = _("Bitte wählen Sie, welches Dokument Sie gesehen haben.")
    if not re.fullmatch(rf"[0-9A-Za-z]{{0,{LONGEST_ENDING}}}", said["endung"]):
        errors["endung"] = _("Höchstens die letzten vier Zeichen der Nummer, oder nichts.")
    if not sent.get("gesehen"):
        errors["gesehen"] = _("Bitte bestätigen Sie, dass Sie Dokument und Person verglichen haben.")
    for name in names:
        if name == "anschrift":
            person["bisherige_anschrift"] = _address(said, errors)
        elif name == "geburtsdatum":
            person[name] = _day(said[name], errors)
        else:
            person[name] = _name(name, said[name], errors)
    return Check(said["dokument"], said["endung"].upper(), person), errors


def fields(names: Sequence[str], sent: Mapping[str, str], errors: Mapping[str, str]) -> list[Field]:
    """The controls for what is read off the document, as they were typed."""
    shown = [name for name in names if name != "anschrift"] + (list(ADDRESS) if "anschrift" in names else [])
    labels = {
        "familienname": _("Familienname"),
        "vornamen": _("Vornamen"),
        "geburtsdatum": _("Geburtsdatum"),
        "strasse": _("Straße der bisherigen Wohnung"),
        "hausnummer": _("Hausnummer"),
        "zusatz": _("Zusatz (falls vorhanden)"),
        "postleitzahl": _("Postleitzahl"),
        "ort": _("Ort"),
        "ags": _("Amtlicher Gemeindeschlüssel (nur wenn der Ort nicht gefunden wird)"),
    }
    found = [
        Field(
            name,
            labels[name],
            sent.get(name, ""),
            errors.get(name, ""),
            type="date" if name == "geburtsdatum" else "text",
        )
        for name in shown
    ]
    return [one for one in found if one.name != "ags" or one.error or one.value]


def _name(field: str, text: str, errors: dict[str, str]) -> str:
    if not text:
        errors[field] = _("Bitte so eintragen, wie es im Dokument steht.")
        return ""
    try:
        return check_name(text)
    except NameNotAllowed as refused:
        signs = ", ".join(refused.characters) or text
        errors[field] = _("Diese Zeichen sind in Namen nicht zugelassen (DIN 91379): {detail}").format(detail=signs)
        return ""


def _day(text: str, errors: dict[str, str]) -> str:
    german = GERMAN_DATE.fullmatch(text)
    try:
        day = date(int(german[3]), int(german[2]), int(german[1])) if german else date.fromisoformat(text)
    except ValueError:
        errors["geburtsdatum"] = _("Bitte geben Sie ein Datum an, zum Beispiel 1.3.2026.")
        return ""
    return day.isoformat()


def _address(said: Mapping[str, str], errors: dict[str, str]) -> dict[str, Any]:
    for name in NEEDED_OF_ADDRESS:
        if not said[name]:
            errors[name] = _("Bitte so eintragen, wie es im Dokument steht.")
    said["postleitzahl"] = ascii_digits(said["postleitzahl"])
    if said["postleitzahl"] and not re.fullmatch("[0-9]{5}", said["postleitzahl"]):
        errors["postleitzahl"] = _("Eine Postleitzahl hat fünf Ziffern, zum Beispiel 70173.")
    key = said["ags"] if re.fullmatch("[0-9]{8}", said["ags"]) else find_ags(said["ort"])
    if said["ort"] and key is None:
        errors["ags"] = _("Diesen Ort kennt das Verzeichnis nicht eindeutig. Der Schlüssel hat acht Ziffern.")
    return {name: said[name] or None for name in ADDRESS[:-1]} | {"ags": key}
