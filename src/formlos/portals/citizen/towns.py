"""A municipality as its pages show it. Reads ``letterhead`` and ``demo`` of its settings, as notices do."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.http import Http404
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from formlos.base.tenancy import Municipality


@dataclass(frozen=True)
class Contact:
    """How to reach a person; every field may be empty."""

    phone: str = ""
    hours: str = ""
    email: str = ""
    place: str = ""

    @property
    def dial(self) -> str:
        return "".join(sign for sign in self.phone if sign.isdigit() or sign == "+")


@dataclass(frozen=True)
class Town:
    """``crest`` is an SVG text or empty."""

    id: UUID
    ags: str
    name: str
    slug: str
    office: str
    crest: str
    demo: bool
    contact: Contact | None

    @property
    def initial(self) -> str:
        return self.name[:1]


def all_towns() -> list[Town]:
    return [town_of(municipality) for municipality in Municipality.objects.order_by("name", "ags")]


def town_or_404(slug: str) -> Town:
    found = Municipality.objects.filter(slug=slug).first()
    if found is None:
        raise Http404(slug)
    return town_of(found)


def town_of(municipality: Municipality) -> Town:
    head = municipality.settings.get("letterhead", {})
    hours = head.get(f"hours_{get_language()}") or head.get("hours", "")
    town = " ".join(filter(None, (head.get("postal_code"), head.get("town"))))
    contact = Contact(
        phone=head.get("phone", ""),
        hours=hours,
        email=head.get("email", ""),
        place=", ".join(filter(None, (head.get("street"), town))),
    )
    return Town(
        id=municipality.id,
        ags=municipality.ags,
        name=municipality.name,
        slug=municipality.slug,
        office=head.get("office") or _("Meldebehörde"),
        crest=head.get("crest", ""),
        demo=bool(municipality.settings.get("demo")),
        contact=contact if contact != Contact() else None,
    )
