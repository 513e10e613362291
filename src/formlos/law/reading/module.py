"""Reads the top level of a `rules.py` or a vocabulary module: imports, record classes, rule functions."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

from formlos.law.errors import LawError
from formlos.law.reading.annotations import read_annotation
from formlos.law.types import Type

VOCABULARY = "formlos.vocabulary"
ALLOWED_IMPORTS: Mapping[str, frozenset[str]] = {
    "__future__": frozenset({"annotations"}),
    "datetime": frozenset({"date", "timedelta"}),
    "decimal": frozenset({"Decimal"}),
    "typing": frozenset({"Literal"}),
    "formlos.law.language": frozenset(
        {"rule", "record", "computed", "is_none", "NONE", "age_on", "next_working_day", "add_months"}
        | {"days_between", "round_half_up"}
    ),
}


@dataclass(frozen=True)
class RuleSource:
    """A rule as it stands in the file: its function, what its mark says, and its annotations."""

    function: ast.FunctionDef
    name: str
    mark: dict[str, Any]
    parameters: tuple[tuple[str, Type], ...]
    returns: Type


@dataclass(frozen=True)
class Field:
    """A field of a record type."""

    type: Type
    computed: bool


RecordFields = dict[str, dict[str, Field]]


@dataclass(frozen=True)
class Module:
    """What a file declares."""

    records: RecordFields
    bases: dict[str, str]
    rules: tuple[RuleSource, ...]

    def lineage(self, record: str) -> list[str]:
        """Return a record type and those that it extends, nearest first."""
        names = [record]
        while names[-1] in self.bases:
            names.append(self.bases[names[-1]])
        return names


def read_rules(path: Path, vocabulary: Path) -> Module:
    """Read a service's `rules.py`; record types may come from the vocabulary package in folder `vocabulary`."""
    return _Reader(path, vocabulary).read()


def read_vocabulary(vocabulary: Path) -> Module:
    """Read the record types of the vocabulary package."""
    path = vocabulary / "__init__.py"
    return _Reader(path, vocabulary, library=True).read() if path.is_file() else Module({}, {}, ())


