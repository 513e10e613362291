"""The address register: finding dwellings by address and telling about them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef

from formlos.base.tenancy import current_municipality
from formlos.registers.models import Building, Dwelling, Residence, Street

Address = Mapping[str, Any]


class UnknownAddress(Exception):
    """The address register has no such address."""

    code = "unknown_address"


class AddressNotUnique(Exception):
    """The house has several dwellings; the address must say which (``zusatz``)."""

    code = "address_not_unique"


@dataclass(frozen=True)
class FreeDwelling:
    """A dwelling nobody is registered for; floor area in square metres."""

    id: UUID
    anschrift: dict[str, str | None]
    wohnflaeche: int | None
    wohnungsgeber_name: str
    wohnungsgeber_anschrift: str


def dwellings_at(*, address: Address) -> list[Dwelling]:
    """All units with exactly this address; without ``zusatz`` all units of the house."""
    rows = Dwelling.objects.select_related("building__street").filter(
        building__street__name=address.get("strasse") or "",
        building__hausnummer=address.get("hausnummer") or "",
        building__postleitzahl=address.get("postleitzahl") or "",
        building__ort=address.get("ort") or "",
    )
    if address.get("zusatz"):
        rows = rows.filter(zusatz=address["zusatz"])
    return list(rows.order_by("zusatz"))


def street_names() -> list[str]:
    """Every street of the municipality by name."""
    return list(Street.objects.order_by("name").values_list("name", flat=True))


def the_dwelling_at(address: Address) -> Dwelling:
    """The one dwelling with this address. Raises ``UnknownAddress``, ``AddressNotUnique``."""
    found = dwellings_at(address=address)
    if not found:
        raise UnknownAddress("the address register has no such address")
    if len(found) > 1:
        raise AddressNotUnique("the house has several dwellings; say which")
    return found[0]


def completed(address: Address) -> dict[str, str | None]:
    """The address as the register spells it, with what was left out, if exactly one house fits; else as it was given.

    Small differences of spelling do not matter: ``koenigstr.`` is the Königstraße.
    """
    said = {name: value for name, value in address.items() if value}
    street = str(said.get("strasse", ""))
    houses = Building.objects.select_related("street").filter(
        hausnummer__iexact=str(said.get("hausnummer", "")).replace(" ", "")
    )
    for field in ("postleitzahl", "ort"):
        houses = houses.filter(**{field: said[field]}) if field in said else houses
    fitting = [house for house in houses if spelled(house.street.name) == spelled(street)] if street else []
    if len(fitting) != 1:
        return dict(address)
    (house,) = fitting
    found = {"strasse": house.street.name, "hausnummer": house.hausnummer}
    return dict(address) | found | {"postleitzahl": house.postleitzahl, "ort": house.ort}


@lru_cache(maxsize=50_000)
def spelled(street: str) -> str:
    """How streets are compared: ``Koenigstr.``, ``Königstraße`` and ``KÖNIG-STRASSE`` are one."""
    plain = unicodedata.normalize("NFC", street).casefold()  # casefold makes ß ss
    for umlaut, letters in (("ä", "ae"), ("ö", "oe"), ("ü", "ue")):
        plain = plain.replace(umlaut, letters)
    bare = "".join(sign for sign in unicodedata.normalize("NFD", plain) if not unicodedata.combining(sign))
    return re.sub(r"\W", "", re.sub(r"str(\.|\b)", "strasse", bare))


def is_at(dwelling: Dwelling, address: Address) -> bool:
    """Completely equal, character by character; ``zusatz`` counts if given, as identity cards leave it out."""
    own = address_of(dwelling)
    fields = ["strasse", "hausnummer", "postleitzahl", "ort"] + (["zusatz"] if address.get("zusatz") else [])
    return all((own[field] or "") == (address.get(field) or "") for field in fields)


def address_of(dwelling: Dwelling, *, ags: str = "") -> dict[str, str | None]:
    """The address with the fields of ``vocabulary.Anschrift``."""
    building = dwelling.building
    return {
        "strasse": building.street.name,
        "hausnummer": building.hausnummer,
        "zusatz": dwelling.zusatz or None,
        "postleitzahl": building.postleitzahl,
        "ort": building.ort,
        "ags": ags,
    }


def registered_persons(*, dwellings: list[Dwelling]) -> int:
    """How many people are registered for these dwellings."""
    return Residence.objects.filter(dwelling__in=dwellings, auszugsdatum__isnull=True).count()


def free_dwellings(*, limit: int = 20, street: str | None = None) -> list[FreeDwelling]:
    """Dwellings with a landlord for which nobody is registered, in the order of the register."""
    lived_in = Residence.objects.filter(dwelling=OuterRef("pk"), auszugsdatum__isnull=True)
    rows = Dwelling.objects.select_related("building__street").filter(~Exists(lived_in), ist_wohnung=True)
    rows = rows.exclude(wohnungsgeber_name="")
    if street is not None:
        rows = rows.filter(building__street__name=street)
    ags = current_municipality().ags
    return [
        FreeDwelling(
            id=row.id,
            anschrift=address_of(row, ags=ags),
            wohnflaeche=row.wohnflaeche,
            wohnungsgeber_name=row.wohnungsgeber_name,
            wohnungsgeber_anschrift=row.wohnungsgeber_anschrift,
        )
        for row in rows.order_by("id")[:limit]
    ]
