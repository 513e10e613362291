"""The types of facts, rules and parameters, and how their values look as Python and as JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from formlos.law.language import NONE
from formlos.law.values import ListOf

SCALARS = ("bool", "int", "decimal", "text", "date", "days", "enum")


@dataclass(frozen=True, slots=True)
class Type:
    """One type. `values` are an enum's, `name` a record's, `item` a list's or table's, `keys` a table's."""

    kind: str
    values: tuple[str, ...] = ()
    name: str = ""
    item: Type | None = None
    keys: str = "text"
    optional: bool = False

    def to_data(self) -> dict[str, Any]:
        """Return the type as JSON data; `from_data` is the way back."""
        data: dict[str, Any] = {"kind": self.kind}
        if self.values:
            data["values"] = list(self.values)
        if self.name:
            data["name"] = self.name
        if self.item is not None:
            data["item"] = self.item.to_data()
        if self.kind == "table":
            data["keys"] = self.keys
        if self.optional:
            data["optional"] = True
        return data

    @staticmethod
    def from_data(data: Mapping[str, Any]) -> Type:
        """Read a type from its JSON data."""
        item = Type.from_data(data["item"]) if "item" in data else None
        return Type(
            data["kind"],
            tuple(data.get("values", ())),
            data.get("name", ""),
            item,
            data.get("keys", "text"),
            data.get("optional", False),
        )

    def required(self) -> Type:
        """Return the same type for a value that is there."""
        return replace(self, optional=False) if self.optional else self

    def maybe(self) -> Type:
        """Return the same type for a value that may be known to be none."""
        return self if self.optional else replace(self, optional=True)

    @property
    def is_record_list(self) -> bool:
        """Tell whether this is a list of records."""
        return self.kind == "list" and self.item is not None and self.item.kind == "record"

    def __str__(self) -> str:
        names = {"enum": "text of " + ", ".join(self.values), "record": self.name, "none": "None"}
        name = names.get(self.kind, self.kind)
        if self.kind == "list":
            name = f"list of {self.item}"
        if self.kind == "table":
            name = f"table of {self.item}"
        return f"{name} | None" if self.optional else name


BOOL, INT, DECIMAL, TEXT = Type("bool"), Type("int"), Type("decimal"), Type("text")
DATE, DAYS, DATES, NOTHING = Type("date"), Type("days"), Type("dates"), Type("none")


def assignable(actual: Type, declared: Type) -> bool:
    """Tell whether a value of type `actual` may stand where `declared` is expected."""
    if actual.kind == "none":
        return declared.optional
    if actual.optional and not declared.optional:
        return False
    if actual.kind == "enum":
        return declared.kind == "text" or (declared.kind == "enum" and set(actual.values) <= set(declared.values))
    if actual.kind == declared.kind == "list":
        return actual.item is None or (declared.item is not None and assignable(actual.item, declared.item))
    return actual.required() == declared.required()


def joined(first: Type, second: Type) -> Type | None:
    """Return the narrowest type of a value that is either, or None if there is none."""
    if first.kind == "none":
        return second.maybe() if second.kind != "none" else second
    if second.kind == "none":
        return first.maybe()
    optional = first.optional or second.optional
    one, two = first.required(), second.required()
    if one.kind == two.kind == "enum":
        one = replace(one, values=tuple(dict.fromkeys((*one.values, *two.values))))
    elif assignable(one, two):
        one = two
    elif not assignable(two, one):
        return None
    return one.maybe() if optional else one


def decode(kind: Type, data: Any) -> Any:
    """Return the Python value of JSON data or of YAML text; ValueError with a reason if it is not of the type.

    Durations are whole days; decimals and dates are text; `{"none": true}` is NONE.
    """
    if data == {"none": True}:
        return NONE
    if kind.kind == "list":
        return _decode_list(kind, data)
    if kind.kind == "dates":
        return frozenset(_decode_scalar("date", item) for item in data)
    if kind.kind == "table":
        item = kind.item or TEXT
        read = int if kind.keys == "int" else str
        return {read(key): decode(item, value) for key, value in data.items()}
    if kind.kind == "enum":
        if data not in kind.values:
            raise ValueError(f"{data!r} is none of {', '.join(kind.values)}")
        return data
    return _decode_scalar(kind.kind, data)


def _decode_list(kind: Type, data: Any) -> ListOf:
    if isinstance(data, ListOf):
        return data
    if (
        not isinstance(data, Mapping)
        or set(data) != {"keys", "complete"}
        or not isinstance(data["keys"], (list, tuple))
    ):
        raise ValueError("a list has keys and says whether they are complete")
    keys = tuple(_decode_scalar("text", key) for key in data["keys"])
    if len(set(keys)) != len(keys):
        raise ValueError("a list has no key twice")
    if kind.is_record_list and any(not key or "/" in key or key.startswith("*") for key in keys):
        raise ValueError("a record's key is part of a path")
    return ListOf(keys, _decode_scalar("flag", data["complete"]))


def _decode_scalar(kind: str, data: Any) -> Any:
    try:
        return _READERS[kind](data)
    except (ValueError, TypeError, InvalidOperation, KeyError) as error:
        raise ValueError(f"{data!r} is no {kind}") from error


def _bool(data: Any) -> bool:
    if isinstance(data, bool):
        return data
    return {"true": True, "false": False, "ja": True, "nein": False}[data]


def _int(data: Any) -> int:
    if isinstance(data, bool) or not isinstance(data, (int, str)):
        raise TypeError
    return int(data)


def _decimal(data: Any) -> Decimal:
    value = data if isinstance(data, Decimal) else Decimal(data)
    if not value.is_finite():
        raise ValueError("no amount")
    return value


def _flag(data: Any) -> bool:
    return data if isinstance(data, bool) else {"true": True, "false": False}[data]


def _text(data: Any) -> str:
    if not isinstance(data, str):
        raise TypeError
    if "\0" in data:
        raise ValueError("NUL")
    data.encode()  # a lone surrogate is no character
    return data


_READERS: dict[str, Callable[[Any], Any]] = {
    "bool": _bool,
    "flag": _flag,
    "int": _int,
    "decimal": _decimal,
    "text": _text,
    "date": lambda data: data if isinstance(data, date) else date.fromisoformat(data),
    "days": lambda data: data if isinstance(data, timedelta) else timedelta(days=_int(data)),
}


def encode(value: Any) -> Any:
    """Return a Python value as JSON data: dates as ISO text, decimals as text, durations as days, NONE marked."""
    if value is NONE:
        return {"none": True}
    if isinstance(value, ListOf):
        return {"keys": list(value.keys), "complete": value.complete}
    if isinstance(value, (frozenset, set)):
        return sorted(encode(item) for item in value)
    if isinstance(value, Mapping):
        return {str(key): encode(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [encode(item) for item in value]
    return _encode_scalar(value)


def _encode_scalar(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    return value.days if isinstance(value, timedelta) else value
