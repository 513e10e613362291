"""Gives values their full form: records as dicts of their fields, lists as lists."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from formlos.law.evaluation.moving import fixed
from formlos.law.evaluation.program import Program
from formlos.law.evaluation.run import NO_FRAME, Run
from formlos.law.evaluation.unknowns import Listing, as_listing, merged
from formlos.law.language import NONE
from formlos.law.types import Type
from formlos.law.values import Unknown


def read(program: Program, run: Run, name: str) -> Any:
    """Return a fact, rule, parameter or path (`personen/7/ist_kind`) in its full form.

    Raises LawError (`unknown_name`).
    """
    document = program.document
    if document.is_name(name):
        return assemble(program, run, program.reference(name)(run, NO_FRAME), document.type_of(name))
    owner, _, field = name.rpartition("/")
    kind = document.fact_type(owner)
    if kind.is_record_list and kind.item:
        return assemble(program, run, name, kind.item)
    field_kind = program.field_type(kind.name, field)
    value = program.reader(kind.name, field)(run, owner)
    return assemble(program, run, value, field_kind)


def assemble(
    program: Program,
    run: Run,
    value: Any,
    kind: Type,
    fields: Sequence[str] | None = None,
    settle: Callable[[Any], Any] = fixed,
) -> Any:
    """Return a value in its full form, or Unknown while any part of it is unknown.

    Records become dicts of the fields that come with them (or of `fields`), with their key as `key` if they are
    members of a list. settle: `fixed` notes that what moves with today changes tomorrow, `plain` does not.
    """
    if value.__class__ is Unknown or value is NONE:
        return value
    if kind.kind == "list" or value.__class__ is Listing:
        return _list(program, run, as_listing(value), kind, fields, settle)
    if kind.kind == "record":
        return _record(program, run, value, kind, fields, settle)
    return settle(value)


def _list(
    program: Program,
    run: Run,
    listing: Listing,
    kind: Type,
    fields: Sequence[str] | None,
    settle: Callable[[Any], Any],
) -> Any:
    item = kind.item or Type("text")
    members = [assemble(program, run, member, item, fields, settle) for member in listing.sure]
    possible = [assemble(program, run, member, item, fields, settle) for member, _ in listing.possible]
    rest = merged([*members, *possible, listing.unknown])
    return members if rest is None else rest


def _record(
    program: Program,
    run: Run,
    path: str,
    kind: Type,
    fields: Sequence[str] | None,
    settle: Callable[[Any], Any],
) -> Any:
    found = {}
    for name in program.fields_of(path, kind.name) if fields is None else fields:
        value = program.reader(kind.name, name)(run, path)
        found[name] = assemble(program, run, value, program.field_type(kind.name, name), None, settle)
    rest = merged(found.values())
    if rest is not None:
        return rest
    base, _, key = path.rpartition("/")
    is_member = base and program.document.fact_type(base).is_record_list
    return {"key": key, **found} if is_member else found
