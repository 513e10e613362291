"""Adapters for the effects of a decision: a notice is issued after it commits, and revoked when it is undone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from formlos.base import effects
from formlos.base.effects import EffectContext
from formlos.notices import operations


@effects.deferred("notice.issue", reverse="notice.revoke")
def issue(arguments: Mapping[str, Any], context: EffectContext) -> dict[str, Any]:
    """``arguments``: ``layout`` and what its contents are cut from."""
    notice = operations.issue(
        case_id=context.case_id,
        effect_id=context.effect_id,
        layout=arguments["layout"],
        arguments=arguments,
        at=context.now,
        written_on=context.today,
    )
    return {"notice": str(notice.id), "digest": notice.digest}


@effects.local("notice.revoke")
def revoke(arguments: Mapping[str, Any], context: EffectContext) -> dict[str, Any]:
    """``arguments``: ``outcome`` of the issue, and the ``reason``."""
    notice_id = UUID(arguments["outcome"]["notice"])
    notice = operations.revoke(notice_id=notice_id, reason=arguments.get("reason", ""), at=context.now)
    return {"notice": str(notice.id), "digest": notice.digest}
