"""The PID, a person's identity in the wallet: what is asked of it, and what its claims mean here. Pure.

Claims are those of the PID rulebook (``urn:eudi:pid:1``) and of its German extension (``urn:eudi:pid:de:1``). No
nationality, picture or number is asked for: nothing here needs them.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Mapping
from typing import Any
from unicodedata import normalize

from formlos.identity.persons import NONE, checked_date, checked_name, checked_text
from formlos.identity.refusals import Malformed
from formlos.identity.wallet.compact import base64url
from formlos.identity.wallet.sdjwt import FORMAT

ID = "pid"
GERMAN, EUROPEAN = TYPES = ("urn:eudi:pid:de:1", "urn:eudi:pid:1")
WHO = (("given_name",), ("family_name",), ("birthdate",))
BIRTH_NAME = (("birth_family_name",),)
BIRTHPLACE = (("place_of_birth", "locality"),)
WHERE = (("address", "street_address"), ("address", "postal_code"), ("address", "locality"))
DOCUMENT = (("source_document_type",),)
DOCUMENTS = {"id_card": "personalausweis", "eid_card": "eid_karte", "residence_permit": "eat"}
PATHS = (*WHO, *BIRTH_NAME, *BIRTHPLACE, *WHERE, *DOCUMENT)
SETS = (
    PATHS,
    (*WHO, *BIRTHPLACE, *WHERE, *DOCUMENT),
    (*WHO, *BIRTH_NAME, *BIRTHPLACE, *WHERE),
    (*WHO, *BIRTHPLACE, *WHERE),
    (*WHO, *WHERE),
    WHO,
)
FindAgs = Callable[[str], str | None]
"""Town -> official key of the municipality, or None: credentials do not name it."""


def query() -> dict[str, Any]:
    """The DCQL query: everything, else whatever of it the credential has, at the least who the person is."""
    claims = [{"id": "-".join(path), "path": list(path)} for path in PATHS]
    return {
        "credentials": [
            {
                "id": ID,
                "format": FORMAT,
                "meta": {"vct_values": list(TYPES)},
                "claims": claims,
                "claim_sets": [["-".join(path) for path in one] for one in SETS],
            }
        ]
    }


def facts_of(claims: Mapping[str, Any], *, level: str, find_ags: FindAgs) -> dict[str, Any]:
    """Facts as a signed assertion would give them; what the credential does not say is left out.

    A credential names the name at birth only where it is another. Raises ``Malformed`` or ``NameRefused``.
    """
    facts: dict[str, Any] = {
        "vertrauensniveau": level,
        "familienname": checked_name("family_name", claims.get("family_name")),
        "vornamen": checked_name("given_name", claims.get("given_name")),
        "geburtsdatum": checked_date(claims.get("birthdate")),
    }
    if facts["familienname"] == NONE:
        raise Malformed("family_name is missing")
    facts["geburtsname"] = checked_name("birth_family_name", claims.get("birth_family_name"))
    birthplace = claims.get("place_of_birth")
    if isinstance(birthplace, Mapping) and "locality" in birthplace:
        facts["geburtsort"] = checked_text("place_of_birth", birthplace["locality"])
    document = claims.get("source_document_type")
    if isinstance(document, str) and document in DOCUMENTS:
        facts["ausweis_art"] = DOCUMENTS[document]
    return facts | _address(claims.get("address"), find_ags)


def subject_of(claims: Mapping[str, Any], holder: Mapping[str, Any], *, secret: bytes, lasting: str = "") -> str:
    """The name under which the person's account is found again.

    ``lasting`` is what the issuer promises never to change, where it does. A PID has no such number, and each
    presentation may use a credential with another key. So it is a keyed digest of what stays all life long: name at
    birth, given names, day and place of birth. A credential that does not say all of that is only known by its key:
    with the next credential the person has another account. See docs/adr/0009.
    """
    birthplace = claims.get("place_of_birth")
    locality = birthplace.get("locality") if isinstance(birthplace, Mapping) else None
    name = claims.get("birth_family_name") or claims.get("family_name")
    life = [name, claims.get("given_name"), claims.get("birthdate"), locality]
    if lasting:
        parts = ["lasting", lasting]
    elif all(isinstance(one, str) and one for one in life):
        parts = ["person", *(" ".join(normalize("NFC", str(one)).casefold().split()) for one in life)]
    else:
        parts = ["key", str(holder["x"]), str(holder["y"])]
    return f"pid-{base64url(hmac.digest(secret, chr(31).join(parts).encode(), 'sha256'))}"


def _address(address: Any, find_ags: FindAgs) -> dict[str, Any]:
    """The last known dwelling; only addresses in Germany have a municipality that can be found."""
    if not isinstance(address, Mapping):
        return {}
    told = {
        name: checked_text(name, address.get(name))
        for name in ("street_address", "house_number", "postal_code", "locality")
    }
    if NONE in (told["street_address"], told["postal_code"], told["locality"]):
        return {}
    street, number = _street_and_number(told["street_address"], told["house_number"])
    facts = {"strasse": street, "hausnummer": number, "zusatz": NONE}
    facts |= {"postleitzahl": told["postal_code"], "ort": told["locality"]}
    ags = find_ags(told["locality"])
    if ags:
        facts["ags"] = ags
    return {f"bisherige_anschrift/{name}": value for name, value in facts.items()}


def _street_and_number(street: str, number: Any) -> tuple[str, Any]:
    """``Heidestraße 17 a`` is street and number; where the credential tells them apart, so do we."""
    if number != NONE:
        return street, number
    words = street.split()
    for at in range(1, len(words)):
        if words[at][0].isdigit() and not any(len(word) > 4 for word in words[at:]):
            return " ".join(words[:at]), " ".join(words[at:])
    return street, NONE
