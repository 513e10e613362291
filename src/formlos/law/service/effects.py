"""Reads `effects.yaml`: what the decision sets in motion."""

from __future__ import annotations

from typing import Any

from formlos.law.service.place import Place


def read_effects(entries: Any, place: Place) -> list[dict[str, Any]]:
    """Return the effects as document data: every name as `{of, fields}`, constants as text."""
    if not isinstance(entries, list):
        place.refuse("yaml", "effects must be a list", "effects")
    found = [_effect(place.mapping(entry, "effects"), place) for entry in entries]
    names = [effect["id"] for effect in found]
    for name in names:
        if names.count(name) > 1:
            place.refuse("double", f"two effects are called {name}", name)
    return found


def _effect(entry: dict[str, Any], place: Place) -> dict[str, Any]:
    name = str(entry.get("id", ""))
    for key in ("id", "kind", "when"):
        if not isinstance(entry.get(key), str):
            place.refuse("missing", f"effect {name} has no {key}", name)
    arguments = place.mapping(entry.get("with"), name)
    effect = {
        **entry,
        "with": {key: _name(value, name, place) for key, value in arguments.items()},
        "set": place.mapping(entry.get("set"), name),
        "for_each": _name(entry["for_each"], name, place) if "for_each" in entry else None,
    }
    double = sorted(set(effect["with"]) & set(effect["set"]))
    if double:
        place.refuse("double", f"effect {name} gives {', '.join(double)} twice", name)
    return effect


def _name(value: Any, effect: str, place: Place) -> dict[str, Any]:
    if isinstance(value, str):
        return {"of": value, "fields": None}
    given = place.mapping(value, effect)
    if not isinstance(given.get("of"), str) or "fields" not in given:
        place.refuse("yaml", f"effect {effect}: an argument is a name or {{of: name, fields: […]}}", effect)
    return {"of": given["of"], "fields": place.texts(given["fields"], effect)}
