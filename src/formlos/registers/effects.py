"""The registers as effects of decisions. An adapter to a Fachverfahren registers the same kinds instead."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from formlos.base.effects import EffectContext, local
from formlos.registers.code_secrets import landlord_code
from formlos.registers.operations import codes, corrections, moves, objections, supplements
from formlos.registers.operations.history import undo
from formlos.registers.queries import addresses
from formlos.registers.values import as_address

Arguments = Mapping[str, Any]
RELEASE_CODE, WITHDRAW_CONFIRMATION = "register.release_code", "register.withdraw_confirmation"
CHANGES = {
    moves.MOVE_IN: (moves.move_in, "register.undo_move_in"),
    moves.MOVE_OUT: (moves.move_out, "register.undo_move_out"),
    supplements.SUPPLEMENT: (supplements.supplement, "register.undo_supplement"),
    objections.SET_OBJECTIONS: (objections.set_objections, "register.undo_objections"),
    corrections.CORRECT: (corrections.correct, "register.undo_correction"),
}
"""Recorded changes: by kind what makes each, and the kind that undoes it exactly."""


def _undo(kind: str, arguments: Arguments, context: EffectContext) -> dict[str, Any]:
    return undo(kind, context, change_id=arguments["outcome"]["change"])


for _kind, (_make, _reverse) in CHANGES.items():
    local(_kind, reverse=_reverse)(_make)
    local(_reverse)(partial(_undo, _reverse))


@local("register.create_address_code")
def create_address_code(arguments: Arguments, context: EffectContext) -> dict[str, Any]:
    """A code for a letter to ``neue_anschrift`` (§ 23a Abs. 3 BMG); nothing when that is not exactly one dwelling or has had too many."""
    found = addresses.dwellings_at(address=as_address(arguments["neue_anschrift"]) or {})
    return codes.create_address_code(case_id=context.case_id, dwelling=found[0]) if len(found) == 1 else {}


local(codes.USE_CODE, reverse=RELEASE_CODE)(codes.use_code)
local(codes.CONFIRM, reverse=WITHDRAW_CONFIRMATION)(codes.confirm)


@local(RELEASE_CODE)
def release_code(arguments: Arguments, context: EffectContext) -> dict[str, Any]:
    return codes.release_code(RELEASE_CODE, context, confirmation_id=arguments["outcome"]["confirmation"])


@local(WITHDRAW_CONFIRMATION)
def withdraw_confirmation(arguments: Arguments, context: EffectContext) -> dict[str, Any]:
    confirmation = arguments["outcome"]["confirmation"]
    return codes.withdraw_confirmation(WITHDRAW_CONFIRMATION, context, confirmation_id=confirmation)


@local("register.dwelling_code")
def dwelling_code(arguments: Arguments, context: EffectContext) -> dict[str, Any]:
    """The code of this case's confirmation, for whoever seals it. Not for an effect of a service: it would be journalled."""
    return {"code": landlord_code(context.case_id)}
