"""What a case knows, grouped by where it comes from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from formlos.cases.queries import Known
from formlos.cases.values import type_of
from formlos.catalogue.finder.towns import name_in
from formlos.dialogue.words import Texts, address_in_words, declared, label_of, moment_in_words, value_in_words
from formlos.law import Law

AT_COUNTER = "Am Schalter geprüft"
REGISTER = "Melderegister "


@dataclass(frozen=True)
class Row:
    """``path`` is the fact's, or that of the record that the line stands for; ``file``: id of a file handed in."""

    label: str
    value: str
    path: str = ""
    file: str = ""


@dataclass(frozen=True)
class Member:
    """One record of a list, such as a person."""

    name: str
    rows: list[Row]


@dataclass
class Origin:
    """All that one supplier said. ``basis`` is the norm on which it was fetched; ``is_own``: the person said it."""

    title: str
    moment: str
    basis: str
    is_own: bool = False
    rows: list[Row] = field(default_factory=list)
    members: list[Member] = field(default_factory=list)


def origins(law: Law, known: Iterable[Known], texts: Texts, *, now: datetime) -> list[Origin]:
    """Facts by origin, the earliest first. Records become one line (addresses) or a member (persons)."""
    groups: dict[str, list[Known]] = {}
    for fact in sorted(known, key=lambda fact: fact.at):
        groups.setdefault(_title(fact.kind, fact.supplier), []).append(fact)
    return [_origin(law, facts, texts, now) for facts in groups.values()]


def _origin(law: Law, facts: list[Known], texts: Texts, now: datetime) -> Origin:
    first = facts[0]
    moment = moment_in_words(max(fact.at for fact in facts), now=now)
    basis = ", ".join(dict.fromkeys(fact.basis for fact in facts if fact.basis))
    found = Origin(_title(first.kind, first.supplier), moment, basis, first.kind == "applicant")
    records: dict[str, dict[str, Known]] = {}
    for fact in facts:
        record, _slash, name = fact.path.rpartition("/")
        if record:
            records.setdefault(record, {})[name] = fact
        elif not law.document.fact_type(fact.path).is_record_list:
            found.rows.append(row(law, fact.path, fact.value, texts))
    for path, fields in records.items():
        if "/" in path:
            found.members.append(_member(law, path, fields, texts))
        else:
            found.rows += _record_rows(law, path, fields, texts)
    return found


def row(law: Law, path: str, value: Any, texts: Texts) -> Row:
    options = texts.get("values", {}).get(declared(path), {})
    if law.document.data["facts"].get(declared(path), {}).get("form") == "file" and isinstance(value, str):
        key, _slash, name = value.partition("/")
        return Row(label_of(path, texts), name, path, file=key)
    if law.document.data["facts"].get(declared(path), {}).get("form") == "names" and isinstance(value, str):
        return Row(label_of(path, texts), ", ".join(value.splitlines()), path)
    return Row(label_of(path, texts), value_in_words(value, type_of(law.document, path), options), path)


def row_of(law: Law, path: str, values: Mapping[str, Any], texts: Texts) -> Row:
    """The answer to a question as one line. values: of the fact, or of a record's fields, by path."""
    if path in values or not values:
        return row(law, path, values.get(path), texts)
    fields = {name.rpartition("/")[2]: value for name, value in values.items()}
    if "strasse" in fields:
        return Row(label_of(path, texts), address_in_words(fields), path)
    words = [row(law, name, value, texts).value for name, value in values.items()]
    return Row(label_of(path, texts), ", ".join(words), path)


def _member(law: Law, path: str, fields: Mapping[str, Known], texts: Texts) -> Member:
    names = [str(fields[name].value) for name in ("vornamen", "familienname") if name in fields]
    label = " ".join(names) or label_of(path.partition("/")[0], texts)
    said = [fact for fact in fields.values() if fact.value not in ({"none": True}, "")]
    return Member(label, [row(law, fact.path, fact.value, texts) for fact in said])


def _record_rows(law: Law, path: str, fields: Mapping[str, Known], texts: Texts) -> list[Row]:
    if "strasse" in fields:
        return [Row(label_of(path, texts), address_in_words({name: fact.value for name, fact in fields.items()}), path)]
    return [row(law, fact.path, fact.value, texts) for fact in fields.values()]


def _title(kind: str, supplier: str) -> str:
    if kind == "identity":
        return _("Aus Ihrem Ausweis")
    if kind == "applicant":
        return _("Von Ihnen")
    if supplier == AT_COUNTER:
        return _("Am Schalter geprüft")
    if kind == "clerk":
        return _("Vom Amt geprüft")
    if kind == "party":
        return _("Von einer zweiten Person: %(supplier)s") % {"supplier": supplier}
    if kind == "invitation":
        return _("Von der Person, die Sie eingeladen hat")
    if kind == "message":
        return _("Aus %(supplier)s") % {"supplier": supplier_in_words(supplier)}
    return supplier_in_words(supplier)


def supplier_in_words(supplier: str) -> str:
    """Whom the journal names in German, in the language of the page."""
    if supplier.startswith(REGISTER):
        return _("Melderegister %(town)s") % {"town": supplier_in_words(supplier.removeprefix(REGISTER))}
    known = {"Verzeichnis der Behörden": _("Verzeichnis der Behörden"), "Post": _("Post")}
    return known.get(supplier) or name_in(get_language() or "", supplier)
