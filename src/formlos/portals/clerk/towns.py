"""A municipality as the staff's pages show it."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from formlos.base.tenancy import Municipality


@dataclass(frozen=True)
class DeskTown:
    """``crest``: whether there is one to show."""

    name: str
    slug: str
    office: str
    crest: bool
    demo: bool

    @property
    def initial(self) -> str:
        return self.name[:1]


def desk_town(municipality: Municipality) -> DeskTown:
    head = municipality.settings.get("letterhead", {})
    return DeskTown(
        name=municipality.name,
        slug=municipality.slug,
        office=head.get("office") or _("Meldebehörde"),
        crest=bool(head.get("crest")),
        demo=bool(municipality.settings.get("demo")),
    )
