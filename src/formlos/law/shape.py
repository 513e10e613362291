"""What a canonical document looks like. Data of any other shape is refused before anything reads it.

A document may come from anywhere; what passes here holds only known keys where the engine reads, names that are words,
and bounded sizes. Whether every name leads somewhere is for `formlos.law.service.names`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, NoReturn

from formlos.law.errors import LawError
from formlos.law.tree_shape import Tree
from formlos.law.types import SCALARS, Type, decode

DEEPEST, MOST_VALUES, LONGEST_TEXT = 120, 500_000, 100_000
NAME = re.compile(r"[^\W\d]\w{0,119}")
PATH = re.compile(r"[^\W\d]\w{0,119}(/[^\W\d]\w{0,119})?")
PARTS = {"service", "sources", "facts", "params", "calendars", "rules", "records", "effects", "texts"}
KINDS = (*SCALARS, "record", "list", "table", "dates", "none")
Check = Callable[[Any, str], None]


def check_size(data: Any) -> None:
    """Refuse data that is nested too deep, too large, or with texts too long. Raises LawError (`document`)."""
    pending, count = [(data, 0)], 0
    while pending:
        value, depth = pending.pop()
        inner = [*value, *value.values()] if isinstance(value, Mapping) else value
        count += 1
        if depth > DEEPEST or count > MOST_VALUES or (isinstance(value, str) and len(value) > LONGEST_TEXT):
            refuse("document", "is nested too deep or too large")
        if isinstance(inner, (list, tuple)):
            pending += [(one, depth + 1) for one in inner]


def check_shape(data: Mapping[str, Any]) -> None:
    """Refuse plain JSON data that is not a document in every part. Raises LawError (`document`)."""
    mapping(data, "document", dict.fromkeys(PARTS | {"format"}, anything))
    _Shape(data).check()


def refuse(place: str, reason: str) -> NoReturn:
    """Raise the error of this module."""
    raise LawError("document", f"{place} {reason}")


def anything(value: Any, place: str) -> None:
    """Accept any JSON data: the engine does not read it."""


def text(value: Any, place: str) -> None:
    """Refuse what is no text."""
    if not isinstance(value, str):
        refuse(place, "must be text")


def name(value: Any, place: str) -> None:
    """Refuse what is not a word."""
    if not (isinstance(value, str) and NAME.fullmatch(value)):
        refuse(place, "must be a name")


def path(value: Any, place: str) -> None:
    """Refuse what is neither a name nor `name/name`."""
    if not (isinstance(value, str) and PATH.fullmatch(value)):
        refuse(place, "must be a name or a path of two names")


def number(value: Any, place: str) -> None:
    """Refuse what is no whole number."""
    if isinstance(value, bool) or not isinstance(value, int):
        refuse(place, "must be a whole number")


def day(value: Any, place: str) -> None:
    """Refuse what is no date in ISO form."""
    try:
        date.fromisoformat(value)
    except (TypeError, ValueError):
        refuse(place, "must be a date")


def maybe(check: Check) -> Check:
    """Return the check that also accepts null."""
    return lambda value, place: None if value is None else check(value, place)


def each(check: Check) -> Check:
    """Return the check of a list's items."""

    def check_all(value: Any, place: str) -> None:
        if not isinstance(value, list):
            refuse(place, "must be a list")
        for position, item in enumerate(value):
            check(item, f"{place}[{position}]")

    return check_all


def by(key: Check, check: Check) -> Check:
    """Return the check of a mapping's keys and values."""

    def check_all(value: Any, place: str) -> None:
        for one, item in mapping(value, place).items():
            key(one, f"{place}: {one[:80]!r}")
            check(item, f"{place}/{one}")

    return check_all


def mapping(
    value: Any, place: str, needed: Mapping[str, Check] | None = None, optional: Mapping[str, Check] | None = None
) -> dict[str, Any]:
    """Return a mapping that has what is needed and, where `needed` is given, nothing but that and what is optional."""
    if not isinstance(value, dict):
        refuse(place, "must be a mapping")
    if needed is not None:
        _keys(value, place, needed, optional or {})
        for key, check in {**needed, **(optional or {})}.items():
            if key in value:
                check(value[key], f"{place}/{key}")
    return value


def _keys(value: dict[str, Any], place: str, needed: Mapping[str, Check], optional: Mapping[str, Check]) -> None:
    for key in needed:
        if key not in value:
            refuse(place, f"has no {key}")
    if OTHERS not in optional:
        for key in value:
            if key not in needed and key not in optional:
                refuse(place, f"has {key[:80]!r}, which no document has")


def entry(needed: Mapping[str, Check], optional: Mapping[str, Check] | None = None) -> Check:
    """Return the check of a mapping with these keys."""

    def check(value: Any, place: str) -> None:
        mapping(value, place, needed, optional)

    return check


OTHERS = "…"  # stands among the optional keys of an entry that keeps further keys for the platform
FREE: Mapping[str, Check] = {OTHERS: anything}


