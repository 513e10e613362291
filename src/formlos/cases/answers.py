"""Answers of people, read by declared type: forgiving in form, strict in content, with errors that help."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from formlos.cases.values import encode, flatten, type_of
from formlos.law import NONE, Document, Law, ListOf
from formlos.law.types import Type, decode
from formlos.vocabulary.names import NameNotAllowed, check_name
from formlos.vocabulary.texts import ascii_digits, hidden_signs, in_lines

BY_TYPE = ("bool", "date", "int", "decimal", "enum")  # codes of answers that are no such value
CODES = ("unknown_question", "empty", *BY_TYPE, "postleitzahl", "name", "signs", "too_long", "incomplete", "file")
LONGEST = 2000
GERMAN_DATE = re.compile(r"(\d{1,2})\.\s*(\d{1,2})\.\s*(\d{4})")


class AnswersRefused(Exception):
    """Some answers cannot be read. ``errors`` maps each path to (one of ``CODES``, detail); nothing was recorded."""

    code = "answers_refused"

    def __init__(self, errors: dict[str, tuple[str, str]]) -> None:
        super().__init__("; ".join(f"{path}: {code} {detail}".rstrip() for path, (code, detail) in errors.items()))
        self.errors = errors


class _Unreadable(Exception):
    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.code, self.detail = code, detail


def parse_answers(law: Law, answers: Mapping[str, Any], *, allowed: Collection[str]) -> dict[str, Any]:
    """Answers by path as JSON values by leaf path. Raises ``AnswersRefused`` with every error at once.

    ``allowed``: the paths that may be answered now; a record's fields count as the record.
    """
    parsed: dict[str, Any] = {}
    errors: dict[str, tuple[str, str]] = {}
    for path, answer in answers.items():
        if path not in allowed and (path in law.document.fact_types or path.rpartition("/")[0] not in allowed):
            errors[path] = ("unknown_question", "")
            continue
        for leaf, value in flatten(path, answer).items():
            if leaf != path and leaf in law.document.fact_types:
                continue  # a field of the block that has its own sources, not this answer
            try:
                parsed[leaf] = _read(law.document, leaf, value)
            except _Unreadable as problem:
                errors[leaf] = (problem.code, problem.detail)
    blocks = {leaf.rpartition("/")[0] for path in answers for leaf in parsed if leaf.startswith(f"{path}/")}
    errors |= _complete_records(law.document, sorted(blocks), parsed, errors)
    if errors:
        raise AnswersRefused(errors)
    return parsed


def _read(document: Document, path: str, answer: Any) -> Any:
    kind = type_of(document, path)
    if kind is None:
        raise _Unreadable("unknown_question")
    if answer == {"none": True} or answer == "":
        return _empty(document, path, kind)
    try:
        form = document.data["facts"].get(path, {}).get("form", "")
        read = decode(kind, _tidy(kind, path, answer, form))
        _check_choices(document, path, read)
        return encode(read)
    except (ValueError, InvalidOperation) as error:
        raise _Unreadable(kind.kind if kind.kind in BY_TYPE else "unknown_question") from error


def _empty(document: Document, path: str, kind: Type) -> Any:
    """An empty answer: none where that is possible, and the empty text where that is the declared default."""
    if kind.optional:
        return encode(NONE)
    if document.data["facts"].get(path, {}).get("default") == "":
        return ""
    raise _Unreadable("empty")


def _check_choices(document: Document, path: str, read: Any) -> None:
    """The members of a list of texts must be among its worded choices, where it has any."""
    choices = document.text("de", "values", path)
    if isinstance(read, ListOf) and choices and not set(read.keys) <= set(choices):
        raise _Unreadable("enum")


def _tidy(kind: Type, path: str, answer: Any, form: str) -> Any:
    """What people write, in the form that the engine's types read."""
    if not isinstance(answer, str):
        return answer
    text = _seen(answer)
    if kind.kind == "date" and (german := GERMAN_DATE.fullmatch(text)):
        return date(int(german[3]), int(german[2]), int(german[1]))
    if kind.kind == "decimal":
        return Decimal(text.replace(".", "").replace(",", ".")) if "," in text else Decimal(text)
    if kind.kind == "bool":
        return text.lower()
    field = path.rpartition("/")[2]
    if field == "postleitzahl":
        return _postal_code(text)
    if kind.kind == "text":
        return _names(text) if form == "names" else _text(field, text)
    return text


def _seen(answer: str) -> str:
    """The text with nothing in it that nobody sees."""
    if hidden := hidden_signs(answer):
        raise _Unreadable("signs", ", ".join(hidden))
    text = in_lines(answer).strip()
    if len(text) > LONGEST:
        raise _Unreadable("too_long", str(LONGEST))
    return text


def _postal_code(text: str) -> str:
    if not re.fullmatch("[0-9]{5}", ascii_digits(text)):
        raise _Unreadable("postleitzahl")
    return ascii_digits(text)


def _text(field: str, text: str) -> str:
    if field not in ("familienname", "geburtsname", "vornamen", "rufname"):
        return text
    try:
        return check_name(text)
    except NameNotAllowed as error:
        raise _Unreadable("name", ", ".join(error.characters) or text) from error


def _names(text: str) -> str:
    """A person a line; empty lines do not matter."""
    return "\n".join(_text("familienname", line.strip()) for line in text.splitlines() if line.strip())


def _complete_records(
    document: Document, records: list[str], parsed: dict[str, Any], errors: Mapping[str, Any]
) -> dict[str, tuple[str, str]]:
    """A record is answered as one block: what is left out is none where that is possible, and missing elsewhere."""
    found = {}
    for record in records:
        kind = type_of(document, record) or _member_type(document, record)
        missing = []
        for name in document.stored_fields[kind.name] if kind else ():
            path = f"{record}/{name}"
            if path in parsed or path in errors or document.declared(path).endswith(f"/{name}"):
                continue
            if document.record_types[kind.name][name].optional:
                parsed[path] = encode(NONE)
            else:
                missing.append((document.text("de", "facts", path) or {}).get("label", name))
        if missing:
            found[record] = ("incomplete", ", ".join(missing))
    return found


def _member_type(document: Document, path: str) -> Type | None:
    """The record type of a list's member (``personen/1``)."""
    listed = type_of(document, path.rpartition("/")[0])
    return listed.item if listed and listed.is_record_list else None
