"""Between the JSON of journals and messages, keyed by path, and the values the engine computes with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from formlos.law import NONE, Document, LawError, ListOf
from formlos.law.types import Type, decode, encode

__all__ = ["decode_all", "encode", "encode_all", "flatten", "type_of", "values_from"]

NO_VALUE = {"none": True}


def type_of(document: Document, path: str) -> Type | None:
    """The declared type behind a fact path, a record's field or a list member's field; None if there is none."""
    try:
        return document.fact_type(path)
    except LawError:
        return None


def decode_all(document: Document, values: Mapping[str, Any]) -> dict[str, Any]:
    """JSON values by path as Python values; paths the service does not declare are left out.

    Raises ``ValueError`` naming the path whose value does not fit its type.
    """
    decoded = {}
    for path, value in values.items():
        kind = type_of(document, path)
        if kind is None:
            continue
        try:
            decoded[path] = decode(kind, value)
        except ValueError as error:
            raise ValueError(f"{path}: {error}") from error
    return decoded


def encode_all(values: Mapping[str, Any]) -> dict[str, Any]:
    return {path: encode(value) for path, value in values.items()}


def flatten(name: str, value: Any) -> dict[str, Any]:
    """A record or a list of records as paths: ``{"anschrift": {…}}`` becomes ``anschrift/strasse`` and so on.

    Members of a list carry their stable key as ``key``; without one they are numbered. ``None`` means known to be none.
    """
    if isinstance(value, Mapping) and value not in (NO_VALUE,) and set(value) != {"keys", "complete"}:
        return {f"{name}/{field}": _leaf(item) for field, item in value.items() if field != "key"}
    if isinstance(value, list) and all(isinstance(item, Mapping) for item in value):
        keys = tuple(str(item.get("key", number)) for number, item in enumerate(value, start=1))
        fields = [flatten(f"{name}/{key}", item) for key, item in zip(keys, value, strict=True)]
        return {name: encode(ListOf(keys))} | {path: leaf for found in fields for path, leaf in found.items()}
    return {name: _leaf(value)}


def values_from(document: Document, source: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """What a source may tell this service: JSON values by path, of facts that name the source as theirs and no others.

    A value that is not of its fact's type tells nothing, so that the next source is asked, in the end a clerk.
    """
    return {
        path: encode(value)
        for name, whole in given.items()
        for path, value in flatten(name, whole).items()
        if (kind := type_of(document, path)) and source in document.sources_of(path) and _fits(kind, encode(value))
    }


def _fits(kind: Type, value: Any) -> bool:
    try:
        decode(kind, value)
    except (ValueError, TypeError, KeyError):
        return False
    return True


def _leaf(value: Any) -> Any:
    return encode(NONE) if value is None else encode(value)
