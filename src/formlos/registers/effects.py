"""The registers as effects of decisions. An adapter to a Fachverfahren registers the same kinds instead."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from formlos.base.effects import EffectContext, local
from formlos.registers.code_secrets import landlord_code
from formlos.registers.operations import codes, corrections, moves, objections, supplements
from formlos.registers.operations.history import undo
from formlos.registers.queries import addresses
from formlos.registers.values import as_address

Arguments = Mapping[str, Any]
UNDO_MOVE_IN, UNDO_MOVE_OUT = "register.undo_move_in", "register.undo_move_out"
UNDO_OBJECTIONS, UNDO_CORRECTION = "register.undo_objections", "register.undo_correction"
UNDO_SUPPLEMENT, RELEASE_CODE = "register.undo_supplement", "register.release_code"
WITHDRAW_CONFIRMATION = "register.withdraw_confirmation"


@local(moves.MOVE_IN, reverse=UNDO_MOVE_IN)
def move_in(arguments: Arguments, context: EffectContext) -> dict[str, Any]:
    return moves.move_in(arguments, context)


@local(UNDO_MOVE_IN)
def undo_move_in(arguments: Arguments, context: EffectContext) -> dict[str, Any]:
    return undo(UNDO_MOVE_IN, context, change_id=arguments["outcome"]["change"])


@local(moves.MOVE_OUT, reverse=UNDO_MOVE_OUT)
def move_out(arguments: Arguments, context: EffectContext) -> dict[str, Any]:
    return moves.move_out(arguments, context)


@local(UNDO_MOVE_OUT)
def undo_move_out(arguments: Arguments, context: EffectContext) -> dict[str, Any]:
    return undo(UNDO_MOVE_OUT, context, change_id=arguments["outcome"]["change"])


@local(supplements.SUPPLEMENT, reverse=UNDO_SUPPLEMENT)
def supplement(arguments: Arguments, context: EffectContext) -> dict[str, Any]:
    return supplements.supplement(arguments, context)


@local(UNDO_SUPPLEMENT)
def undo_supplement(arguments: Arguments, context: EffectContext) -> dict[str, Any]:
    return undo(UNDO_SUPPLEMENT, context, change_id=arguments["outcome"]["change"])


@local(objections.SET_OBJECTIONS, reverse=UNDO_OBJECTIONS)
def set_objections(arguments: Arguments, context: EffectContext) -> dict[str, Any]:
    return objections.set_objections(arguments, context)


@local(UNDO_OBJECTIONS)
def undo_objections(arguments: Arguments, context: EffectContext) -> dict[str, Any]:
    return undo(UNDO_OBJECTIONS, context, change_id=arguments["outcome"]["change"])


@local(corrections.CORRECT, reverse=UNDO_CORRECTION)
def correct(arguments: Arguments, context: EffectContext) -> dict[str, Any]:
    return corrections.correct(arguments, context)


@local(UNDO_CORRECTION)
def undo_correction(arguments: Arguments, context: EffectContext) -> dict[str, Any]:
    return undo(UNDO_CORRECTION, context, change_id=arguments["outcome"]["change"])


@local("register.create_address_code")
def create_address_code(arguments: Arguments, context: EffectContext) -> dict[str, Any]:
    """A code for a letter to ``neue_anschrift`` (§ 23a Abs. 3 BMG); nothing when that is not exactly one dwelling or has had too many."""
    found = addresses.dwellings_at(address=as_address(arguments["neue_anschrift"]) or {})
    return codes.create_address_code(case_id=context.case_id, dwelling=found[0]) if len(found) == 1 else {}


@local(codes.USE_CODE, reverse=RELEASE_CODE)
def use_code(arguments: Arguments, context: EffectContext) -> dict[str, Any]:
    return codes.use_code(arguments, context)


@local(RELEASE_CODE)
def release_code(arguments: Arguments, context: EffectContext) -> dict[str, Any]:
    return codes.release_code(RELEASE_CODE, context, confirmation_id=arguments["outcome"]["confirmation"])


@local(codes.CONFIRM, reverse=WITHDRAW_CONFIRMATION)
def confirm_dwelling(arguments: Arguments, context: EffectContext) -> dict[str, Any]:
    return codes.confirm(arguments, context)


@local(WITHDRAW_CONFIRMATION)
def withdraw_confirmation(arguments: Arguments, context: EffectContext) -> dict[str, Any]:
    confirmation = arguments["outcome"]["confirmation"]
    return codes.withdraw_confirmation(WITHDRAW_CONFIRMATION, context, confirmation_id=confirmation)


@local("register.dwelling_code")
def dwelling_code(arguments: Arguments, context: EffectContext) -> dict[str, Any]:
    """The code of this case's confirmation, for whoever seals it. Not for an effect of a service: it would be journalled."""
    return {"code": landlord_code(context.case_id)}
