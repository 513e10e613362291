"""A document made ready to run for one municipality: every name resolved to a closure, once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from formlos.law.document import Document
from formlos.law.errors import LawError
from formlos.law.evaluation.closures import Builder
from formlos.law.evaluation.folds import listing_at, members_of
from formlos.law.evaluation.moving import plain
from formlos.law.evaluation.parameters import parameter_values
from formlos.law.evaluation.periods import Version, dated, day
from formlos.law.evaluation.run import Closure, Frame, Run
from formlos.law.evaluation.unknowns import doubt, joined, merged, options_of
from formlos.law.language import NONE
from formlos.law.types import Type, decode
from formlos.law.values import ListOf, Unknown


class Program:
    """The closures of one document. `nodes` gives the closure of every tree node by its identity."""

    def __init__(
        self, document: Document, land: str | None, local: Mapping[str, Any], *, tracing: bool = False
    ) -> None:
        self.document = document
        self.tracing = tracing
        self.nodes: dict[int, Closure] = {}
        self.parameters = parameter_values(document, land, local)
        self.versions: dict[tuple[str, str], list[dict[str, Any]]] = {}
        for rule in sorted(document.rules, key=lambda rule: rule["since"] or ""):
            self.versions.setdefault((rule["record"] or "", rule["name"]), []).append(rule)
        self.clock_fact = self._clock_fact()
        self._references: dict[str, Closure] = {}
        self._readers: dict[tuple[str, str], Callable[[Run, str], Any]] = {}
        self._fields: dict[tuple[str, str], tuple[str, ...]] = {}
        self._shapes: dict[tuple[str, str, int], tuple[Type, bool, bool]] = {}
        self._record_rules: dict[tuple[str, str], Closure] = {}
        self._building: list[str] = []
        for record, name in self.versions:
            if record:
                self.record_rule(record, name)
            else:
                self.reference(name)

    def rules_of(self, record: str, name: str) -> list[dict[str, Any]]:
        """Return the versions of a per-record rule, own or taken over; empty if the field is a fact."""
        for owner in self.document.lineage(record):
            if (owner, name) in self.versions:
                return self.versions[owner, name]
        return []

    def key_date_of(self, entry: Mapping[str, Any]) -> str:
        """Return the name of the fact that picks versions of a rule or parameter."""
        return str(entry["key_date"] or self.document.data["service"]["key_date"])

    def reference(self, name: str) -> Closure:
        """Return the closure of a rule, parameter or fact (also `<record fact>/<field>`)."""
        if name not in self._references:
            self._enter(name)
            self._references[name] = self._build_reference(name)
            self._building.pop()
        return self._references[name]

    def _enter(self, name: str) -> None:
        if name in self._building:
            circle = [*self._building[self._building.index(name) :], name]
            raise LawError("cycle", f"rules determine each other: {' → '.join(circle)}")
        self._building.append(name)

    def _build_reference(self, name: str) -> Closure:
        if ("", name) in self.versions:
            return self._rule(name, self.versions["", name])
        if name in self.parameters:
            return self._parameter(name)
        base, _, field = name.partition("/")
        if field and name not in self.document.fact_types:
            record = self.document.fact_types[base].name
            return self.field(record, field, self.reference(base))
        return self._fact(name, self.document.fact_type(name))

    def _rule(self, name: str, rules: list[dict[str, Any]]) -> Closure:
        body = self._body(name, rules)
        slots = max(rule["slots"] for rule in rules)

        def call(run: Run, frame: Frame) -> Any:
            value = run.memo.get(name)
            if value is None:
                value = run.memo[name] = body(run, [None] * slots)
            return value

        return call

    def _body(self, name: str, rules: list[dict[str, Any]]) -> Closure:
        versions = []
        for rule in rules:
            builder = Builder(self, name, self.nodes, tracing=self.tracing)
            versions.append(Version(day(rule["since"]), day(rule["until"]), builder.build(rule["body"])))
        if not any(version.since or version.until for version in versions):
            return versions[0].closure
        return dated(name, versions, self.reference(self.key_date_of(rules[0])))

    def record_rule(self, record: str, name: str) -> Closure:
        """Return the closure of a per-record rule; slot 0 of its frame holds the record's path."""
        rules = self.rules_of(record, name)
        key = (rules[0]["record"], name)
        if key not in self._record_rules:
            self._enter(f"{key[0]}.{name}")
            self._record_rules[key] = self._body(name, rules)
            self._building.pop()
        return self._record_rules[key]

    def _parameter(self, name: str) -> Closure:
        values = self.parameters[name]
        versions = [Version(since, until, _constant(value)) for since, until, value in values]
        entry = self.document.data["params"][name]
        if all(since is None and until is None for since, until, _ in values):
            return versions[0].closure
        return dated(name, versions, self.reference(self.key_date_of(entry)))

    def _fact(self, path: str, kind: Type) -> Closure:
        if kind.kind == "record":
            return lambda run, frame: self.record_at(run, path, kind)
        if kind.kind == "list":
            return members_of(path, kind.is_record_list, self.missing)
        unknown = self.unknown_fact(path, kind)
        if path == self.clock_fact:
            return _today(path, unknown)

        def fact(run: Run, frame: Frame) -> Any:
            value = run.get(path)
            if value is not None:
                return value
            return self.expected(run, path, kind) if run.likely else unknown

        return fact

    def _clock_fact(self) -> str | None:
        """Return the name of the fact that says what day it is, if the service has one."""
        sources, facts = self.document.data["sources"], self.document.data["facts"]
        for path, kind in self.document.fact_types.items():
            if kind.kind == "date" and any(sources[name]["kind"] == "clock" for name in facts[path]["sources"]):
                return path
        return None

    def unknown_fact(self, path: str, kind: Type) -> Unknown:
        """Return the value of a fact that nobody has told yet."""
        options: tuple[Any, ...] | None = None
        if kind.kind == "bool":
            options = (False, True)
        elif kind.kind == "enum":
            options = kind.values
        if options is not None and kind.optional:
            options = (*options, NONE)
        return Unknown(frozenset({path}), options=options)

    def missing(self, run: Run, path: str) -> Any:
        """Return what a fact without a value is: its usual answer in a likely reading, else unknown.

        An optional field without own entry is none once its record has arrived.
        """
        value = run.absent.get(path)
        if value is None:
            value = run.absent[path] = self._missing(run, path)
        return value

    def _missing(self, run: Run, path: str) -> Any:
        kind, comes_with_record, in_list = self._shape(path)
        if "/*" in path:
            return self.unknown_fact(path, kind)
        if comes_with_record and kind.optional and (in_list or path.rpartition("/")[0] in run.facts.records):
            return NONE
        return self.expected(run, path, kind) if run.likely else self.unknown_fact(path, kind)

    def _shape(self, path: str) -> tuple[Type, bool, bool]:
        """Return a fact's type, whether it comes with its record, and whether it lies in a list's record."""
        base, field, depth = path.partition("/")[0], path.rpartition("/")[2], path.count("/")
        if (base, field, depth) not in self._shapes:
            own = self.document.declared(path).rpartition("/")[2] == field
            in_list = self.document.fact_types[base].is_record_list
            self._shapes[base, field, depth] = self.document.fact_type(path), not own, in_list
        return self._shapes[base, field, depth]

    def expected(self, run: Run, path: str, kind: Type) -> Any:
        """Return what a likely reading takes a missing fact to be."""
        own = self.document.declared(path)
        entry = self.document.data["facts"][own]
        if "usual" in entry and own.rpartition("/")[2] == path.rpartition("/")[2]:
            return decode(kind, entry["usual"])
        if run.guess and kind.kind != "record":
            return guessed(kind, run.get(self.clock_fact) if self.clock_fact else None)
        return self.unknown_fact(path, kind)

    def record_at(self, run: Run, path: str, kind: Type) -> Any:
        """Return the record at a path (its value is the path itself), NONE, or unknown if it may be none."""
        if run.get(path) is NONE:
            return NONE
        if not kind.optional or path in run.facts.records:
            return path
        return self.missing(run, path)

    def field(self, record: str, name: str, of: Closure) -> Closure:
        """Return the closure of a record's field: a per-record rule or a fact below the record's path."""
        read = self.reader(record, name)

        def field(run: Run, frame: Frame) -> Any:
            owner = of(run, frame)
            if owner is NONE:
                return doubt(name, f"there is no {record}")
            if owner.__class__ is not Unknown:
                return read(run, owner)
            choices = options_of(owner)
            if choices is None or owner.doubts:
                return merged([owner])
            return joined(owner, [read(run, choice) for choice in choices])

        return field

    def fields_of(self, path: str, record: str) -> tuple[str, ...]:
        """Return the fields that make up the record at a path: those that are facts and come with it.

        What is asked about a list's record on its own (`personen/zieht_mit`) is not part of the record.
        """
        base = path.partition("/")[0]
        key = (base, record)
        if key not in self._fields:
            in_list = self.document.fact_types[base].is_record_list
            own = {place for place in self.document.fact_types if in_list and place.startswith(base + "/")}
            stored = self.document.stored_fields[record]
            self._fields[key] = tuple(name for name in stored if f"{base}/{name}" not in own)
        return self._fields[key]

    def reader(self, record: str, name: str) -> Callable[[Run, str], Any]:
        """Return the function that reads a field of the record at a path."""
        key = (record, name)
        if key not in self._readers:
            is_rule = bool(self.rules_of(record, name))
            kind = self.field_type(record, name)
            self._readers[key] = self._field_rule(record, name) if is_rule else self._field_fact(name, kind)
        return self._readers[key]

    def field_type(self, record: str, name: str) -> Type:
        """Return the type of a record's field or per-record rule. Raises LawError (`unknown_name`)."""
        kind = self.document.record_types.get(record, {}).get(name)
        rules = self.rules_of(record, name) if kind is None and record else []
        if kind is None and not rules:
            raise LawError("unknown_name", f"{record or self.document.name} has no {name}")
        return kind or Type.from_data(rules[0]["returns"])

    def _field_rule(self, record: str, name: str) -> Callable[[Run, str], Any]:
        body = self.record_rule(record, name)
        slots = max(rule["slots"] for rule in self.rules_of(record, name))
        suffix = "/" + name

        def read(run: Run, owner: str) -> Any:
            path = owner + suffix
            value = run.memo.get(path)
            if value is None:
                value = run.memo[path] = body(run, [owner] + [None] * (slots - 1))
            return value

        return read

    def _field_fact(self, name: str, kind: Type) -> Callable[[Run, str], Any]:
        suffix = "/" + name
        if kind.kind == "record":
            return lambda run, owner: self.record_at(run, owner + suffix, kind)
        if kind.kind == "list":
            return lambda run, owner: listing_at(run, owner + suffix, kind.is_record_list, self.missing)

        def read(run: Run, owner: str) -> Any:
            value = run.get(owner + suffix)
            return self.missing(run, owner + suffix) if value is None else value

        return read


def guessed(kind: Type, today: Any) -> Any:
    """Return some value of a type, for a reading of the likely course."""
    if kind.optional:
        return NONE
    if kind.kind == "list":
        return ListOf(("1",))
    values = {"bool": False, "int": 0, "decimal": Decimal(0), "text": "", "days": timedelta(0)}
    if kind.kind == "enum":
        return kind.values[0]
    return values[kind.kind] if kind.kind in values else today or date(2000, 1, 1)


def _constant(value: Any) -> Closure:
    return lambda run, frame: value


def _today(path: str, unknown: Unknown) -> Closure:
    def today(run: Run, frame: Frame) -> Any:
        value = run.memo.get(path)
        if value is None:
            known = run.get(path)
            value = run.memo[path] = unknown if known is None else run.horizon.start(plain(known))
        return value

    return today
