"""Turns the rules of a file into document data: names resolved, bodies typed."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import Any

from formlos.law.errors import LawError
from formlos.law.reading.module import Module, RuleSource
from formlos.law.reading.scope import Node, Scope
from formlos.law.reading.statements import read_body
from formlos.law.types import Type, assignable


def link_rules(module: Module, known: Mapping[str, Type], file: str) -> list[dict[str, Any]]:
    """Return the module's rules as data. `known` are the types of facts and parameters.

    Raises LawError with file and line for a name that nothing declares, a wrong annotation or a wrong body.
    """
    results = {rule.name: rule.returns for rule in module.rules if _record_of(rule, module, known) is None}
    for rule in module.rules:
        if rule.name in known and rule.name in results:
            raise LawError("double", f"{rule.name} is a rule and a fact or parameter", file=file, line=_line(rule))
    _check_computed_fields(module, known, file)
    return [_link(rule, module, {**known, **results}, file) for rule in module.rules]


def _line(rule: RuleSource) -> int:
    return rule.function.lineno


def _record_of(rule: RuleSource, module: Module, known: Mapping[str, Type]) -> str | None:
    """Return the record type of a per-record rule: its first parameter is a record that nothing else names."""
    if not rule.parameters:
        return None
    name, kind = rule.parameters[0]
    rules = {other.name for other in module.rules}
    is_record = kind.kind == "record" and not kind.optional
    return kind.name if is_record and name not in known and name not in rules else None


def _check_computed_fields(module: Module, known: Mapping[str, Type], file: str) -> None:
    per_record = {(_record_of(rule, module, known), rule.name): rule for rule in module.rules}
    for name, fields in module.records.items():
        for field_name, field in fields.items():
            # A record type that extends another one takes over its computed fields and their rules.
            owners = module.lineage(name)
            found = [per_record[owner, field_name] for owner in owners if (owner, field_name) in per_record]
            if field.computed and not found:
                raise LawError("no_rule", f"{name}.{field_name} is computed, but no rule computes it", file=file)
            if field.computed and found[0].returns != field.type:
                reason = f"{name}.{field_name} is {field.type}, its rule returns {found[0].returns}"
                raise LawError("type", reason, file=file, line=_line(found[0]))


def _link(rule: RuleSource, module: Module, known: Mapping[str, Type], file: str) -> dict[str, Any]:
    record = _record_of(rule, module, known)
    names: dict[str, tuple[Node, Type]] = {}
    scope = Scope(file, _field_types(module, known), names)
    for position, (name, kind) in enumerate(rule.parameters):
        if record and position == 0:
            names[name] = ({"op": "self"}, kind)
            continue
        _check_annotation(rule, name, kind, known, scope)
        names[name] = ({"op": "ref", "name": name}, known[name])
    body, actual = read_body(rule.function, scope)
    if not assignable(actual, rule.returns):
        scope.refuse(rule.function, "type", f"{rule.name} returns {actual}, but says {rule.returns}")
    unused = [name for name, _ in rule.parameters if name not in scope.used]
    if unused:
        scope.refuse(rule.function, "unused", f"{rule.name} does not use {', '.join(unused)}")
    return {
        "name": rule.name,
        "record": record,
        **rule.mark,
        "doc": ast.get_docstring(rule.function) or "",
        "line": _line(rule),
        "parameters": [name for name, _ in rule.parameters[1 if record else 0 :]],
        "returns": rule.returns.to_data(),
        "slots": scope.slots[0],
        "body": body,
    }


def _field_types(module: Module, known: Mapping[str, Type]) -> dict[str, dict[str, Type]]:
    """Return the attributes of each record type: its fields, and the results of its per-record rules."""
    types = {name: {key: field.type for key, field in fields.items()} for name, fields in module.records.items()}
    for rule in module.rules:
        owner = _record_of(rule, module, known)
        for name in types:
            if owner in module.lineage(name):
                types[name].setdefault(rule.name, rule.returns)
    return types


def _check_annotation(rule: RuleSource, name: str, kind: Type, known: Mapping[str, Type], scope: Scope) -> None:
    if name not in known:
        reason = f"parameter {name} of {rule.name} is no fact, rule or parameter of this service"
        scope.refuse(rule.function, "unknown_name", reason)
    declared = known[name]
    same = declared == kind or (declared.kind == "enum" and kind.kind == "text" and declared.optional == kind.optional)
    if not same:
        scope.refuse(rule.function, "annotation", f"{name} is {declared}, but {rule.name} takes it as {kind}")
