"""What can be wrong with a service although it loads: one named check per thing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from formlos.law.document import ASKING, Document
from formlos.law.service.parties import PARTY, handed
from formlos.law.support import children

LANGUAGES = ("de", "en")
PARTY_TEXTS = ("name", "ask", "message", "asked")
SUPPLIED = ("clock", "case", "trigger", "identity", "invitation", "represented")


@dataclass(frozen=True)
class Finding:
    """Something to repair. `code` names the check, `place` the fact, rule, parameter, effect or text."""

    code: str
    place: str
    message: str


def check(document: Document) -> list[Finding]:
    """Return all findings; an empty list is a sound service."""
    return [finding for one_check in CHECKS for finding in one_check(document)]


def rule_name(rule: dict[str, Any]) -> str:
    """Return a rule's name, with its record type if it has one."""
    return f"{rule['record']}.{rule['name']}" if rule["record"] else str(rule["name"])


def referenced(document: Document, rule: dict[str, Any]) -> set[str]:
    """Return the names of rules, facts and parameters that a rule reads; `<Record>.<field>` for fields."""
    found = set()
    pending = [rule["body"]]
    while pending:
        node = pending.pop()
        if node["op"] == "ref":
            found.add(node["name"])
        elif node["op"] == "field":
            found.add(_field(document, node["record"], node["name"]))
        pending += children(node)
    return found | _key_dates(document, rule)


def _key_dates(document: Document, entry: dict[str, Any]) -> set[str]:
    dated = entry.get("since") or entry.get("until")
    return {str(entry["key_date"] or document.data["service"]["key_date"])} if dated else set()


def _field(document: Document, record: str, name: str) -> str:
    """Return the name of a field by the record type whose rule computes it, if one does."""
    rules = {rule_name(rule) for rule in document.rules}
    owners = [owner for owner in document.lineage(record) if f"{owner}.{name}" in rules]
    return f"{owners[0] if owners else record}.{name}"


def _reads(document: Document) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for rule in document.rules:
        found.setdefault(rule_name(rule), set()).update(referenced(document, rule))
    for name, entry in document.data["params"].items():
        found[name] = {entry["key_date"]} if any(one["since"] or one["until"] for one in entry["values"]) else set()
    return found


def find_cycles(document: Document) -> Iterator[Finding]:
    """Rules that determine each other."""
    reads = _reads(document)
    done: set[str] = set()
    for start in reads:
        for circle in _circles(start, reads, [], done):
            yield Finding("cycle", start, f"determine each other: {' → '.join(circle)}")


def _circles(name: str, reads: dict[str, set[str]], path: list[str], done: set[str]) -> Iterator[list[str]]:
    if name in path:
        yield [*path[path.index(name) :], name]
    elif name not in done:
        for other in sorted(reads.get(name, ())):
            yield from _circles(other, reads, [*path, name], done)
        done.add(name)


def find_facts_without_source(document: Document) -> Iterator[Finding]:
    """Facts that nobody can supply."""
    for path, entry in document.data["facts"].items():
        if not entry["sources"]:
            yield Finding("no_source", path, f"{path} names no source")


def _roots(document: Document) -> set[str]:
    roots = {text for value in document.data["service"].values() for text in _texts(value)}
    for source in document.data["sources"].values():
        roots |= {*source["needs"], *source["inputs"].values()}
        roots |= {source["to"]} if isinstance(source.get("to"), str) else set()
    for effect in document.data["effects"]:
        roots.add(effect["when"])
        roots |= {given["of"] for given in effect["with"].values()}
        roots |= {effect["for_each"]["of"]} if effect["for_each"] else set()
    return roots | handed(document)


