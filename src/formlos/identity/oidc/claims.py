"""What a provider's claims mean here: its ``acr`` as one of our levels, its claims as fields of a person.

A claim map names for each of our fields (``familienname``, ``anschrift/ort`` …, see ``persons``) the path of the
provider's claim, such as ``address.locality``. A level table names for each ``acr`` one of our levels; ``*`` stands
for every other, and for none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from formlos.identity.levels import LEVELS, reaches
from formlos.identity.persons import DOCUMENTS

NAMES = ("familienname", "geburtsname", "vornamen", "doktorgrad", "geburtsort", "staatsangehoerigkeit")
ADDRESS = ("strasse", "hausnummer", "zusatz", "postleitzahl", "ort", "ags")
FIELDS = frozenset({*NAMES, "geburtsdatum", "ausweis_art", *(f"anschrift/{field}" for field in ADDRESS)})
ANY_OTHER = "*"
DOCUMENT_TYPES = {"ID": "personalausweis", "UB": "eid_karte", "AR": "eat", "AS": "eat", "AF": "eat"}
"""Types as the chip names them (BSI TR-03110, DG1)."""


@dataclass(frozen=True)
class Preset:
    """Levels, claims and scopes of a kind of provider; an operator may replace any of them."""

    levels: Mapping[str, str]
    claims: Mapping[str, str]
    scopes: str


EIDAS = {
    "http://eidas.europa.eu/LoA/low": "basic",
    "http://eidas.europa.eu/LoA/substantial": "substantial",
    "http://eidas.europa.eu/LoA/high": "high",
}
STORK = {
    "STORK-QAA-Level-1": "basic",
    "STORK-QAA-Level-2": "basic",
    "STORK-QAA-Level-3": "substantial",
    "STORK-QAA-Level-4": "high",
}
STANDARD = {"familienname": "family_name", "vornamen": "given_name", "geburtsdatum": "birthdate"}
PRESETS = {
    "formlos": Preset(
        {level: level for level in LEVELS}, {field: field.replace("/", ".") for field in FIELDS}, "openid"
    ),
    "keycloak": Preset(EIDAS | {ANY_OTHER: "basic"}, STANDARD, "openid profile"),
    "bundid": Preset(
        STORK | EIDAS | {ANY_OTHER: "none"},
        STANDARD
        | {
            "geburtsname": "birth_family_name",
            "geburtsort": "place_of_birth.locality",
            "doktorgrad": "title",
            "ausweis_art": "document_type",
        },
        "openid profile",
    ),
}


class MapRefused(ValueError):
    """A level table or claim map that cannot work."""

    code = "claim_map_refused"


def check(levels: Mapping[str, Any], claims: Mapping[str, Any]) -> None:
    """Raises ``MapRefused``, naming what is wrong."""
    wrong = [
        f"level {level!r} of acr {acr!r} is none of {', '.join(LEVELS)}"
        for acr, level in levels.items()
        if level not in LEVELS
    ]
    wrong += [f"{field!r} is no field of a person" for field in claims if field not in FIELDS]
    wrong += [
        f"{field} needs the path of a claim" for field, path in claims.items() if not (isinstance(path, str) and path)
    ]
    if not levels:
        wrong.append("the level table is empty")
    if wrong:
        raise MapRefused("; ".join(wrong))


def level_of(acr: Any, levels: Mapping[str, str]) -> str:
    """Our level for the provider's ``acr``; what the table does not know counts as none."""
    return levels.get(acr if isinstance(acr, str) else ANY_OTHER) or levels.get(ANY_OTHER, "none")


def acr_values(needed: str, levels: Mapping[str, str]) -> list[str]:
    """What to ask the provider for, weakest sufficient first."""
    fitting = [acr for acr, level in levels.items() if acr != ANY_OTHER and reaches(level, needed)]
    return sorted(fitting, key=lambda acr: LEVELS.index(levels[acr]))


def strongest(levels: Mapping[str, str]) -> str:
    """The best level that the provider can vouch for."""
    return max(levels.values(), key=LEVELS.index)


def person(claims: Mapping[str, Any], mapping: Mapping[str, str]) -> dict[str, Any]:
    """The provider's claims as ``persons.facts_of_account`` reads them; what is missing is left out."""
    told: dict[str, Any] = {}
    address: dict[str, Any] = {}
    for field, path in mapping.items():
        value = _at(claims, path)
        if value is not None:
            room, name = (address, field.partition("/")[2]) if "/" in field else (told, field)
            room[name] = value
    if address:
        told["anschrift"] = address
    if told.get("ausweis_art") not in DOCUMENTS:
        told["ausweis_art"] = DOCUMENT_TYPES.get(str(told.get("ausweis_art")))
    return {name: value for name, value in told.items() if value is not None}


def missing(claims: Mapping[str, Any], mapping: Mapping[str, str]) -> bool:
    """Whether anything the map names is not among these claims: the userinfo endpoint may have it."""
    return any(_at(claims, path) is None for path in mapping.values())


def _at(claims: Any, path: str) -> Any:
    for step in path.split("."):
        claims = claims.get(step) if isinstance(claims, dict) else None
    return claims
