"""The code letter (§ 23a Abs. 3 BMG): posted to the new address, its code proves that the person lives there;
and the document with the landlord's code (§ 19 Abs. 4 BMG), which is handed on to whoever moves in.

The register keeps only a hash of the code; the letter goes to the print queue. The journal sees neither.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from formlos.base.effects import EffectContext, deferred, effect_kind
from formlos.base.sources import Answer, Context


def post(inputs: Mapping[str, Any], context: Context) -> Answer:
    """Source kind ``letter``: create a code for the address, post the letter, say that it was posted."""
    effect = EffectContext(
        municipality_id=context.municipality_id,
        case_id=context.case_id,
        effect_id=f"{context.case_id}:codebrief:{context.now.isoformat()}",
        now=context.now,
        today=context.today,
    )
    created = effect_kind("register.create_address_code").run(inputs, effect)
    if not created:
        return Answer("answered", {"codebrief_ist_versandt": False}, supplier="Post")
    if created["is_new"]:
        letter = {"layout": "codebrief", "code": created["code"], "gueltig_bis": created["gueltig_bis"], **inputs}
        effect_kind("notice.issue").run(letter, effect)
    return Answer("answered", {"codebrief_ist_versandt": True}, supplier="Post")


@deferred("notice.dwelling_code", reverse="notice.revoke")
def seal_landlords_code(arguments: Mapping[str, Any], context: EffectContext) -> dict[str, Any]:
    """Seal the landlord's confirmation with its code; ``arguments`` are what § 19 Abs. 3 BMG lets it say."""
    secret = effect_kind("register.dwelling_code").run(arguments, context)
    letter = {"layout": "wohnungsgeberbestaetigung", **arguments, **secret}
    return effect_kind("notice.issue").run(letter, context)