def _texts(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else [text for text in value if isinstance(text, str)]


def _effect_fields(document: Document) -> set[str]:
    """Return the record fields that effects pass on."""
    found = set()
    for effect in document.data["effects"]:
        for given in [*effect["with"].values(), *([effect["for_each"]] if effect["for_each"] else [])]:
            base, _, field = given["of"].partition("/")
            kind = document.type_of(base)
            record = kind.item.name if kind.item else kind.name
            names = [field] if field else given["fields"]
            if record:
                names = document.stored_fields[record] if names is None else names
                found |= {_field(document, record, name) for name in names}
    return found


def _reached(document: Document) -> set[str]:
    reads = _reads(document)
    pending = list(_roots(document) | _effect_fields(document))
    reached: set[str] = set()
    while pending:
        name = pending.pop()
        if name not in reached:
            reached.add(name)
            base, _, field = name.partition("/")
            pending += [*reads.get(name, ()), *([base] if field else [])]
    return reached


def find_unreached_facts(document: Document) -> Iterator[Finding]:
    """Facts that no rule, source or effect reads: they must not be asked (data minimisation)."""
    reached = _reached(document)
    fields = {name.partition(".")[2] for name in reached if "." in name}
    for path in document.fact_types:
        base, _, field = path.partition("/")
        read = base in reached and field in fields if field else path in reached
        kinds = {document.data["sources"][name]["kind"] for name in document.data["facts"][path]["sources"]}
        if not read and not kinds <= set(SUPPLIED):
            yield Finding("unreached_fact", path, f"nothing reads {path}")


def find_unreached_rules(document: Document) -> Iterator[Finding]:
    """Rules that no goal, source or effect needs, and that `service.yaml` does not name as shown."""
    reached = _reached(document)
    for rule in document.rules:
        if rule_name(rule) not in reached:
            yield Finding("unreached_rule", rule_name(rule), f"nothing needs {rule_name(rule)}")


def find_unused_params(document: Document) -> Iterator[Finding]:
    """Parameters that nothing reads."""
    reached = _reached(document)
    for name in document.data["params"]:
        if name not in reached:
            yield Finding("unused_param", name, f"nothing reads {name}")


def find_goals_without_rule(document: Document) -> Iterator[Finding]:
    """Goals that no rule determines."""
    for goal in document.goals:
        if goal not in document.rule_types:
            yield Finding("goal", goal, f"no rule determines {goal}")


def find_rules_without_norm(document: Document) -> Iterator[Finding]:
    """Rules that cite nothing or say nothing."""
    for rule in document.rules:
        if not str(rule["source"]).strip():
            yield Finding("no_norm", rule_name(rule), f"{rule_name(rule)} cites no norm")
        if not rule["doc"]:
            yield Finding("no_docstring", rule_name(rule), f"{rule_name(rule)} does not say what the norm says")


def find_params_without_source(document: Document) -> Iterator[Finding]:
    """Parameter versions that cite nothing, and calendars without source."""
    for name, entry in document.data["params"].items():
        if any(not version.get("source") for version in entry["values"]):
            yield Finding("no_norm", name, f"a version of {name} cites no source")
    for name, calendar in document.data["calendars"].items():
        if not calendar["source"]:
            yield Finding("no_norm", name, f"calendar {name} cites no source")


def find_uncited_facts(document: Document) -> Iterator[Finding]:
    """Facts that are asked or fetched without a legal basis."""
    for path, entry in document.data["facts"].items():
        kinds = {document.data["sources"][name]["kind"] for name in entry["sources"]}
        if not entry.get("basis") and kinds - set(SUPPLIED):
            yield Finding("no_basis", path, f"{path} is fetched or asked without a legal basis")


def find_uncovered_periods(document: Document) -> Iterator[Finding]:
    """Parameters that end earlier or begin later than a rule which reads them."""
    for rule in document.rules:
        for name in rule["parameters"]:
            versions = document.data["params"].get(name, {}).get("values")
            if not versions:
                continue
            first, last = versions[0]["since"], versions[-1]["until"]
            if first and rule["since"] and first > rule["since"]:
                yield Finding("period", name, f"{rule['name']} holds since {rule['since']}, {name} since {first}")
            if last and (not rule["until"] or rule["until"] > last):
                yield Finding("period", name, f"{rule['name']} still holds when {name} has ended ({last})")


def find_missing_texts(document: Document) -> Iterator[Finding]:
    """Texts that pages need: questions, values, reasons and effects, in German and English."""
    for language in LANGUAGES:
        for section, name, wanted in _wanted_texts(document):
            text = document.text(language, section, name)
            lacking = [key for key in wanted if not (isinstance(text, dict) and text.get(key))]
            if lacking or not text:
                what = f" ({', '.join(lacking)})" if lacking else ""
                yield Finding("text", f"{language}: {section}/{name}", f"missing text for {name}{what}")


def _wanted_texts(document: Document) -> Iterator[tuple[str, str, Iterable[str]]]:
    for path, entry in document.data["facts"].items():
        kinds = {document.data["sources"][name]["kind"] for name in entry["sources"]}
        if kinds & set(ASKING):
            yield "facts", path, ("label", "question", "why")
        if document.fact_types[path].kind == "enum":
            yield "values", path, document.fact_types[path].values
    for name in dict.fromkeys(rule["name"] for rule in document.rules):
        yield "rules", name, ()
    for effect in document.data["effects"]:
        yield "effects", effect["id"], ()
    for name, source in document.data["sources"].items():
        if source["kind"] == PARTY:
            yield "parties", name, PARTY_TEXTS


def find_texts_of_nothing(document: Document) -> Iterator[Finding]:
    """Texts for facts, rules or effects that the service does not have."""
    rules = {rule["name"] for rule in document.rules}
    known = {"rules": rules, "effects": {effect["id"] for effect in document.data["effects"]}}
    for language, sections in document.data["texts"].items():
        for section, names in known.items():
            for name in sorted(set(sections.get(section) or {}) - names):
                yield Finding("text_of_nothing", f"{language}: {section}/{name}", f"there is no {name}")
        for path in sections.get("facts") or {}:
            if path not in document.fact_types and not _is_field(document, path):
                yield Finding("text_of_nothing", f"{language}: facts/{path}", f"there is no {path}")


def _is_field(document: Document, path: str) -> bool:
    base, _, field = path.partition("/")
    kind = document.fact_types.get(base)
    record = kind.item.name if kind and kind.item else kind.name if kind else ""
    return field in document.record_types.get(record, {})


def find_ranks_out_of_order(document: Document) -> Iterator[Finding]:
    """Facts whose sources are listed in another order than their ranks say."""
    ranks = document.data["sources"]
    for path, entry in document.data["facts"].items():
        if any(ranks[one]["rank"] > ranks[two]["rank"] for one, two in pairwise(entry["sources"])):
            yield Finding("rank", path, f"{path} lists its sources against their ranks")


CHECKS = (
    find_cycles,
    find_facts_without_source,
    find_unreached_facts,
    find_unreached_rules,
    find_unused_params,
    find_goals_without_rule,
    find_rules_without_norm,
    find_params_without_source,
    find_uncited_facts,
    find_uncovered_periods,
    find_missing_texts,
    find_texts_of_nothing,
    find_ranks_out_of_order,
)
