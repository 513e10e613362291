"""Taking a municipality on: its row, its keys, its services."""

from __future__ import annotations

import re

from django.conf import settings
from django.utils.text import slugify

from formlos.base import keys
from formlos.base.tenancy import Municipality, within
from formlos.catalogue.operations import adopt, publish

LAENDER = {
    **{"01": "SH", "02": "HH", "03": "NI", "04": "HB", "05": "NW", "06": "HE", "07": "RP", "08": "BW"},
    **{"09": "BY", "10": "SL", "11": "BE", "12": "BB", "13": "MV", "14": "SN", "15": "ST", "16": "TH"},
}
GERMAN_LETTERS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})


class MunicipalityRefused(ValueError):
    """Key, name and Land do not make a municipality."""

    code = "municipality_refused"


def add_municipality(*, ags: str, name: str, land: str | None = None) -> Municipality:
    """Add it, or rename it when the AGS is known; keys and adopted services are made when missing.

    Raises ``MunicipalityRefused``, and ``LawError`` when a service folder cannot be read.
    """
    found = land_of(ags)
    if land not in (None, found):
        raise MunicipalityRefused(f"AGS {ags} lies in {found}, not in {land}; leave --land out")
    if not name.strip():
        raise MunicipalityRefused("the name is empty")
    slug = f"{slugify(name.translate(GERMAN_LETTERS))}-{ags}"
    municipality, _ = Municipality.objects.update_or_create(
        ags=ags, defaults={"name": name}, create_defaults={"name": name, "land": found, "slug": slug}
    )
    with within(municipality):
        for purpose in keys.PURPOSES:
            if not keys.usable(purpose=purpose):
                keys.create(purpose=purpose)
        for folder in sorted(settings.SERVICES_FOLDER.glob("*/service.yaml")):
            adopt(document=publish(folder=folder.parent))
    return municipality


def land_of(ags: str) -> str:
    """The Land that an AGS lies in; raises ``MunicipalityRefused``."""
    if not re.fullmatch(r"\d{8}", ags) or ags[:2] not in LAENDER:
        raise MunicipalityRefused(f"{ags!r} is no AGS: eight digits that begin with a Land, such as 08111000")
    return LAENDER[ags[:2]]
