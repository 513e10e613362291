"""What the former authority adds to a person after a move (§ 33 Abs. 2 BMG)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from formlos.base.effects import EffectContext
from formlos.registers.models import Resident
from formlos.registers.operations.history import Recorder, made_before
from formlos.registers.queries.people import known_resident
from formlos.registers.values import as_text, is_given

SUPPLEMENT = "register.supplement"


class UnknownResident(Exception):
    """The register does not know the person that a supplement is about."""

    code = "unknown_resident"


def supplement(arguments: Mapping[str, Any], context: EffectContext) -> dict[str, Any]:
    """Add ``merkmale`` to residents: one mapping for all ``personen``, or one by each person's key.

    Raises ``UnknownResident``.
    """
    if (outcome := made_before(SUPPLEMENT, context)) is not None:
        return outcome
    recorder, supplemented = Recorder(SUPPLEMENT, context), {}
    for person in arguments["personen"]:
        resident = _resident(person)
        key = as_text(person.get("key")) if isinstance(person, Mapping) else as_text(person)
        merkmale = _own(arguments["merkmale"], key)
        recorder.update(resident, merkmale=resident.merkmale | merkmale)
        supplemented[key] = str(resident.id)
    return recorder.close({"residents": supplemented})


def _resident(person: Any) -> Resident:
    described = person if isinstance(person, Mapping) else {"key": person}
    resident = known_resident(described)
    if resident is None:
        raise UnknownResident(f"no resident for {as_text(described.get('key'))}")
    return resident


def _own(merkmale: Any, key: str) -> dict[str, Any]:
    if isinstance(merkmale, list):
        merkmale = {as_text(item["key"]): item for item in merkmale}
    own = merkmale.get(key, merkmale)
    return {name: value for name, value in own.items() if name != "key" and is_given(value)}
