"""Who works here and as what. All in the municipality of the context."""

from __future__ import annotations

from dataclasses import dataclass

from formlos.base.tenancy import current_municipality_id
from formlos.organisation.models import StaffRole
from formlos.organisation.roles import roles_that_include


@dataclass(frozen=True)
class Held:
    """A role that somebody holds."""

    issuer: str
    subject: str
    name: str
    office: str
    role: str


def may(*, issuer: str, subject: str, role: str, office: str | None = None) -> bool:
    """Whether somebody holds the role or one that includes it, in this office or, without one, in any."""
    found = _here().filter(issuer=issuer, subject=subject, role__in=roles_that_include(role))
    return (found.filter(office=office) if office else found).exists()


def roles_of(*, issuer: str, subject: str) -> list[Held]:
    return [_held(row) for row in _here().filter(issuer=issuer, subject=subject)]


def staff() -> list[Held]:
    """Everybody, by office."""
    return [_held(row) for row in _here()]


def _here():  # type: ignore[no-untyped-def]
    rows = StaffRole.objects.filter(municipality_id=current_municipality_id())
    return rows.order_by("office", "role", "name", "subject")


def _held(row: StaffRole) -> Held:
    return Held(row.issuer, row.subject, row.name, row.office, row.role)
