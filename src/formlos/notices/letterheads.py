"""How a municipality appears on paper."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings as node

from formlos.base.tenancy import current_municipality

CONTACT = (("Telefon", "phone"), ("E-Mail", "email"), ("Internet", "web"), ("Öffnung", "hours"))


@dataclass(frozen=True)
class Letterhead:
    """``contact`` holds pairs of label and value; ``verify_at`` an address to read and type; ``crest`` an SVG text."""

    municipality: str
    office: str = "Meldebehörde"
    sender: str = ""
    contact: tuple[tuple[str, str], ...] = ()
    verify_at: str = ""
    crest: str | None = None
    demo: bool = False


def own_letterhead() -> Letterhead:
    """The letterhead of the municipality of the context."""
    municipality = current_municipality()
    verify_at = f"{node.PUBLIC_URL.partition('://')[2]}/pruefen"
    demo = node.DEMO
    return letterhead_of(name=municipality.name, settings=municipality.settings, verify_at=verify_at, demo=demo)


def letterhead_of(*, name: str, settings: Mapping[str, Any], verify_at: str = "", demo: bool = False) -> Letterhead:
    """Letterhead from a municipality's settings: its ``demo`` and its ``letterhead``.

    The latter may hold ``name``, ``office``, ``street``, ``postal_code``, ``town``, ``phone``, ``email``,
    ``web``, ``hours`` and ``crest`` (an SVG text); pages read ``hours_en`` and the like in other languages, the imprint
    ``representative`` and ``vat_id``.
    """
    head = settings.get("letterhead", {})
    municipality, office = head.get("name", name), head.get("office", "Meldebehörde")
    place = " ".join(filter(None, (head.get("postal_code"), head.get("town"))))
    address = [part for part in (head.get("street"), place) if part]
    return Letterhead(
        municipality=municipality,
        office=office,
        sender=" · ".join([municipality, *address]),
        contact=tuple((label, head[key]) for label, key in CONTACT if head.get(key)),
        verify_at=verify_at,
        crest=head.get("crest") or None,
        demo=demo or bool(settings.get("demo")),
    )
