"""Plays the stories of a service: facts in, expected questions, values and effects out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from formlos.law.document import ASKING, Document
from formlos.law.errors import LawError
from formlos.law.law import Law
from formlos.law.types import encode
from formlos.law.values import Facts, Unknown
from formlos.law.yamltext import read_mapping

MOST_STAGES = 200


@dataclass(frozen=True)
class Course:
    """How a case went: facts obtained at the end, declared facts asked by kind of source, sources tried."""

    facts: Facts
    asked: Mapping[str, tuple[str, ...]]
    sources: tuple[str, ...]


def load_stories(folder: Path) -> dict[str, dict[str, Any]]:
    """Return the stories of a service folder by file name."""
    return {path.stem: read_mapping(path) for path in sorted((folder / "cases").glob("*.yaml"))}


def story_facts(document: Document, story: Mapping[str, Any]) -> Facts:
    """Return the facts of a story, `today` as the clock's fact. Raises LawError (`unknown_name`, `value`)."""
    given = dict(story.get("facts") or {})
    clocks = [path for path in document.fact_types if _has_kind(document, path, "clock")]
    if "today" in story and clocks:
        given.setdefault(clocks[0], story["today"])
    return document.facts_from(given)


def _has_kind(document: Document, path: str, kind: str) -> bool:
    sources = document.data["sources"]
    return any(sources[name]["kind"] == kind for name in document.data["facts"][path]["sources"])


def story_law(document: Document, story: Mapping[str, Any]) -> Law:
    """Return the law of the municipality that a story plays in."""
    return Law(document, story.get("land", "BW"), story.get("local") or {})


def play(law: Law, known: Facts) -> Course:
    """Follow the plan from nothing; every source answers with the facts of the story that it is asked for.

    A source that the story gives nothing for answers none. The course ends when all is known or nothing is left.
    """
    facts, tried = Facts(), dict[str, dict[str, str]]()
    asked: dict[str, dict[str, None]] = {kind: {} for kind in ASKING}
    sources: dict[str, None] = {}
    for _ in range(MOST_STAGES):
        ready = [step for step in law.plan(facts, tried).steps if step.state == "ready"]
        if not ready:
            break
        for step in ready:
            sources[step.source] = None
            for path in step.facts:
                answer = _answer(law.document, known, path)
                tried.setdefault(path, {})[step.source] = "answered" if answer else "none"
                facts = facts.but(answer)
                if step.kind in ASKING:
                    asked[step.kind][law.document.declared(path)] = None
    return Course(facts, {kind: tuple(paths) for kind, paths in asked.items()}, tuple(sources))


def _answer(document: Document, known: Facts, path: str) -> dict[str, Any]:
    """Return what the story knows of a path: the fact, and the fields that come with a record or a list."""
    declared = document.declared(path)
    below = {
        place: value
        for place, value in known.items()
        if place.startswith(path + "/") and document.declared(place) == declared
    }
    return {path: known[path], **below} if path in known else below


def deviations(document: Document, story: Mapping[str, Any]) -> list[str]:
    """Return how a story comes out differently from what it expects; empty if it holds."""
    law = story_law(document, story)
    facts = story_facts(document, story)
    expected = story.get("expect") or {}
    unknown_keys = set(expected) - set(_CHECKS) - {"questions", "clerk"}
    if unknown_keys:
        raise LawError("story", f"expect has no {', '.join(sorted(unknown_keys))}")
    found = [line for key, check in _CHECKS.items() if key in expected for line in check(law, facts, expected[key])]
    course = play(law, facts) if {"questions", "clerk"} & set(expected) else None
    for key, kind in (("questions", "applicant"), ("clerk", "clerk")):
        if course and key in expected and set(expected[key]) != set(course.asked[kind]):
            found.append(_difference(key, set(expected[key]), set(course.asked[kind])))
    return found


def _difference(key: str, expected: set[str], found: set[str]) -> str:
    lacking, extra = sorted(expected - found), sorted(found - expected)
    parts = [f"not asked: {', '.join(lacking)}"] if lacking else []
    parts += [f"asked in vain: {', '.join(extra)}"] if extra else []
    return f"{key}: {'; '.join(parts)}"


def _values(law: Law, facts: Facts, expected: Mapping[str, Any]) -> list[str]:
    found = []
    for name, text in expected.items():
        value = law.value(facts, name)
        if value.__class__ is Unknown:
            found.append(f"{name}: expected {text}, still open: {', '.join(sorted(value.needs)) or value}")
        elif _shown(value) != _shown(text):
            found.append(f"{name}: expected {text}, is {_shown(value)}")
    return found


def _shown(value: Any) -> Any:
    if isinstance(value, list):
        return sorted(str(item.get("key")) if isinstance(item, Mapping) else str(item) for item in value)
    plain = encode(value)
    if isinstance(plain, Mapping):
        return "none" if plain == {"none": True} else {key: _shown(item) for key, item in plain.items()}
    return str(plain).lower() if isinstance(plain, bool) else str(plain)


def _effects(law: Law, facts: Facts, expected: list[str]) -> list[str]:
    try:
        found = sorted(effect.id for effect in law.effects(facts))
    except LawError as error:
        still_open = {k: sorted(v) for k, v in law.evaluate(facts).unknown.items() if k.startswith("effect:")}
        return [f"effects: {error.reason} ({still_open})"]
    return [] if found == sorted(expected) else [f"effects: expected {sorted(expected)}, are {found}"]


def _next_change(law: Law, facts: Facts, expected: str) -> list[str]:
    found = str(law.evaluate(facts).next_change or "none")
    return [] if found == expected else [f"next_change: expected {expected}, is {found}"]


def _unknown(law: Law, facts: Facts, expected: list[str]) -> list[str]:
    found = sorted(goal for goal in law.evaluate(facts).unknown if not goal.startswith("effect:"))
    return [] if found == sorted(expected) else [f"unknown: expected {sorted(expected)}, are {found}"]


_CHECKS = {
    "goals": _values,
    "values": _values,
    "effects": _effects,
    "next_change": _next_change,
    "unknown": _unknown,
}
