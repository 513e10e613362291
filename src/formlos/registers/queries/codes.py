"""Code letters that wait for the post."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from formlos.registers.code_secrets import letter_code
from formlos.registers.models import AddressCode
from formlos.registers.queries.addresses import address_of


@dataclass(frozen=True)
class Letter:
    """What has to be printed: envelope, code, and until when it is valid."""

    id: UUID
    case_id: UUID
    empfaenger: str
    anschrift: dict[str, str | None]
    code: str
    valid_until: date


def letters_to_post() -> list[Letter]:
    """Letters ordered and not posted, the oldest first. Printing them twice gives the same code."""
    rows = AddressCode.objects.select_related("dwelling__building__street").filter(posted_at__isnull=True)
    return [
        Letter(row.id, row.case_id, row.empfaenger, address_of(row.dwelling), letter_code(row.id), row.valid_until)
        for row in rows.order_by("created_at", "id")
    ]
