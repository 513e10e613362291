"""Joins the files of a service folder to one canonical document."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from formlos.law.document import FORMAT, Document
from formlos.law.errors import LawError
from formlos.law.reading.linking import link_rules
from formlos.law.reading.module import Module, read_rules, read_vocabulary
from formlos.law.service.effects import read_effects
from formlos.law.service.facts import read_facts, read_sources
from formlos.law.service.names import check_names
from formlos.law.service.params import check_periods, read_calendars, read_params
from formlos.law.service.place import Place
from formlos.law.types import Type
from formlos.law.yamltext import read_mapping

VOCABULARY = Path(__file__).parents[2] / "vocabulary"


def load_service(path: Path | str, *, calendars: Path | None = None, vocabulary: Path = VOCABULARY) -> Document:
    """Read a service folder and return its document.

    calendars: folder of calendars, by default `calendars` beside the service. vocabulary: folder of the
    package `formlos.vocabulary`. Raises LawError with file, line and reason for everything that is refused.
    """
    folder = Path(path)
    if not (folder / "service.yaml").is_file():
        raise LawError("no_service", "there is no service.yaml", file=str(folder))
    service = _service(folder)
    module = _module(folder, vocabulary)
    sources, facts = _facts(folder, module)
    place = Place(folder / "params.yaml")
    params = read_params(read_mapping(place.path), service["key_date"], place)
    document = Document(
        {
            "format": FORMAT,
            "service": service,
            "sources": sources,
            "facts": facts,
            "params": params,
            "calendars": read_calendars(params, calendars or folder.parent / "calendars"),
            "rules": _rules(folder, module, facts, params),
            "records": _records(module, facts),
            "effects": _effects(folder),
            "texts": {file.stem: read_mapping(file) for file in sorted((folder / "texts").glob("*.yaml"))},
        }
    )
    check_names(document, folder)
    return document


def _facts(folder: Path, module: Module) -> tuple[dict[str, Any], dict[str, Any]]:
    place = Place(folder / "facts.yaml")
    raw = read_mapping(place.path)
    sources = read_sources(place.mapping(raw.get("sources"), "sources"), place)
    return sources, read_facts(place.mapping(raw.get("facts"), "facts"), sources, module.records, place)


def _service(folder: Path) -> dict[str, Any]:
    place = Place(folder / "service.yaml")
    data = read_mapping(place.path)
    for key in ("name", "title", "key_date", "goals"):
        if key not in data:
            place.refuse("missing", f"service.yaml has no {key}")
    data["goals"] = place.texts(data["goals"], "goals")
    return data


def _module(folder: Path, vocabulary: Path) -> Module:
    common = read_vocabulary(vocabulary)
    if not (folder / "rules.py").is_file():
        return common
    own = read_rules(folder / "rules.py", vocabulary)
    return Module({**common.records, **own.records}, {**common.bases, **own.bases}, own.rules)


def _rules(folder: Path, module: Module, facts: dict[str, Any], params: dict[str, Any]) -> list[dict[str, Any]]:
    file = folder / "rules.py"
    known = {name: Type.from_data(entry["type"]) for entries in (facts, params) for name, entry in entries.items()}
    rules = link_rules(module, known, str(file))
    versions: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for rule in rules:
        versions.setdefault((rule["record"] or "", rule["name"]), []).append(rule)
    for (_, name), same in versions.items():
        same.sort(key=lambda rule: rule["since"] or "")
        try:
            check_periods(name, same)
        except LawError as error:
            raise LawError(error.code, error.reason, file=str(file), line=same[-1]["line"]) from None
        if any(rule["returns"] != same[0]["returns"] for rule in same):
            raise LawError("type", f"{name}: versions return different types", file=str(file), line=same[-1]["line"])
    return rules


def _effects(folder: Path) -> list[dict[str, Any]]:
    place = Place(folder / "effects.yaml")
    return read_effects(read_mapping(place.path).get("effects") or [], place)


def _records(module: Module, facts: dict[str, Any]) -> dict[str, Any]:
    """Return the record types that this service uses, so that an unrelated change keeps the digest."""
    used: list[str] = []
    types = [Type.from_data(entry["type"]) for entry in facts.values()]
    types += [kind for rule in module.rules for kind in (*(kind for _, kind in rule.parameters), rule.returns)]
    while types:
        kind = types.pop()
        name = kind.name or (kind.item.name if kind.item else "")
        if name and name not in used:
            used += [one for one in module.lineage(name) if one not in used]
            types += [field.type for field in module.records[name].values()]
    return {name: _record(module, name) for name in used}


def _record(module: Module, name: str) -> dict[str, Any]:
    fields = [
        {"name": key, "type": field.type.to_data(), "computed": field.computed}
        for key, field in module.records[name].items()
    ]
    return {"extends": module.bases.get(name), "fields": fields}
