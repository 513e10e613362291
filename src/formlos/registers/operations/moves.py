"""Moving in and out: what a registration and a Rückmeldung write."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from formlos.base.effects import EffectContext
from formlos.registers.models import Dwelling, Residence, Resident
from formlos.registers.models.residents import MAIN
from formlos.registers.operations.history import Recorder, made_before
from formlos.registers.operations.persons import object_to_transmissions, register_person, relate_family
from formlos.registers.queries.addresses import is_at, the_dwelling_at
from formlos.registers.queries.people import known_residents
from formlos.registers.values import as_address, as_date, as_text, as_texts, is_given

Address = dict[str, str | None]
MOVE_IN, MOVE_OUT = "register.move_in", "register.move_out"


class AlreadyRegistered(Exception):
    """The person is registered for this dwelling; a second entry would be a double registration."""

    code = "already_registered"


class MoveTooEarly(Exception):
    """The move lies before the one the register knows as the last."""

    code = "move_too_early"


class NobodyMoves(Exception):
    """No person was named."""

    code = "nobody_moves"


class UnknownStatus(Exception):
    """A dwelling is ``alleinige``, ``haupt`` or ``neben`` (§ 21 BMG)."""

    code = "unknown_status"


@dataclass(frozen=True)
class Move:
    """One move into a dwelling of this municipality, common to everyone who moves together."""

    dwelling: Dwelling
    address: Address
    status: str
    moved_in: date
    moved_out: date
    registered: date
    came_from: Address | None


def move_in(arguments: Mapping[str, Any], context: EffectContext) -> dict[str, Any]:
    """Register people for a dwelling, new ones and those the register knows, and end where they lived.

    Returns the residents by the persons' keys and which of them are new. Raises ``UnknownAddress``,
    ``AddressNotUnique``, ``AlreadyRegistered``, ``MoveTooEarly``, ``PersonNotUnique``, ``NobodyMoves``.
    """
    if (outcome := made_before(MOVE_IN, context)) is not None:
        return outcome
    move, persons = _move(arguments, context), arguments["personen"]
    if not persons:
        raise NobodyMoves("a registration names at least one person")
    recorder = Recorder(MOVE_IN, context)
    known = known_residents(persons)
    residents = [register_person(recorder, person, resident) for person, resident in zip(persons, known, strict=True)]
    for resident, before in zip(residents, known, strict=True):
        _settle(recorder, resident, move, is_new=before is None)
    relate_family(recorder, list(zip(persons, residents, strict=True)))
    objections = as_texts(arguments.get("uebermittlungssperren"))
    object_to_transmissions(recorder, residents, objections, since=context.today)
    return recorder.close(
        {
            "residents": {_key(person): str(resident.id) for person, resident in zip(persons, residents, strict=True)},
            "new": [_key(person) for person, before in zip(persons, known, strict=True) if before is None],
            "dwelling": str(move.dwelling.id),
        }
    )


def move_out(arguments: Mapping[str, Any], context: EffectContext) -> dict[str, Any]:
    """End people's residence at ``bisherige_anschrift``, or their main one if none is named.

    People are named by ``residents`` (ids) or described by ``personen``. Whoever is not registered there is
    returned in ``not_registered``, a matter for the evaluation of the Rückmeldung. Of people who had left for an
    unknown place, that place is noted. Raises ``MoveTooEarly``.
    """
    if (outcome := made_before(MOVE_OUT, context)) is not None:
        return outcome
    recorder, moved_out, missing = Recorder(MOVE_OUT, context), {}, []
    day = as_date(arguments.get("auszugsdatum")) or context.today
    old, new = as_address(arguments.get("bisherige_anschrift")), as_address(arguments.get("neue_anschrift"))
    for key, resident in _leaving(arguments):
        if resident and _leave(recorder, resident, day, old, new):
            moved_out[key] = str(resident.id)
        else:
            missing.append(key)
    return recorder.close({"residents": moved_out, "not_registered": missing})


def _move(arguments: Mapping[str, Any], context: EffectContext) -> Move:
    moved_in = as_date(arguments["einzugsdatum"])
    address = as_address(arguments["anschrift"])
    status = as_text(arguments.get("wohnungsstatus")) or "alleinige"
    if status not in (*MAIN, "neben"):
        raise UnknownStatus(f"{status!r} is no kind of dwelling")
    assert moved_in is not None and address is not None
    return Move(
        dwelling=the_dwelling_at(address),
        address=address,
        status=status,
        moved_in=moved_in,
        moved_out=as_date(arguments.get("auszugsdatum")) or moved_in,
        registered=as_date(arguments.get("meldedatum")) or context.today,
        came_from=as_address(arguments.get("bisherige_anschrift")),
    )


def _settle(recorder: Recorder, resident: Resident, move: Move, *, is_new: bool) -> None:
    current = [] if is_new else _residences(resident, auszugsdatum__isnull=True)
    if any(residence.dwelling_id == move.dwelling.id for residence in current):
        raise AlreadyRegistered(f"resident {resident.id} is registered for dwelling {move.dwelling.id}")
    others = _rearrange(recorder, current, move)
    if move.status != "alleinige" and not others and move.came_from:
        recorder.add(_elsewhere(resident, move))
    recorder.add(
        Residence(
            resident=resident,
            dwelling=move.dwelling,
            status=move.status,
            einzugsdatum=move.moved_in,
            anmeldedatum=move.registered,
            zuzug_von=move.came_from,
        )
    )


def _rearrange(recorder: Recorder, current: list[Residence], move: Move) -> bool:
    """Bring the present dwellings in line with the new one; tells whether one of them stays (§ 21 BMG).

    An only dwelling ends all others. A main dwelling replaces the former main one, which stays as a secondary
    one if there is no other. A secondary dwelling leaves the main one.
    """
    main = [residence for residence in current if residence.status in MAIN]
    secondary = [residence for residence in current if residence.status == "neben"]
    if move.status == "neben":
        for residence in main:
            recorder.update(residence, status="haupt")
        return bool(main)
    if move.status == "haupt" and not secondary:
        for residence in main:
            recorder.update(residence, status="neben")
        return bool(main)
    for residence in main if move.status == "haupt" else current:
        _end(recorder, residence, move.moved_out, move.address)
    return move.status == "haupt"


def _elsewhere(resident: Resident, move: Move) -> Residence:
    """The dwelling in another municipality that makes this one main or secondary."""
    return Residence(
        resident=resident,
        anderswo=move.came_from,
        status="neben" if move.status == "haupt" else "haupt",
        einzugsdatum=move.moved_in,
        anmeldedatum=move.registered,
    )


def _end(recorder: Recorder, residence: Residence, day: date, new: Address | None) -> None:
    if day < residence.einzugsdatum:
        raise MoveTooEarly(f"residence {residence.id} began on {residence.einzugsdatum}, after {day}")
    recorder.update(residence, auszugsdatum=day, wegzug_nach=new)


def _leave(recorder: Recorder, resident: Resident, day: date, old: Address | None, new: Address | None) -> bool:
    """End the dwelling that is left, and what is noted elsewhere unless a dwelling here stays."""
    current = _residences(resident, auszugsdatum__isnull=True)
    left = [residence for residence in current if _is_left(residence, old)]
    stays = any(residence.dwelling_id for residence in current if residence not in left)
    for residence in current if left and not stays else left:
        _end(recorder, residence, day, new)
    lost = [residence for residence in _residences(resident, nach_unbekannt=True) if _is_left(residence, old)]
    for residence in lost:
        recorder.update(residence, wegzug_nach=new, nach_unbekannt=False)
    return bool(left or lost)


def _residences(resident: Resident, **which: Any) -> list[Residence]:
    rows = Residence.objects.select_related("change", "dwelling__building__street").filter(resident=resident, **which)
    return list(rows.order_by("id").select_for_update(of=("self",)))


def _is_left(residence: Residence, old: Address | None) -> bool:
    if residence.dwelling is None:
        return False
    return is_at(residence.dwelling, old) if old else residence.status in MAIN


def _leaving(arguments: Mapping[str, Any]) -> list[tuple[str, Resident | None]]:
    if is_given(arguments.get("personen")):
        persons = arguments["personen"]
        return list(zip(map(_key, persons), known_residents(persons), strict=True))
    ids = as_texts(arguments.get("residents"))
    found = Resident.objects.select_related("change").in_bulk(ids)
    return [(key, next((row for pk, row in found.items() if str(pk) == key), None)) for key in ids]


def _key(person: Mapping[str, Any]) -> str:
    return as_text(person.get("key")) or f"{as_text(person['vornamen'])} {as_text(person['familienname'])}"
