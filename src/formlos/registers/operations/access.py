"""The access log of § 40 BMG."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from formlos.base import clock
from formlos.base.sources import Context
from formlos.registers.models import AccessLog

AUTOMATIC = "Formlos, automatisiertes Verfahren"


def log_access(
    *,
    residents: Iterable[UUID],
    data: Sequence[str],
    accessor: str,
    purpose: str,
    norm: str,
    case_id: UUID | None = None,
) -> None:
    """Note who read which ``data`` (field names) of which residents, and why (§ 40 Abs. 1 BMG)."""
    AccessLog.objects.bulk_create(
        AccessLog(
            at=clock.now(),
            accessor=accessor,
            purpose=purpose,
            norm=norm,
            case_id=case_id,
            resident_id=resident,
            data=list(data),
        )
        for resident in residents
    )


def log_access_of_case(context: Context, residents: Iterable[UUID], data: Sequence[str]) -> None:
    log_access(
        residents=residents,
        data=data,
        accessor=AUTOMATIC,
        purpose=context.purpose,
        norm=context.norm,
        case_id=context.case_id,
    )
