"""Canonical bytes and digests: the same value gives the same bytes on every machine (after RFC 8785)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID


def canonical_bytes(value: object) -> bytes:
    """Return `value` as canonical JSON in UTF-8: sorted keys, no spaces, no floats.

    Accepts str, int, bool, None, list, tuple, dict with str keys, date, datetime (ISO 8601), Decimal
    (as text, without exponent), UUID (as text) and timedelta (whole days as int).
    Raises TypeError for anything else and ValueError for a duration with a part of a day.
    """
    plain = to_plain(value)
    text = json.dumps(plain, ensure_ascii=False, sort_keys=False, separators=(",", ":"), allow_nan=False)
    return text.encode("utf-8")


def digest(value: object) -> str:
    """Return `sha256:<hex>` of bytes as they are, or of the canonical bytes of any other value."""
    data = value if isinstance(value, bytes) else canonical_bytes(value)
    return "sha256:" + hashlib.sha256(data).hexdigest()


def to_plain(value: object) -> Any:
    """Return `value` as plain JSON data (dict, list, str, int, bool, None) with keys in canonical order."""
    if value is None or isinstance(value, (str, bool, int)):
        return value
    if isinstance(value, Mapping):
        if not all(isinstance(key, str) for key in value):
            raise TypeError("canonical JSON needs text keys")
        # RFC 8785 sorts keys by UTF-16 code units, not by code points.
        return {key: to_plain(value[key]) for key in sorted(value, key=_utf16)}
    if isinstance(value, (list, tuple)):
        return [to_plain(item) for item in value]
    return _scalar(value)


def _utf16(key: str) -> bytes:
    return key.encode("utf-16-be", "surrogatepass")


def _scalar(value: object) -> str | int:
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, Decimal):
        if not value.is_finite():
            raise ValueError(f"{value} is no amount")
        return format(value, "f")
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, timedelta):
        if value != timedelta(days=value.days):
            raise ValueError(f"{value} is not a whole number of days")
        return value.days
    raise TypeError(f"{type(value).__name__} has no canonical form")
