"""Taking a municipality on: its row, its keys, its services."""

from __future__ import annotations

import re
from uuid import UUID

from django.conf import settings
from django.utils.text import slugify

from formlos.base import keys
from formlos.base.tenancy import Municipality, acting_for, within
from formlos.cases.queries import case_by_reference
from formlos.cases.work import NoSuchCase
from formlos.catalogue.operations import adopt, publish
from formlos.identity import contacts

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
    contacts.extend_to(municipality.id)
    return municipality


def land_of(ags: str) -> str:
    """The Land that an AGS lies in; raises ``MunicipalityRefused``."""
    if not re.fullmatch(r"\d{8}", ags) or ags[:2] not in LAENDER:
        raise MunicipalityRefused(f"{ags!r} is no AGS: eight digits that begin with a Land, such as 08111000")
    return LAENDER[ags[:2]]


class NoSuchReference(LookupError):
    """No municipality of this node has a case with this reference; formlos questions lists the open ones."""

    code = "no_such_reference"


class NoSuchMunicipality(LookupError):
    """This node has no such municipality; formlos municipality list shows them."""

    code = "no_such_municipality"


def named(name: str) -> Municipality:
    """A municipality of this node by AGS, name or slug, without regard to case. Raises ``NoSuchMunicipality``."""
    wanted = name.strip().casefold()
    for known in Municipality.objects.all():
        if wanted in (known.ags, known.name.casefold(), known.slug, known.slug.rpartition("-")[0]):
            return known
    listed = ", ".join(f"{known.name} ({known.ags})" for known in Municipality.objects.order_by("name")[:20])
    raise NoSuchMunicipality(f"{name!r} is no municipality of this node; it has: {listed or 'none'}")


def of_case(reference: str) -> tuple[Municipality, UUID]:
    """The municipality and id of a case by its file reference. Raises ``NoSuchReference``."""
    for municipality in Municipality.objects.all():
        with acting_for(municipality):
            try:
                return municipality, case_by_reference(reference.strip().upper())
            except NoSuchCase:
                continue
    raise NoSuchReference(f"no case has the reference {reference}; see: formlos questions")
