"""Objections to transmissions, set and taken back by the person with effect from a day (§ 42 Abs. 3, § 50 Abs. 5 BMG)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from formlos.base.effects import EffectContext
from formlos.registers.models import Lock, Resident
from formlos.registers.operations.history import Recorder, made_before
from formlos.registers.operations.persons import UnknownObjection, object_to_transmissions
from formlos.registers.operations.supplements import UnknownResident
from formlos.registers.values import as_date, as_text, as_texts, as_uuid

SET_OBJECTIONS = "register.set_objections"
TAKE_BACK = "aufheben"


def set_objections(arguments: Mapping[str, Any], context: EffectContext) -> dict[str, Any]:
    """``arguments``: ``resident``, ``vorhaben`` (object or take back), ``sperren`` (kinds), ``wirksam_ab``.

    Raises ``UnknownResident``, ``UnknownObjection``.
    """
    if (outcome := made_before(SET_OBJECTIONS, context)) is not None:
        return outcome
    key = as_uuid(arguments["resident"])
    resident = Resident.objects.select_related("change").filter(id=key).first() if key else None
    if resident is None:
        raise UnknownResident(f"no resident {as_text(arguments['resident'])}")
    kinds, day = as_texts(arguments["sperren"]), as_date(arguments["wirksam_ab"]) or context.today
    recorder = Recorder(SET_OBJECTIONS, context)
    if as_text(arguments["vorhaben"]) == TAKE_BACK:
        _take_back(recorder, resident, kinds, day)
    else:
        object_to_transmissions(recorder, [resident], kinds, since=day)
    return recorder.close({"resident": str(resident.id), "kinds": list(kinds), "from": day.isoformat()})


def _take_back(recorder: Recorder, resident: Resident, kinds: list[str], day: date) -> None:
    """The objection ends on the day; what the person never objected to needs no end."""
    if unknown := [kind for kind in kinds if kind not in Lock.OBJECTIONS]:
        raise UnknownObjection(f"no objection is called {', '.join(unknown)}")
    for lock in Lock.objects.select_related("change").filter(resident=resident, kind__in=kinds):
        if lock.until is None or lock.until > day:
            recorder.update(lock, until=day)
