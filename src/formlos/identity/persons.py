"""What a proof of identity says about the person, checked and turned into facts. No database, no clock.

``person``: familienname, vornamen, geburtsname, doktorgrad, geburtsdatum (ISO), geburtsort, staatsangehoerigkeit,
ausweis_art and anschrift (fields of ``vocabulary.Anschrift``). Facts: path -> value in JSON form, such as
``bisherige_anschrift/ort``; known-to-be-none is ``{"none": true}``.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from datetime import date
from typing import Any

from formlos.identity.refusals import Malformed, NameRefused
from formlos.vocabulary.names import NameNotAllowed, check_name

DOCUMENTS = ("personalausweis", "eid_karte", "eat")
NONE = {"none": True}
_NAMES = ("familienname", "geburtsname", "vornamen")
_TEXTS = ("doktorgrad", "geburtsort", "staatsangehoerigkeit")
_ADDRESS = ("strasse", "hausnummer", "zusatz", "postleitzahl", "ort", "ags")
_ADDRESS_OPTIONAL = ("zusatz",)


def facts_of_document(person: Any, level: str) -> dict[str, Any]:
    """Facts as read from a document: what it does not say is none. Raises ``Malformed``, ``NameRefused``."""
    if not isinstance(person, dict):
        raise Malformed("an assertion says who the person is")
    facts: dict[str, Any] = {"vertrauensniveau": level}
    for name in _NAMES:
        facts[name] = checked_name(name, person.get(name))
    for name in _TEXTS:
        facts[name] = checked_text(name, person.get(name))
    if facts["familienname"] == NONE:
        raise Malformed("familienname is missing")
    facts["geburtsdatum"] = checked_date(person.get("geburtsdatum"))
    facts["ausweis_art"] = _document(person.get("ausweis_art"))
    return facts | _address(person.get("anschrift"))


def facts_of_account(person: Mapping[str, Any], level: str) -> dict[str, Any]:
    """Facts as an account tells them: what it does not say stays unknown and can be asked elsewhere.

    An address counts only when it is complete. Raises ``Malformed``, ``NameRefused``.
    """
    facts: dict[str, Any] = {"vertrauensniveau": level}
    told = {name: value for name, value in person.items() if value not in (None, "")}
    facts |= {name: checked_name(name, told[name]) for name in _NAMES if name in told}
    facts |= {name: checked_text(name, told[name]) for name in _TEXTS if name in told}
    if "geburtsdatum" in told:
        facts["geburtsdatum"] = checked_date(told["geburtsdatum"])
    if "ausweis_art" in told:
        facts["ausweis_art"] = _document(told["ausweis_art"])
    address = told.get("anschrift")
    complete = isinstance(address, dict) and not _missing(address)
    return facts | (_address(address) if complete else {})


def _document(value: Any) -> str:
    if value not in DOCUMENTS:
        raise Malformed(f"ausweis_art must be one of {', '.join(DOCUMENTS)}")
    return str(value)


def checked_name(field: str, value: Any) -> Any:
    """A name as registers may keep it, or known-to-be-none; raises ``Malformed`` or ``NameRefused``."""
    text = checked_text(field, value)
    if text == NONE:
        return NONE
    try:
        return check_name(text)
    except NameNotAllowed as error:
        raise NameRefused(f"{field}: {error}") from error


def checked_text(field: str, value: Any) -> Any:
    """A text in composed form, or known-to-be-none; raises ``Malformed``."""
    if value is None or value == "":
        return NONE
    if not isinstance(value, str) or len(value) > 500 or "\0" in value:
        raise Malformed(f"{field} is a text")
    return unicodedata.normalize("NFC", value)


def checked_date(value: Any) -> str:
    """A day of birth in ISO form; raises ``Malformed``."""
    try:
        return date.fromisoformat(value).isoformat()
    except (ValueError, TypeError) as error:
        raise Malformed("geburtsdatum is a day, such as 1990-02-28") from error


def _address(value: Any) -> dict[str, Any]:
    """The address on the chip; cards for people abroad carry none."""
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise Malformed("anschrift has the fields of an address")
    facts = {f"bisherige_anschrift/{field}": checked_text(field, value.get(field)) for field in _ADDRESS}
    if missing := _missing(value):
        raise Malformed(f"anschrift lacks {', '.join(missing)}")
    return facts


def _missing(address: Mapping[str, Any]) -> list[str]:
    return [name for name in _ADDRESS if name not in _ADDRESS_OPTIONAL and not address.get(name)]
