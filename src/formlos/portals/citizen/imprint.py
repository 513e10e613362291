"""Who answers for a town's pages (§ 5 Abs. 1 DDG), from its letterhead. What the operator has not entered is missing."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from formlos.base.tenancy import Municipality


@dataclass(frozen=True)
class Imprint:
    """``lines``: label and value; an empty value is missing. ``missing``: keys of ``letterhead`` that nobody entered."""

    lines: list[tuple[str, str]]
    email: str
    missing: list[str]


def imprint_of(municipality: Municipality) -> Imprint:
    """``letterhead`` may hold ``name``, ``street``, ``postal_code``, ``town``, ``representative``, ``phone``, ``email``
    and, where there is one, ``vat_id``.
    """
    head = municipality.settings.get("letterhead", {})
    place = " ".join(filter(None, (head.get("postal_code"), head.get("town"))))
    is_whole = head.get("street") and head.get("postal_code") and head.get("town")
    lines = [
        (_("Name"), head.get("name") or municipality.name),
        (_("Anschrift"), f"{head['street']}, {place}" if is_whole else ""),
        (_("Rechtsform"), _("Körperschaft des öffentlichen Rechts")),
        (_("Vertreten durch"), head.get("representative", "")),
        (_("Telefon"), head.get("phone", "")),
    ]
    if head.get("vat_id"):
        lines.append((_("Umsatzsteuer-Identifikationsnummer"), head["vat_id"]))
    needed = ("street", "postal_code", "town", "representative", "phone", "email")
    return Imprint(lines, head.get("email", ""), [key for key in needed if not head.get(key)])
