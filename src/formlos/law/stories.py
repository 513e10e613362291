"""Plays the stories of a service: facts in, expected questions, values and effects out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from formlos.law.document import ASKING, Document
from formlos.law.errors import LawError
from formlos.law.law import Law
from formlos.law.service.parties import INVITATION, REPRESENTED
from formlos.law.types import encode
from formlos.law.values import Facts, Unknown
from formlos.law.yamltext import read_mapping

MOST_STAGES = 200


@dataclass(frozen=True)
class Course:
    """How a case went: facts obtained at the end, paths asked by kind of source, sources tried."""

    facts: Facts
    asked: Mapping[str, tuple[str, ...]]
    sources: tuple[str, ...]


def load_stories(folder: Path) -> dict[str, dict[str, Any]]:
    """Return the stories of a service folder by file name."""
    return {path.stem: read_mapping(path) for path in sorted((folder / "cases").glob("*.yaml"))}


def story_facts(document: Document, story: Mapping[str, Any]) -> Facts:
    """Return the facts of a story: what it tells, `today`, and what a person leaves at its default.

    `today` is the clock's date and, unless told otherwise, the case's own (the day of filing).
    Raises LawError (`unknown_name`, `value`).
    """
    given = dict(story.get("facts") or {})
    for path, kind in document.fact_types.items():
        own = _has_kind(document, path, "clock") or _has_kind(document, path, "case")
        if "today" in story and kind.kind == "date" and own:
            given.setdefault(path, story["today"])
        if "default" in document.data["facts"][path]:
            given.setdefault(path, document.data["facts"][path]["default"])
    return document.facts_from(given)


def _has_kind(document: Document, path: str, kind: str) -> bool:
    sources = document.data["sources"]
    return any(sources[name]["kind"] == kind for name in document.data["facts"][path]["sources"])


def story_law(document: Document, story: Mapping[str, Any]) -> Law:
    """Return the law of the municipality that a story plays in."""
    return Law(document, story.get("land", "BW"), story.get("local") or {})


def play(law: Law, known: Facts, story: Mapping[str, Any] | None = None) -> Course:
    """Follow the plan from what the case itself has; every source answers with the facts of the story that it is asked for.

    A source answers none where the story knows nothing, or says so (`none: {source: [fact]}`), and is down if the
    story says so (`down: [source]`). An invitation tells nothing unless the story begins with one (`invited: true`),
    nor does the source on a child unless somebody acts for it (`represented: true`).
    The course ends when all is known or nothing is left to try.
    """
    down, withheld = (story or {}).get("down", []), (story or {}).get("none", {})
    given = {INVITATION: "invited", REPRESENTED: "represented"}
    absent = {kind for kind, key in given.items() if (story or {}).get(key) != "true"}
    at_hand = {path: known[path] for fact in law.document.at_hand for path in _answer(law.document, known, fact)}
    facts, tried = Facts(at_hand), dict[str, dict[str, str]]()
    asked: dict[str, dict[str, None]] = {kind: {} for kind in ASKING}
    sources: dict[str, None] = {}
    for _ in range(MOST_STAGES):
        ready = [step for step in law.plan(facts, tried).steps if step.state == "ready"]
        if not ready:
            break
        for step in ready:
            sources[step.source] = None
            for path in step.facts:
                declared = law.document.declared(path)
                silent = step.source in down or declared in withheld.get(step.source, ())
                silent = silent or step.kind in absent
                answer = {} if silent else _answer(law.document, known, path)
                state = "down" if step.source in down else "answered" if answer else "none"
                tried.setdefault(path, {})[step.source] = state
                facts = facts.but(answer)
                if step.kind in ASKING:
                    asked[step.kind][path] = None
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
    """Return how a story comes out differently from what it expects; empty if it holds.

    Questions, goals and effects are those of the course that the case takes; values may need more facts than
    the case does, so they are read from all facts of the story.
    """
    law = story_law(document, story)
    facts = story_facts(document, story)
    course = play(law, facts, story)
    expected = story.get("expect") or {}
    wrong = set(expected) - {"questions", "clerk", "goals", "values", "effects", "next_change", "unknown"}
    if wrong:
        raise LawError("story", f"expect has no {', '.join(sorted(wrong))}")
    found = [*_values(law, course.facts, expected.get("goals", {})), *_values(law, facts, expected.get("values", {}))]
    found += [
        line for key, check in _CHECKS.items() if key in expected for line in check(law, course.facts, expected[key])
    ]
    # What a person may leave as offered is reviewed, not asked.
    offered = {path for path, entry in document.data["facts"].items() if "default" in entry}
    for key, kind in (("questions", "applicant"), ("clerk", "clerk")):
        wanted, asked = set(expected.get(key, ())) - offered, set(course.asked[kind]) - offered
        if key in expected and wanted != asked:
            found.append(_difference(key, wanted, asked))
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


_CHECKS: dict[str, Callable[[Law, Facts, Any], list[str]]] = {
    "effects": _effects,
    "next_change": _next_change,
    "unknown": _unknown,
}
