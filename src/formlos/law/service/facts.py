"""Reads `facts.yaml`: what may be asked or fetched, and from whom."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from formlos.law.reading.module import RecordFields
from formlos.law.service.place import Place
from formlos.law.types import SCALARS, Type, decode, encode


def read_sources(entries: Mapping[str, Any], place: Place) -> dict[str, Any]:
    """Return the sources as document data: rank as int, needs as list, inputs as *input: name*."""
    found = {}
    for order, (name, given) in enumerate(entries.items()):
        entry = dict(place.mapping(given, name))
        for key in ("kind", "rank"):
            if key not in entry:
                place.refuse("missing", f"source {name} has no {key}", name)
        entry["rank"] = place.number(entry["rank"], name)
        inputs = entry.get("inputs", [])
        entry["inputs"] = inputs if isinstance(inputs, dict) else {one: one for one in place.texts(inputs, name)}
        entry["needs"] = place.texts(entry.get("needs", []), name)
        found[name] = {**entry, "order": order}
    return found


def read_facts(
    entries: Mapping[str, Any], sources: Mapping[str, Any], records: RecordFields, place: Place
) -> dict[str, Any]:
    """Return the facts as document data. Raises LawError for unknown types, sources and fields."""
    types: dict[str, Type] = {}
    found = {}
    for order, (path, given) in enumerate(entries.items()):
        entry = dict(place.mapping(given, path))
        types[path] = _type(path, entry, types, records, place)
        entry["type"] = types[path].to_data()
        entry["sources"] = place.texts(entry.get("sources", []), path)
        unknown = [source for source in entry["sources"] if source not in sources]
        if unknown:
            place.refuse("unknown_source", f"{path}: there is no source {', '.join(unknown)}", path)
        entry["burden"] = place.number(entry.get("burden", 1), path)
        if "usual" in entry:
            entry["usual"] = _usual(path, entry["usual"], types[path], place)
        for key in ("values", "optional"):
            entry.pop(key, None)
        found[path] = {**entry, "order": order}
    return found


def _type(path: str, entry: Mapping[str, Any], types: Mapping[str, Type], records: RecordFields, place: Place) -> Type:
    base, _, field = path.partition("/")
    if not field:
        kind = _declared_type(path, entry, records, place)
        return kind.maybe() if entry.get("optional") == "true" and kind.kind != "list" else kind
    owner = types.get(base)
    record = owner.item.name if owner and owner.item else owner.name if owner else ""
    known = records.get(record, {})
    if field not in known:
        place.refuse("unknown_field", f"{path}: declare {base} before, as a record with a field {field}", path)
    if known[field].computed:
        place.refuse("computed", f"{path} is computed by a rule and cannot be asked", path)
    kind = known[field].type
    if kind.kind == "text" and entry.get("type") == "enum":
        place.refuse("type", f'{path} is text in {record}: annotate it Literal["…"] there', path)
    if "type" in entry and entry["type"] != kind.kind and entry["type"] != kind.name:
        place.refuse("type", f"{path} is {kind} in {record}, not {entry['type']}", path)
    return kind


def _declared_type(path: str, entry: Mapping[str, Any], records: RecordFields, place: Place) -> Type:
    name = entry.get("type")
    if not isinstance(name, str):
        place.refuse("type", f"{path} has no type", path)
    if name == "enum":
        values = tuple(place.texts(entry.get("values", []), path))
        if not values:
            place.refuse("type", f"{path} is an enum without values", path)
        return Type("enum", values)
    if name in SCALARS:
        return Type(name)
    if name == "list of text":
        return Type("list", item=Type("text"))
    record = name.removeprefix("list of ")
    if record not in records:
        place.refuse("type", f"{path}: {record} is no type and no record type (imported in rules.py?)", path)
    kind = Type("record", name=record)
    return Type("list", item=kind) if record != name else kind


def _usual(path: str, given: Any, kind: Type, place: Place) -> Any:
    if given == "none" and kind.optional:
        return {"none": True}
    if kind.kind not in SCALARS:
        place.refuse("usual", f"{path}: only single values have a usual answer", path)
    try:
        return encode(decode(kind, given))
    except ValueError as error:
        place.refuse("value", f"{path}: usual {error}", path)
