"""A wrong entry is put right: one field of a resident, or the day or the dwelling of a move (§ 6 Abs. 1 Satz 1 BMG).

NOT COVERED: sex, nationality, marital status, religion, numbers and bars; a clerk corrects them in the register itself,
because other authorities decide them. A landlord's code that was used stays used for the dwelling it named.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from formlos.base.effects import EffectContext
from formlos.registers.models import FormerVersion, Residence, Resident
from formlos.registers.operations.history import Recorder, RegisterHasMovedOn, made_before
from formlos.registers.operations.moves import MoveTooEarly
from formlos.registers.operations.persons import NAMES, searchable
from formlos.registers.operations.supplements import UnknownResident
from formlos.registers.queries.addresses import the_dwelling_at
from formlos.registers.values import as_address, as_date, as_text, as_texts, as_uuid
from formlos.vocabulary import check_name

CORRECT = "register.correct"
NEVER_EMPTY = ("familienname", "vornamen")
TEXTS = (*NAMES, "doktorgrad", "geburtsort")
Arguments = Mapping[str, Any]


class NotCorrectable(Exception):
    """The platform does not change this entry, or not to this value."""

    code = "not_correctable"


def correct(arguments: Arguments, context: EffectContext) -> dict[str, Any]:
    """``arguments``: ``feld``; ``einwohner`` (id) for a field of a person, ``eintragungen`` (ids of the changes that
    registered the move) for its day or dwelling; the right value as ``text``, ``tag`` or ``richtige_anschrift``.

    Returns the ids of the residents. Raises ``NotCorrectable``, ``UnknownResident``, ``UnknownAddress``,
    ``AddressNotUnique``, ``MoveTooEarly``, ``RegisterHasMovedOn`` and ``NameNotAllowed``.
    """
    if (outcome := made_before(CORRECT, context)) is not None:
        return outcome
    recorder, field = Recorder(CORRECT, context), as_text(arguments["feld"])
    if field == "einzugsdatum":
        residents = _move_day(recorder, arguments, context.today)
    elif field == "neue_anschrift":
        residents = _dwelling(recorder, arguments)
    else:
        residents = [_person(recorder, field, arguments, context.today)]
    return recorder.close({"residents": sorted(residents), "field": field})


def _person(recorder: Recorder, field: str, arguments: Arguments, today: date) -> str:
    key = as_uuid(arguments["einwohner"])
    resident = Resident.objects.select_related("change").select_for_update(of=("self",)).filter(id=key).first()
    if resident is None:
        raise UnknownResident("the case registered nobody whom this entry is about")
    if field == "geburtsdatum":
        recorder.update(resident, geburtsdatum=_day(arguments, latest=today))
    elif field in TEXTS:
        text = as_text(arguments["text"])
        if not text and field in NEVER_EMPTY:
            raise NotCorrectable(f"{field} is never empty")
        values = {field: check_name(text) if text and field in NAMES else text}
        names = {name: values.get(name, getattr(resident, name)) for name in NAMES}
        recorder.update(resident, **values, suchform=searchable(**names))
    else:
        raise NotCorrectable(f"{field} is corrected by hand")
    return str(resident.id)


def _move_day(recorder: Recorder, arguments: Arguments, today: date) -> list[str]:
    """The day of the move, and the end of the dwelling before where that was the same day."""
    day, (begun, ended) = _day(arguments, latest=today), _residences(arguments)
    old = {row.resident_id: row.einzugsdatum for row in begun}
    for row in ended:
        if row.auszugsdatum == old.get(row.resident_id):
            if day < row.einzugsdatum:
                raise MoveTooEarly(f"residence {row.id} began on {row.einzugsdatum}, after {day}")
            recorder.update(row, auszugsdatum=day)
    for row in begun:
        recorder.update(row, einzugsdatum=day)
    return [str(key) for key in old]


def _dwelling(recorder: Recorder, arguments: Arguments) -> list[str]:
    address = as_address(arguments["richtige_anschrift"])
    if address is None:
        raise NotCorrectable("no address was given")
    dwelling, (begun, ended) = the_dwelling_at(address), _residences(arguments)
    if not dwelling.ist_wohnung:
        raise NotCorrectable("nobody can live there (§ 20 BMG)")
    for row in ended:
        if row.wegzug_nach is not None:
            recorder.update(row, wegzug_nach=address)
    for row in begun:
        recorder.update(row, dwelling=dwelling)
    return [str(row.resident_id) for row in begun]


def _residences(arguments: Arguments) -> tuple[list[Residence], list[Residence]]:
    """The dwellings in this town that a move began, and those that it ended. Raises ``RegisterHasMovedOn``."""
    changes = [key for text in as_texts(arguments["eintragungen"]) if (key := as_uuid(text))]
    versions = FormerVersion.objects.filter(change__in=changes, table="residence")
    began = {version.record_id: version.values is None for version in versions}
    rows = list(
        Residence.objects.select_related("change", "dwelling__building__street")
        .filter(id__in=began)
        .order_by("id")
        .select_for_update(of=("self",))
    )
    begun = [row for row in rows if began[row.id] and row.dwelling_id]
    if not begun or len(rows) != len(began):
        raise RegisterHasMovedOn("the entries of this move are no longer in the register")
    return begun, [row for row in rows if not began[row.id] and row.auszugsdatum]


def _day(arguments: Arguments, *, latest: date) -> date:
    day = as_date(arguments["tag"])
    if day is None or day > latest:
        raise NotCorrectable("the right day is given, and not in the future")
    return day
