"""From decision to effects, each exactly once, and back again when a decision is reversed.

Effects in our own database commit with the decision. Slow ones are journalled as intended and run
afterwards, each in its own transaction, retried until done.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import DataError, IntegrityError

from formlos.base import clock
from formlos.base.effects import EffectContext, EffectKind, effect_kind
from formlos.base.tenancy import current_municipality
from formlos.cases.representation import addressee
from formlos.cases.state import DONE, FAILED, INTENDED, UNDONE, Effect
from formlos.cases.work import Work


class EffectRefused(Exception):
    """An effect cannot happen as things stand, such as a registration for a dwelling the person already has."""

    def __init__(self, effect: str, reason: Exception) -> None:
        super().__init__(f"{effect}: {reason}")
        self.effect, self.reason = effect, reason


def carry_out(work: Work) -> None:
    """Plan the effects of the decision once; run the local ones now, leave the others intended.

    Raises ``EffectRefused`` when a capability refuses (an exception with a ``code``) or a constraint does; roll
    back then.
    """
    for planned in work.law.effects(work.facts()):
        kind = effect_kind(planned.kind)
        name = planned.key
        arguments = with_remedy(planned.arguments, work)
        entry = {"effect": name, "kind": planned.kind, "arguments": arguments}
        if kind.deferred:
            work.add(INTENDED, entry)
        else:
            work.add(DONE, entry | {"outcome": _run(kind, name, arguments, work)})


def with_remedy(arguments: Mapping[str, Any], work: Work) -> dict[str, Any]:
    """Arguments of an effect; those of an administrative act with what its instruction on remedies rests on."""
    if arguments.get("verwaltungsakt") != "true":
        return dict(arguments)
    service, town = work.service["service"], current_municipality()
    remedy = service.get("remedies", {}).get(town.land, "")
    court = town.settings.get("court", "") if remedy == "klage" else ""
    act = {"procedural_law": service.get("procedural_law", "VwVfG"), "remedy": remedy, "court": court}
    return {**arguments, "act": act, "zeichen": work.case.reference}


def _run(kind: EffectKind, name: str, arguments: dict[str, Any], work: Work) -> dict[str, Any]:
    try:
        return kind.run(arguments, context(work, name))
    except (IntegrityError, DataError) as error:
        raise EffectRefused(name, error) from error
    except Exception as error:
        if not hasattr(error, "code"):
            raise
        raise EffectRefused(name, error) from error


def run_intended(work: Work, effect: Effect) -> None:
    """Run one slow effect in the transaction of ``work``."""
    outcome = effect_kind(effect.kind).run(effect.arguments, context(work, effect.id))
    work.add(DONE, {"effect": effect.id, "outcome": outcome})


def note_failure(work: Work, effect: Effect, error: Exception) -> None:
    work.add(FAILED, {"effect": effect.id, "outcome": {"error": getattr(error, "code", type(error).__name__)}})


def undo(work: Work, *, actor: str, reason: str) -> None:
    """Run the reverse of every effect that was done, last first; what was only intended will never happen."""
    for effect in reversed(list(work.state.effects.values())):
        if effect.state in ("intended", "failed"):
            work.add(UNDONE, {"effect": effect.id, "reversal": {"never_happened": True}}, actor=actor)
        reverse = effect_kind(effect.kind).reverse
        if effect.state != "done" or reverse is None:
            continue
        arguments: dict[str, Any] = {"arguments": effect.arguments, "outcome": effect.outcome, "reason": reason}
        outcome = effect_kind(reverse).run(arguments, context(work, effect.id))
        work.add(UNDONE, {"effect": effect.id, "reversal": outcome}, actor=actor)


def context(work: Work, effect: str) -> EffectContext:
    return EffectContext(
        municipality_id=work.case.municipality_id,
        case_id=work.case.id,
        effect_id=f"{work.case.id}:{effect}",
        now=clock.now(),
        today=clock.today(),
        subject=addressee(work.case),
    )
