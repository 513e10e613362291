"""Adapters for the effects of a decision: a notice is issued after it commits, and revoked when it is undone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from formlos.base import effects, people
from formlos.base.effects import EffectContext
from formlos.notices import operations


@people.on_told
def told(occasion: str, at: datetime) -> None:
    """The message has left that a notice can be retrieved."""
    if occasion.startswith(operations.OCCASION):
        operations.note_told(notice_id=UUID(occasion.removeprefix(operations.OCCASION)), at=at)


@effects.deferred("notice.receipt")
def receipt(arguments: Mapping[str, Any], context: EffectContext) -> dict[str, Any]:
    """Like ``notice.issue``, but of something that has happened and is never taken back."""
    return issue(arguments, context)


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
        subject=context.subject,
    )
    return {"notice": str(notice.id), "digest": notice.digest}


@effects.local("notice.revoke")
def revoke(arguments: Mapping[str, Any], context: EffectContext) -> dict[str, Any]:
    """``arguments``: ``outcome`` of the issue, and the ``reason``."""
    notice_id = UUID(arguments["outcome"]["notice"])
    notice = operations.revoke(notice_id=notice_id, reason=arguments.get("reason", ""), at=context.now)
    return {"notice": str(notice.id), "digest": notice.digest}
