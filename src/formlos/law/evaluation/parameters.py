"""The values of parameters for one municipality: dated, by Land, overridden where the law leaves it to it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from formlos.law.document import Document
from formlos.law.errors import LawError
from formlos.law.evaluation.periods import day
from formlos.law.types import Type, decode

Versions = list[tuple[date | None, date | None, Any]]


def parameter_values(document: Document, land: str | None, local: Mapping[str, Any]) -> dict[str, Versions]:
    """Return per parameter its versions as (since, until, value).

    Raises LawError: `unknown_land`, `local_unknown`, `local_not_allowed`, `local_value`, `local_out_of_bounds`.
    """
    entries = document.data["params"]
    unknown = sorted(set(local) - set(entries))
    if unknown:
        raise LawError("local_unknown", f"{document.name} has no parameter {', '.join(unknown)}")
    found: dict[str, Versions] = {}
    for name, entry in entries.items():
        kind = document.param_types[name]
        if name in local:
            found[name] = [(None, None, _local(name, entry, kind, local[name]))]
        elif "calendar" in entry:
            found[name] = [(None, None, _calendar(document, entry["calendar"], land))]
        else:
            found[name] = [
                (day(version["since"]), day(version["until"]), decode(kind, version["value"]))
                for version in entry["values"]
            ]
    return found


def _calendar(document: Document, name: str, land: str | None) -> frozenset[date]:
    lands = document.data["calendars"][name]["land"]
    if land not in lands:
        raise LawError("unknown_land", f"calendar {name} has no days for {land}; it has {', '.join(lands)}")
    return frozenset(date.fromisoformat(text) for text in lands[land])


def _local(name: str, entry: Mapping[str, Any], kind: Type, given: Any) -> Any:
    if "local" not in entry:
        raise LawError("local_not_allowed", f"{name} is fixed by law and has no local value")
    try:
        value = decode(kind, given)
    except (ValueError, TypeError, AttributeError) as error:
        raise LawError("local_value", f"{name}: {error}") from error
    limits = {key: decode(kind, limit) for key, limit in entry["local"].items()}
    single = kind.kind != "table"
    if single and ("min" in limits and value < limits["min"] or "max" in limits and value > limits["max"]):
        bounds = f"{entry['local'].get('min', '…')} to {entry['local'].get('max', '…')}"
        raise LawError("local_out_of_bounds", f"{name} = {given} is outside {bounds}")
    return value