class _Reader:
    def __init__(self, path: Path, vocabulary: Path, *, library: bool = False) -> None:
        self.path = path
        self.vocabulary = vocabulary
        self.library = library
        self.records: RecordFields = {}
        self.bases: dict[str, str] = {}
        self.rules: list[RuleSource] = []

    def read(self) -> Module:
        try:
            tree = ast.parse(self.path.read_text(encoding="utf-8"), filename=str(self.path))
        except SyntaxError as error:
            raise LawError("syntax", error.msg, file=str(self.path), line=error.lineno or 0) from error
        for statement in tree.body:
            self._statement(statement)
        return Module(self.records, self.bases, tuple(self.rules))

    def _refuse(self, place: ast.AST, code: str, reason: str) -> NoReturn:
        raise LawError(code, reason, file=str(self.path), line=getattr(place, "lineno", 0))

    def _statement(self, statement: ast.stmt) -> None:
        if isinstance(statement, ast.ImportFrom):
            self._import(statement)
        elif isinstance(statement, ast.ClassDef) and self._has_mark(statement, "record"):
            self.records[statement.name] = self._record(statement)
        elif isinstance(statement, ast.FunctionDef) and not self.library:
            self.rules.append(self._rule(statement))
        elif not self.library and not _is_docstring(statement):
            self._refuse(statement, "not_in_language", "only imports, @record classes and @rule functions")

    def _has_mark(self, statement: ast.ClassDef, name: str) -> bool:
        marks = [mark.id for mark in statement.decorator_list if isinstance(mark, ast.Name)]
        if not self.library and marks != [name]:
            self._refuse(statement, "not_in_language", f"a class here is marked @{name}, and nothing else")
        return name in marks

    def _import(self, statement: ast.ImportFrom) -> None:
        module = statement.module or ""
        names = [alias.name for alias in statement.names]
        renamed = [alias for alias in statement.names if alias.asname not in (None, alias.name)]
        if module == VOCABULARY or module.startswith(VOCABULARY + "."):
            if renamed:
                self._refuse(statement, "import", "record types keep their names")
            self._import_records(statement, module, names)
        elif not self.library:
            allowed = ALLOWED_IMPORTS.get(module, frozenset())
            wrong = [name for name in names if name not in allowed]
            if wrong or renamed or statement.level:
                self._refuse(statement, "import", f"`{ast.unparse(statement)}` is not allowed in rules")

    def _import_records(self, statement: ast.ImportFrom, module: str, names: list[str]) -> None:
        inner = module[len(VOCABULARY) :].strip(".").replace(".", "/")
        candidates = [self.vocabulary / f"{inner}.py", self.vocabulary / inner / "__init__.py"]
        path = next((path for path in candidates if path.is_file() and path != self.path), None)
        if path is None:
            self._refuse(statement, "import", f"there is no vocabulary module {module}")
        found = _Reader(path, self.vocabulary, library=True).read()
        for name in names:
            if name in found.records:
                # Types that the record's fields or its base refer to come with it.
                self.records.update(found.records)
                self.bases.update(found.bases)
            elif not self.library:
                self._refuse(statement, "import", f"{module} has no record type {name}")

    def _record(self, statement: ast.ClassDef) -> dict[str, Field]:
        fields: dict[str, Field] = {}
        for base in statement.bases:
            name = ast.unparse(base)
            if name not in self.records:
                self._refuse(base, "unknown_record", f"{name} is no record type known here")
            if fields:
                self._refuse(base, "not_in_language", "a record type extends one other record type")
            fields.update(self.records[name])
            self.bases[statement.name] = name
        for line in statement.body:
            if isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name):
                fields[line.target.id] = self._field(line)
            elif not _is_docstring(line):
                self._refuse(line, "not_in_language", "a record type has typed fields only")
        return fields

    def _field(self, line: ast.AnnAssign) -> Field:
        value = ast.unparse(line.value) if line.value else ""
        if value not in ("", "None", "computed()"):
            self._refuse(line, "not_in_language", f"a field's value is computed() or None, not {value}")
        return Field(self._annotation(line.annotation), computed=value == "computed()")

    def _annotation(self, node: ast.expr | None) -> Type:
        if node is None:
            raise LawError("annotation", "every parameter and result has a type", file=str(self.path))
        found = read_annotation(node, frozenset(self.records))
        if found is None:
            self._refuse(node, "annotation", f"`{ast.unparse(node)}` is no type of the rule language")
        return found

    def _rule(self, function: ast.FunctionDef) -> RuleSource:
        mark = self._mark(function)
        arguments = function.args
        if arguments.vararg or arguments.kwarg or arguments.defaults or arguments.kw_defaults:
            self._refuse(function, "parameters", "a rule's parameters are plain names of what it needs")
        every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
        for argument in every:
            if argument.annotation is None:
                self._refuse(argument, "annotation", f"parameter {argument.arg} has no type")
        if function.returns is None:
            self._refuse(function, "annotation", f"rule {function.name} says no result type")
        parameters = tuple((argument.arg, self._annotation(argument.annotation)) for argument in every)
        name = mark.pop("fact") or function.name
        return RuleSource(function, name, mark, parameters, self._annotation(function.returns))

    def _mark(self, function: ast.FunctionDef) -> dict[str, Any]:
        marks = function.decorator_list
        call = marks[0] if len(marks) == 1 else None
        if not isinstance(call, ast.Call) or ast.unparse(call.func) != "rule" or call.args:
            self._refuse(function, "not_in_language", f"{function.name} must be marked @rule(source=…) only")
        mark: dict[str, Any] = {"source": "", "since": None, "until": None, "key_date": None, "fact": None}
        for keyword in call.keywords:
            if keyword.arg not in mark:
                self._refuse(call, "not_in_language", f"@rule has no {keyword.arg}")
            mark[keyword.arg] = self._mark_value(keyword.arg, keyword.value)
        return mark

    def _mark_value(self, name: str, node: ast.expr) -> str:
        if name not in ("since", "until") and isinstance(node, ast.Constant) and isinstance(node.value, str):
            return node.value
        if name in ("since", "until") and isinstance(node, ast.Call) and ast.unparse(node.func) == "date":
            numbers = [value.value for value in node.args if isinstance(value, ast.Constant)]
            if len(numbers) == 3 and all(isinstance(number, int) for number in numbers):
                try:
                    return date(*numbers).isoformat()  # type: ignore[arg-type]
                except ValueError as error:
                    self._refuse(node, "type", str(error))
        self._refuse(node, "not_in_language", f"@rule's {name} cannot be `{ast.unparse(node)}`")


def _is_docstring(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
