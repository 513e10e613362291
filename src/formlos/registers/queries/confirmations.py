"""What landlords confirmed, for themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from formlos.registers.code_secrets import landlord_code, landlord_code_hash
from formlos.registers.codes import normalise
from formlos.registers.models import LandlordConfirmation


@dataclass(frozen=True)
class Confirmed:
    """A landlord's code; ``used``: somebody has registered with it."""

    code: str
    used: bool


def confirmed_in(case_ids: Sequence[UUID]) -> dict[UUID, Confirmed]:
    """The codes of those of the cases that confirmed a move and were not undone. Only for the cases' own person."""
    codes = {case_id: landlord_code(case_id) for case_id in case_ids}
    hashes = {landlord_code_hash(normalise(code)): case_id for case_id, code in codes.items()}
    states = LandlordConfirmation.objects.filter(code_hash__in=hashes).values_list("code_hash", "state")
    return {
        hashes[found]: Confirmed(codes[hashes[found]], state == LandlordConfirmation.USED) for found, state in states
    }
