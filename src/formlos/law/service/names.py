"""Checks that every name a service uses is declared and of the right type."""

from __future__ import annotations

from pathlib import Path

from formlos.law.document import Document
from formlos.law.errors import LawError
from formlos.law.service.parties import check_parties
from formlos.law.service.place import Place
from formlos.law.types import Type


def check_names(document: Document, folder: Path) -> None:
    """Raise LawError for a goal, key date, need, input or effect argument that nothing declares."""
    service = Place(folder / "service.yaml")
    for goal in document.goals:
        _type(document, goal, service, "goals", f"goal {goal}")
    _check_key_dates(document, service)
    facts = Place(folder / "facts.yaml")
    for name, source in document.data["sources"].items():
        for need in source["needs"]:
            if _type(document, need, facts, name, f"need of {name}").kind != "bool":
                facts.refuse("type", f"source {name} needs {need}, which is not bool", name)
        for given in source["inputs"].values():
            _type(document, given, facts, name, f"input of {name}")
    check_parties(document, facts)
    _check_effects(document, Place(folder / "effects.yaml"))


def _check_key_dates(document: Document, place: Place) -> None:
    names = {document.data["service"]["key_date"]}
    names |= {entry["key_date"] for entry in document.data["params"].values()}
    names |= {rule["key_date"] for rule in document.rules if rule["key_date"]}
    for name in sorted(names):
        if _type(document, name, place, "key_date", f"key date {name}").required().kind != "date":
            place.refuse("type", f"key date {name} is no date", "key_date")


def _check_effects(document: Document, place: Place) -> None:
    for effect in document.data["effects"]:
        label = effect["id"]
        if _type(document, effect["when"], place, label, f"effect {label}").kind != "bool":
            place.refuse("type", f"effect {label}: {effect['when']} is not bool", label)
        each = effect["for_each"]
        item: Type | None = None
        if each:
            listed = _type(document, each["of"], place, label, f"effect {label}")
            item = listed.item
            if not listed.is_record_list or item is None:
                place.refuse("type", f"effect {label}: {each['of']} is no list of records", label)
            _check_fields(document, item, each["fields"], place, label)
        for argument in effect["with"].values():
            if item and argument["of"].startswith(each["of"] + "/"):
                _check_fields(document, item, [argument["of"].partition("/")[2]], place, label)
                continue
            kind = _type(document, argument["of"], place, label, f"effect {label}")
            _check_fields(document, kind, argument["fields"], place, label)


def _check_fields(document: Document, kind: Type, fields: list[str] | None, place: Place, label: str) -> None:
    name = kind.item.name if kind.item else kind.name
    known = document.record_types.get(name, {})
    wrong = [field for field in fields or [] if field not in known]
    if wrong:
        place.refuse("unknown_field", f"effect {label}: {kind} has no field {', '.join(wrong)}", label)


def _type(document: Document, name: str, place: Place, key: str, what: str) -> Type:
    try:
        return document.type_of(name)
    except LawError:
        place.refuse("unknown_name", f"{what}: {name} is no fact, rule or parameter", key)
