"""Reads `params.yaml`: dated amounts and deadlines with their sources, and the calendars they name."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from formlos.law.errors import LawError
from formlos.law.service.place import Place
from formlos.law.types import Type, decode, encode
from formlos.law.yamltext import read_mapping

KINDS = ("days", "int", "decimal", "bool", "text", "date", "dates")


def read_params(entries: Mapping[str, Any], key_date: str, place: Place) -> dict[str, Any]:
    """Return the parameters as document data, versions in order of time. Raises LawError for gaps and overlaps."""
    found = {}
    for name, given in entries.items():
        entry = dict(place.mapping(given, name))
        kind = _type(name, entry, place)
        data: dict[str, Any] = {"type": kind.to_data(), "key_date": entry.get("key_date", key_date)}
        if "calendar" in entry:
            if kind.kind != "dates":
                place.refuse("type", f"{name}: a calendar is a parameter of type dates", name)
            data["calendar"] = entry["calendar"]
        data["values"] = _versions(name, entry, kind, place)
        if "local" in entry:
            limits = place.mapping(entry["local"], name)
            data["local"] = {key: _value(name, limits[key], kind, place) for key in ("min", "max") if key in limits}
        found[name] = data
    return found


def _type(name: str, entry: Mapping[str, Any], place: Place) -> Type:
    kind = str(entry.get("type", ""))
    if kind in KINDS:
        return Type(kind)
    item = kind.removeprefix("table of ")
    if item == kind or item not in KINDS:
        place.refuse("type", f"{name}: {kind!r} is no type of a parameter", name)
    return Type("table", item=Type(item), keys=str(entry.get("keys", "text")))


def _versions(name: str, entry: Mapping[str, Any], kind: Type, place: Place) -> list[dict[str, Any]]:
    versions = []
    for given in entry.get("values", []):
        version = dict(place.mapping(given, name))
        for key in ("since", "until"):
            version[key] = _day(name, version[key], place) if key in version else None
        if "value" not in version:
            place.refuse("missing", f"{name}: a version has no value", name)
        version["value"] = _value(name, version["value"], kind, place)
        versions.append(version)
    if not versions and "calendar" not in entry:
        place.refuse("missing", f"{name} has no values", name)
    versions.sort(key=lambda version: version["since"] or "")
    try:
        check_periods(name, versions)
    except LawError as error:
        place.refuse(error.code, error.reason, name)
    return versions


def _day(name: str, text: Any, place: Place) -> str:
    try:
        return date.fromisoformat(str(text)).isoformat()
    except ValueError:
        place.refuse("value", f"{name}: {text!r} is no date", name)


def _value(name: str, given: Any, kind: Type, place: Place) -> Any:
    try:
        return encode(decode(kind, given))
    except (ValueError, AttributeError, TypeError) as error:
        place.refuse("value", f"{name}: {error}", name)


def check_periods(name: str, versions: list[dict[str, Any]]) -> None:
    """Refuse versions (sorted by `since`) that overlap or leave a gap. Raises LawError (`overlap`, `gap`)."""
    for earlier, later in zip(versions, versions[1:], strict=False):
        if later["since"] is None or later["since"] == earlier["since"]:
            raise LawError("overlap", f"{name}: two versions begin on {later['since']}")
        if earlier["until"] is None:
            continue
        follows = date.fromisoformat(earlier["until"]) + timedelta(days=1)
        starts = date.fromisoformat(later["since"])
        if starts < follows:
            raise LawError("overlap", f"{name}: two versions hold on {starts}")
        if starts > follows:
            raise LawError("gap", f"{name}: no version holds from {follows} until {later['since']}")


def read_calendars(params: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    """Return the calendars that parameters name: per Land the sorted ISO dates, those of `alle` included."""
    found = {}
    for name in sorted({entry["calendar"] for entry in params.values() if "calendar" in entry}):
        place = Place(folder / f"{name}.yaml")
        data = read_mapping(place.path)
        lands = place.mapping(data.get("land"), "land")
        if not lands:
            place.refuse("missing", f"calendar {name} lists no days by Land", "land")
        common = [_day(name, day, place) for day in lands.get("alle", [])]
        days = {land: sorted({*common, *(_day(name, day, place) for day in own)}) for land, own in lands.items()}
        found[name] = {"source": data.get("source", ""), "land": days}
    return found