class _Shape:
    """The checks that need to know the document's record types, sources and names."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.data = data

    def check(self) -> None:
        """Check part by part, types before what is declared with them."""
        data = self.data
        mapping(data["service"], "service", {"name": name, "title": text, "key_date": path, "goals": each(path)}, FREE)
        by(name, self._record)(data["records"], "records")
        by(name, self._source)(data["sources"], "sources")
        by(self._fact_path, self._fact)(data["facts"], "facts")
        calendar = {"source": anything, "land": by(text, each(day))}
        by(text, entry(calendar))(data["calendars"], "calendars")
        by(name, self._param)(data["params"], "params")
        each(self._rule)(data["rules"], "rules")
        self._check_rules()
        each(self._effect)(data["effects"], "effects")
        by(text, by(text, anything))(data["texts"], "texts")

    def _record(self, value: Any, place: str) -> None:
        field: Mapping[str, Check] = {"name": name, "type": self._type, "computed": _truth}
        mapping(value, place, {"extends": maybe(self._record_name), "fields": each(entry(field))})

    def _record_name(self, value: Any, place: str) -> None:
        name(value, place)
        if value not in self.data["records"]:
            refuse(place, f"names {value}, which is no record type")

    def _lineage(self, record: str | None) -> list[str]:
        found: list[str] = []
        while record:
            if record in found:
                refuse(f"records/{record}", "extends itself")
            found.append(record)
            record = self.data["records"][record]["extends"]
        return found

    def _type(self, value: Any, place: str) -> None:
        optional: Mapping[str, Check] = {
            "values": each(text),
            "name": self._record_name,
            "item": self._type,
            "keys": _one_of("text", "int"),
            "optional": _one_of(True),
        }
        mapping(value, place, {"kind": _one_of(*KINDS)}, optional)
        for kind, key in (("enum", "values"), ("record", "name"), ("table", "item")):
            if value["kind"] == kind and not value.get(key):
                refuse(place, f"is {kind} without {key}")

    def _source(self, value: Any, place: str) -> None:
        needed: Mapping[str, Check] = {"kind": text, "rank": number, "order": number}
        mapping(value, place, {**needed, "inputs": by(text, path), "needs": each(path)}, FREE)

    def _fact_path(self, value: Any, place: str) -> None:
        path(value, place)
        if value.partition("/")[0] not in self.data["facts"]:
            refuse(place, "is a field of what is no fact")

    def _fact(self, value: Any, place: str) -> None:
        needed: Mapping[str, Check] = {"type": self._type, "burden": number, "order": number}
        mapping(value, place, {**needed, "sources": each(_one_of(*self.data["sources"]))}, FREE)
        if "usual" in value:
            _value_of(value["type"])(value["usual"], f"{place}/usual")

    def _param(self, value: Any, place: str) -> None:
        optional: Mapping[str, Check] = {"calendar": _one_of(*self.data["calendars"]), "local": anything}
        mapping(value, place, {"type": self._type, "key_date": path, "values": each(anything)}, optional)
        own = _value_of(value["type"])
        version: Mapping[str, Check] = {"since": maybe(day), "until": maybe(day), "value": own}
        each(entry(version, FREE))(value["values"], place)
        if not value["values"] and "calendar" not in value:
            refuse(place, "has no values")
        mapping(value.get("local", {}), f"{place}/local", {}, {"min": own, "max": own})

    def _rule(self, value: Any, place: str) -> None:
        needed: Mapping[str, Check] = {"name": name, "record": maybe(self._record_name), "source": text, "doc": text}
        dated: Mapping[str, Check] = {"since": maybe(day), "until": maybe(day), "key_date": maybe(path), "line": number}
        rest: Mapping[str, Check] = {"parameters": each(name), "returns": self._type, "slots": number, "body": anything}
        mapping(value, place, {**needed, **dated, **rest})

    def _check_rules(self) -> None:
        """Check the bodies, once it is known which rules there are."""
        rules = self.data["rules"]
        names = {rule["name"] for rule in rules if not rule["record"]} | {*self.data["params"]}
        names |= {fact for fact in self.data["facts"] if "/" not in fact}
        fields = {}
        for record in self.data["records"]:
            lineage = set(self._lineage(record))
            fields[record] = {field["name"] for field in self.data["records"][record]["fields"]}
            fields[record] |= {rule["name"] for rule in rules if rule["record"] in lineage}
        for rule in rules:
            place = f"rule {rule['name']}"
            if not 1 <= rule["slots"] <= LONGEST_TEXT:
                refuse(place, "has no slots")
            Tree(names, fields, rule, self._constant).check(rule["body"])

    def _constant(self, node: Mapping[str, Any], place: str) -> None:
        self._type(node["type"], f"{place}/type")
        if node["type"]["kind"] != "none" or node["value"] != {"none": True}:
            _value_of(node["type"])(node["value"], place)

    def _effect(self, value: Any, place: str) -> None:
        given: Mapping[str, Check] = {"of": path, "fields": maybe(each(name))}
        argument = entry(given)
        needed: Mapping[str, Check] = {"id": text, "kind": text, "when": path, "for_each": maybe(argument)}
        mapping(value, place, {**needed, "with": by(text, argument), "set": by(text, anything)}, FREE)


def _one_of(*allowed: Any) -> Check:
    def check(value: Any, place: str) -> None:
        if not any(value is one or (isinstance(value, str) and value == one) for one in allowed):
            refuse(place, "is none of what is allowed here")

    return check


def _truth(value: Any, place: str) -> None:
    if not isinstance(value, bool):
        refuse(place, "must be true or false")


def _value_of(kind: Mapping[str, Any]) -> Check:
    def check(value: Any, place: str) -> None:
        try:
            decode(Type.from_data(kind), value)
        except (ValueError, TypeError, AttributeError, ArithmeticError) as error:
            refuse(place, str(error)[:200])

    return check
