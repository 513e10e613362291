"""From a question to what a page shows: headings, fields, choices, what was typed, what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from formlos.cases.wording import Question

NONE = {"none": True}
YES, NO = "true", "false"
AUTOCOMPLETE = {
    "postleitzahl": "postal-code",
    "ort": "address-level2",
    "familienname": "family-name",
    "vornamen": "given-name",
    "geburtsdatum": "bday",
}
INPUTMODE = {"postleitzahl": "numeric", "int": "numeric", "decimal": "decimal"}
WIDTH = {"hausnummer": "short", "postleitzahl": "short"}
RADIOS, CHECKBOXES, INPUTS = "radios", "checkboxes", "inputs"


@dataclass(frozen=True)
class Choice:
    """One of several answers; ``field`` asks at once what follows from it."""

    value: str
    label: str
    chosen: bool
    field: Field | None = None


@dataclass(frozen=True)
class Field:
    """One control. ``type`` is an input's type, ``textarea`` or ``file``; ``name`` is the fact's path."""

    name: str
    label: str
    type: str = "text"
    value: str = ""
    error: str = ""
    autocomplete: str = ""
    inputmode: str = ""
    width: str = ""

    @property
    def id(self) -> str:
        return html_id(self.name)

    @property
    def file_name(self) -> str:
        """Of an answer ``<id>/<name>``."""
        return self.value.partition("/")[2]


@dataclass(frozen=True)
class Group:
    """One question: its controls are radios, checkboxes or inputs. ``is_block`` tells that several belong together."""

    question: Question
    title: str
    control: str
    fields: tuple[Field, ...] = ()
    choices: tuple[Choice, ...] = ()
    error: str = ""

    @property
    def id(self) -> str:
        return html_id(self.question.path)

    @property
    def is_block(self) -> bool:
        return self.control != INPUTS or len(self.fields) > 1


@dataclass(frozen=True)
class Problem:
    """What is wrong, and the ``id`` of the control where to mend it."""

    id: str
    text: str


def html_id(path: str) -> str:
    return "f-" + path.replace("/", "-")


def group(
    question: Question,
    *,
    told: Mapping[str, Any],
    errors: Mapping[str, str],
    name: str = "",
    more: Mapping[str, Question] | None = None,
) -> Group:
    """told: what is known or was typed, by path in JSON form. errors: sentences by path. name: of whom is asked.

    more: what choices ask at once.
    """
    title = f"{name}: {question.question}" if name else question.question
    value, error = told.get(question.path), errors.get(question.path, "")
    if question.kind == "bool":
        choices = ((YES, _("Ja")), (NO, _("Nein")))
        chosen = str(value).lower() if value is not None else ""
        return Group(question, title, RADIOS, choices=_choices(choices, {chosen}), error=error)
    if question.kind == "enum":
        choices = _choices(question.options.items(), {str(value)})
        at_once = {choice: _single(one, told, errors) for choice, one in (more or {}).items()}
        return Group(
            question,
            title,
            RADIOS,
            choices=tuple(replace(choice, field=at_once.get(choice.value)) for choice in choices),
            error=error,
        )
    if question.kind == "list":
        chosen_keys = set(value.get("keys", ())) if isinstance(value, Mapping) else set()
        return Group(question, title, CHECKBOXES, choices=_choices(question.options.items(), chosen_keys), error=error)
    if question.kind == "record":
        fields = [
            _field(f"{question.path}/{part}", _label(question, part), "text", told, errors) for part in question.fields
        ]
        return Group(question, title, INPUTS, fields=tuple(fields), error=error)
    return Group(question, title, INPUTS, fields=(_single(question, told, errors),))


def members(questions: Iterable[Question], *, names: Mapping[str, str], told: Mapping[str, Any], title: str) -> Group:
    """The same yes or no of every member of a list as one block of checkboxes; all are checked at first."""
    asked = list(questions)
    choices = tuple(Choice(one.path, names.get(one.path, one.path), told.get(one.path) is not False) for one in asked)
    return Group(asked[0], title, CHECKBOXES, choices=choices)


def problems(groups: Iterable[Group]) -> list[Problem]:
    """All that is wrong on a page, in its order, for the summary on top."""
    found = []
    for one in groups:
        if one.error:
            first = one.fields[0].id if one.fields else one.id
            found.append(Problem(first, one.error))
        fields = [*one.fields, *(choice.field for choice in one.choices if choice.field)]
        found += [Problem(field.id, _about(one, field)) for field in fields if field.error]
    return found


def _about(one: Group, field: Field) -> str:
    return f"{field.label}: {field.error}" if len(one.fields) > 1 else field.error


def _choices(options: Iterable[tuple[str, str]], chosen: set[str]) -> tuple[Choice, ...]:
    return tuple(Choice(value, label, value in chosen) for value, label in options)


def _label(question: Question, part: str) -> str:
    label = question.fields[part]
    return _("%(label)s (falls vorhanden)") % {"label": label} if part in question.optional else label


def _single(question: Question, told: Mapping[str, Any], errors: Mapping[str, str]) -> Field:
    kinds = {"date": "date", "file": "file", "long": "textarea", "names": "textarea"}
    return _field(question.path, question.label, kinds.get(question.form or question.kind, "text"), told, errors)


def _field(path: str, label: str, kind: str, told: Mapping[str, Any], errors: Mapping[str, str]) -> Field:
    part, value = path.rpartition("/")[2], told.get(path)
    return Field(
        name=path,
        label=label,
        type=kind,
        value="" if value in (None, NONE) else str(value),
        error=errors.get(path, ""),
        autocomplete=AUTOCOMPLETE.get(part, ""),
        inputmode=INPUTMODE.get(part, ""),
        width=WIDTH.get(part, "") or ("short" if kind == "date" else ""),
    )
