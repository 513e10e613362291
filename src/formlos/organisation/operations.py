"""Appoint and dismiss staff, in the municipality of the context."""

from __future__ import annotations

import re

from formlos.base import clock
from formlos.base.tenancy import current_municipality_id, within
from formlos.organisation.models import StaffRole
from formlos.organisation.roles import ROLES

OFFICE = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")


class AppointmentRefused(ValueError):
    """Office, role or person are not such that somebody can be appointed."""

    code = "appointment_refused"


class NotAppointed(LookupError):
    """This person does not hold this role; formlos staff list shows who does."""

    code = "not_appointed"


def appoint(*, issuer: str, subject: str, office: str, role: str, name: str = "") -> None:
    """Give somebody a role in an office; doing so again changes the name only. Raises ``AppointmentRefused``."""
    problems = []
    if role not in ROLES:
        problems.append(f"the role is one of {', '.join(ROLES)}")
    if not OFFICE.fullmatch(office):
        problems.append("the office is a short name of small letters, digits and hyphens, such as buergerbuero")
    if not issuer or not subject or max(len(issuer), len(subject), len(name)) > 200:
        problems.append("issuer and subject are those of the identity provider, at most 200 characters")
    if problems:
        raise AppointmentRefused("; ".join(problems))
    with within():
        StaffRole.objects.update_or_create(
            municipality_id=current_municipality_id(),
            issuer=issuer,
            subject=subject,
            office=office,
            role=role,
            defaults={"name": name},
            create_defaults={"name": name, "since": clock.now()},
        )


def dismiss(*, issuer: str, subject: str, office: str, role: str) -> None:
    """Take the role away, at once: roles are looked up with every page. Raises ``NotAppointed``."""
    with within():
        held = StaffRole.objects.filter(
            municipality_id=current_municipality_id(), issuer=issuer, subject=subject, office=office, role=role
        )
        if not held.delete()[0]:
            raise NotAppointed(f"{subject} of {issuer} is no {role} of {office} here; see: formlos staff list")
