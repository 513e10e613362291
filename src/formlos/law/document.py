"""The canonical document of a service: everything the engine needs, by digest, without the folder."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from formlos.law.canonical import digest, to_plain
from formlos.law.errors import LawError
from formlos.law.language import NONE
from formlos.law.shape import check_shape, check_size
from formlos.law.types import Type, decode
from formlos.law.values import Facts, ListOf

FORMAT = "formlos.law/1"
ASKING = ("applicant", "clerk")
AT_HAND = ("clock", "case", "trigger")


class Document:
    """One service at one state. `data` is plain JSON data in canonical order, `digest` its `sha256:…`.

    Raises LawError (`format`, `document`) for data that is no document in every part.
    """

    def __init__(self, data: Mapping[str, Any]) -> None:
        check_size(data)
        if not isinstance(data, Mapping) or data.get("format") != FORMAT:
            raise LawError("format", f"this is not {FORMAT}")
        try:
            self.data: dict[str, Any] = to_plain(data)
            self.digest = digest(self.data)
        except (TypeError, ValueError) as error:
            raise LawError("document", str(error)) from error
        check_shape(self.data)

    @staticmethod
    def from_data(data: Mapping[str, Any]) -> Document:
        """Return the document of stored data, from wherever it comes. Raises LawError (`format`, `document`)."""
        from formlos.law.service.names import check_names

        document = Document(data)
        try:
            check_names(document, Path())
        except LawError as error:
            raise LawError("document", error.reason) from error
        return document

    @property
    def name(self) -> str:
        """The service's name."""
        return str(self.data["service"]["name"])

    @property
    def goals(self) -> tuple[str, ...]:
        """The facts whose value is the decision."""
        return tuple(self.data["service"]["goals"])

    @cached_property
    def rules(self) -> tuple[dict[str, Any], ...]:
        """All rules in statute order."""
        return tuple(self.data["rules"])

    @cached_property
    def fact_types(self) -> dict[str, Type]:
        """Types by declared path (`personen/zieht_mit` without a key), in declared order."""
        entries = sorted(self.data["facts"].items(), key=lambda item: item[1]["order"])
        return {path: Type.from_data(entry["type"]) for path, entry in entries}

    @cached_property
    def usual(self) -> frozenset[str]:
        """The facts with a usual answer, each by the first part of its path."""
        return frozenset(path.partition("/")[0] for path, entry in self.data["facts"].items() if "usual" in entry)

    @cached_property
    def record_types(self) -> dict[str, dict[str, Type]]:
        """Field types by record type, computed fields included."""
        return {
            name: {field["name"]: Type.from_data(field["type"]) for field in entry["fields"]}
            for name, entry in self.data["records"].items()
        }

    @cached_property
    def stored_fields(self) -> dict[str, tuple[str, ...]]:
        """The fields by record type that are facts, not computed."""
        return {
            name: tuple(field["name"] for field in entry["fields"] if not field["computed"])
            for name, entry in self.data["records"].items()
        }

    @cached_property
    def rule_types(self) -> dict[str, Type]:
        """Result types of the rules that belong to no record."""
        return {rule["name"]: Type.from_data(rule["returns"]) for rule in self.rules if not rule["record"]}

    @cached_property
    def param_types(self) -> dict[str, Type]:
        """Types of the parameters."""
        return {name: Type.from_data(entry["type"]) for name, entry in self.data["params"].items()}

    def lineage(self, record: str) -> Iterator[str]:
        """Yield a record type and those that it extends."""
        while record:
            yield record
            record = self.data["records"][record]["extends"] or ""

    def declared(self, path: str) -> str:
        """Return the declared path that a fact's path belongs to (`personen/7/vornamen` -> `personen`).

        Raises LawError (`unknown_name`) if no fact declares it.
        """
        if path in self.fact_types:
            return path
        base, *rest = path.split("/")
        kind = self.fact_types.get(base)
        if kind is None:
            raise LawError("unknown_name", f"{path} is no fact of {self.name}")
        field = rest[1:] if kind.is_record_list else rest
        own = "/".join([base, *field[:1]])
        return own if own in self.fact_types else base

    def fact_type(self, path: str) -> Type:
        """Return the type of a fact at a path with keys. Raises LawError (`unknown_name`)."""
        if path in self.fact_types:
            return self.fact_types[path]
        base, *rest = path.split("/")
        kind = self.fact_types.get(base)
        while rest and kind is not None:
            if kind.is_record_list and kind.item is not None:
                kind = kind.item
                rest = rest[1:]
                continue
            kind = self.record_types.get(kind.name, {}).get(rest[0]) if kind.kind == "record" else None
            rest = rest[1:]
        if kind is None:
            raise LawError("unknown_name", f"{path} is no fact of {self.name}")
        return kind

    def type_of(self, name: str) -> Type:
        """Return the type of a fact, a field of a single record, a rule or a parameter."""
        for types in (self.rule_types, self.param_types):
            if name in types:
                return types[name]
        return self.fact_type(name)

    def is_name(self, name: str) -> bool:
        """Tell whether `name` is a fact, rule or parameter, not a path into a record."""
        single_fact = name in self.fact_types and "/" not in name
        return single_fact or name in self.rule_types or name in self.param_types

    def sources_of(self, path: str) -> list[str]:
        """Return the names of a fact's sources, best rank first."""
        ranks = self.data["sources"]
        names = self.data["facts"][self.declared(path)]["sources"]
        return sorted(names, key=lambda name: ranks[name]["rank"])

    @cached_property
    def at_hand(self) -> tuple[str, ...]:
        """The facts that the case itself has: today, its filing, the message that opened it."""
        sources, facts = self.data["sources"], self.data["facts"]
        return tuple(
            path for path in self.fact_types if any(sources[name]["kind"] in AT_HAND for name in facts[path]["sources"])
        )

    def text(self, language: str, section: str, name: str) -> Any:
        """Return a text or a mapping of texts, or None where the service has none."""
        return self.data["texts"].get(language, {}).get(section, {}).get(name)

    def facts_from(self, values: Mapping[str, Any]) -> Facts:
        """Return facts from nested JSON data or YAML text, typed by declaration.

        A record is a mapping of its fields, a list a mapping of key to fields (complete) or
        `{complete: …, of: {…}}`; `none` or `{"none": true}` is NONE. Optional fields of a record that are
        left out and have no own entry become NONE. Raises LawError (`unknown_name`, `value`).
        """
        found: dict[str, Any] = {}
        for path, value in values.items():
            self._read_into(found, path, self.fact_type(path), value)
        return Facts(found)

    def _read_into(self, found: dict[str, Any], path: str, kind: Type, value: Any) -> None:
        if value in ("none", None) or value == {"none": True}:
            found[path] = NONE
        elif kind.is_record_list and kind.item is not None and "keys" not in value:
            whole = "of" in value and "complete" in value
            members = value["of"] if whole else value
            complete = value["complete"] in (True, "true") if whole else True
            found[path] = ListOf(tuple(members), complete)
            for key, fields in members.items():
                self._read_record(found, f"{path}/{key}", kind.item, fields)
        elif kind.kind == "list" and isinstance(value, list):
            found[path] = ListOf(tuple(value))
        elif kind.kind == "record":
            self._read_record(found, path, kind, value)
        else:
            try:
                found[path] = decode(kind, value)
            except ValueError as error:
                raise LawError("value", f"{path}: {error}") from error

    def _read_record(self, found: dict[str, Any], path: str, kind: Type, fields: Mapping[str, Any]) -> None:
        types = self.record_types[kind.name]
        for name, value in (fields or {}).items():
            if name not in types:
                raise LawError("unknown_name", f"{kind.name} has no field {name} (at {path})")
            self._read_into(found, f"{path}/{name}", types[name], value)
        for name in self.stored_fields[kind.name]:
            place = f"{path}/{name}"
            own = self.declared(place).endswith(f"/{name}")
            if types[name].optional and name not in fields and not own:
                found[place] = NONE
