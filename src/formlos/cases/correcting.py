"""What a person says is wrong in a decided case, as the register and other offices have it: so that it can be put right."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from formlos.cases.state import Effect
from formlos.cases.trail import APPLICANT
from formlos.cases.work import Work

MOVE_IN, MESSAGE, LETTER = "register.move_in", "message.send", "rueckmeldung"
MOVE = ("einzugsdatum", "neue_anschrift")
PERSON = ("familienname", "geburtsname", "vornamen", "rufname", "doktorgrad", "geburtsdatum", "geburtsort")
OTHER = "anderes"


def entry_of(work: Work, path: str) -> dict[str, Any]:
    """Facts for the service of correction, in JSON form: ``feld`` of the register that the fact at ``path`` was entered
    in, ``einwohner`` whose field it is, ``eintragungen`` (changes) of the move, ``stellen`` that got it from this case.

    ``feld`` is ``anderes`` for what the case did not enter, or what only a clerk may change.
    """
    moves = [effect for effect in _done(work) if effect.kind == MOVE_IN]
    field = _field(path)
    person = _person(moves, path, field, work.state.facts[path].value) if path in work.state.facts else None
    known = bool(moves) and (field in MOVE or (field in PERSON and person is not None))
    return {
        "feld": field if known else OTHER,
        "einwohner": person if known and field in PERSON else None,
        "eintragungen": {"keys": [effect.outcome["change"] for effect in moves if known], "complete": True},
        "stellen": _offices(work, path),
    }


def _field(path: str) -> str:
    parts = path.split("/")
    if parts[0] in MOVE:
        return parts[0]
    return parts[-1] if len(parts) != 2 else OTHER


def _person(moves: list[Effect], path: str, field: str, value: Any) -> str | None:
    """The resident whose field was entered with this value: a member of a list by its key, otherwise who registered."""
    parts = path.split("/")
    for effect in moves:
        for person in effect.arguments["personen"]:
            meant = person["key"] == parts[1] if len(parts) == 3 else person.get("rolle") == APPLICANT
            if meant and person.get(field) == value:
                resident: str | None = effect.outcome["residents"].get(person["key"])
                return resident
    return None


def _offices(work: Work, path: str) -> list[dict[str, str]]:
    """Each registration authority once that was sent this fact by message or by letter, by the name of its town."""
    names: dict[str, None] = {}
    for effect in _done(work):
        is_letter = effect.kind == "notice.issue" and effect.arguments.get("layout") == LETTER
        if (effect.kind == MESSAGE or is_letter) and _tells(effect.arguments, path):
            names[_town(effect.arguments)] = None
    return [{"key": str(number), "name": name} for number, name in enumerate(names, start=1)]


def _town(arguments: Mapping[str, Any]) -> str:
    former = arguments.get("bisherige_anschrift") or {}
    return str(arguments.get("behoerde") or former.get("ort") or arguments["to"])


def _tells(arguments: Mapping[str, Any], path: str) -> bool:
    """Whether a fact, or a member's field, is among what was sent."""
    parts = path.split("/")
    if len(parts) < 3:
        return parts[0] in arguments or any(parts[0] in one for one in _persons(arguments))
    return any(one.get("key", parts[1]) == parts[1] and parts[2] in one for one in _persons(arguments))


def _persons(arguments: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for value in arguments.values():
        if isinstance(value, list):
            yield from (one for one in value if isinstance(one, Mapping))


def _done(work: Work) -> list[Effect]:
    return [effect for effect in work.state.effects.values() if effect.state == "done"]
