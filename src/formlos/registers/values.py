"""Reads what services hand over: Python values from facts, or their JSON form from journals and messages."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from formlos.law import NONE

ADDRESS_FIELDS = ("strasse", "hausnummer", "zusatz", "postleitzahl", "ort", "ags")


def is_given(value: Any) -> bool:
    return value is not None and value is not NONE and value != {"none": True}


def as_text(value: Any) -> str:
    """Text in NFC; what is known to be none is empty."""
    return unicodedata.normalize("NFC", str(value)).strip() if is_given(value) else ""


def as_date(value: Any) -> date | None:
    if not is_given(value):
        return None
    return value if isinstance(value, date) else date.fromisoformat(value)


def as_texts(value: Any) -> list[str]:
    """A list of texts, also in the form ``{"keys": […], "complete": true}``."""
    if not is_given(value):
        return []
    items: Iterable[Any] = value["keys"] if isinstance(value, Mapping) else getattr(value, "keys", value)
    return [as_text(item) for item in items]


def as_uuid(value: Any) -> UUID | None:
    """None for anything that is not a UUID: keys from elsewhere may be any text."""
    try:
        return UUID(str(value))
    except ValueError:
        return None


def as_address(value: Any) -> dict[str, str | None] | None:
    """An address with the fields of ``vocabulary.Anschrift``."""
    if not isinstance(value, Mapping) or not is_given(value):
        return None
    return {field: as_text(value.get(field)) or None for field in ADDRESS_FIELDS}


def or_none(value: Any) -> Any:
    """The register's empty text or null as the engine's known-to-be-none."""
    return NONE if value in ("", None) else value
