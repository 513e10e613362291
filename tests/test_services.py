"""Plays every story of every service: the world answers what the law asks for, and the outcome is compared.

A story's `facts` are what the world would say. They reach the law only when its plan asks their source, so a story
also proves what is asked of whom. `silent` names facts that a source does not supply, `down` sources that do not answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from formlos.law import NONE, Document, Facts, Law, ListOf, load_service
from formlos.law.types import Type, decode, encode
from formlos.law.yamltext import read_mapping

SERVICES = Path(__file__).parents[1] / "services"
FOLDERS = sorted(path.parent for path in SERVICES.glob("*/service.yaml"))
STORIES = sorted(SERVICES.glob("*/cases/*.yaml"))
GIVEN = {"clock", "case", "identity", "trigger"}
EXPECTATIONS = {"questions", "clerk", "goals", "values", "effects", "next_change", "unknown"}


@cache
def document_of(folder: Path) -> Document:
    return load_service(folder)


@cache
def story_of(path: Path) -> dict[str, Any]:
    return read_mapping(path)


def law_of(path: Path) -> Law:
    story = story_of(path)
    return Law(document_of(path.parent.parent), land=story.get("land", "BW"), local=story.get("local", {}))


@dataclass
class Play:
    """One story on its way. `known` is what the law has learned, `asked` who was asked for what."""

    law: Law
    world: Mapping[str, Any]
    silent: Mapping[str, list[str]]
    down: list[str]
    known: dict[str, Any] = field(default_factory=dict)
    tried: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: dict[str, set[str]] = field(default_factory=lambda: {"applicant": set(), "clerk": set()})

    def run(self) -> None:
        self._open()
        while not self.facts_suffice() and self._advance():
            pass

    @property
    def facts(self) -> Facts:
        return Facts(self.known)

    def facts_suffice(self) -> bool:
        return self.law.evaluate(self.facts).known

    def _open(self) -> None:
        """Take what is there from the start: day, filing, identity or message, and declared defaults."""
        sources = self.law.document.data["sources"]
        for name, entry in self.law.document.data["facts"].items():
            given = [source for source in entry["sources"] if sources[source]["kind"] in GIVEN]
            if given and not self._reveal(name):
                self.tried[name] = dict.fromkeys(given, "none")
            if "default" in entry and not self._reveal(name):
                self.known[name] = decode(self.law.document.fact_types[name], entry["default"])

    def _advance(self) -> bool:
        before = (len(self.known), str(self.tried))
        for step in self.law.plan(self.facts, self.tried).steps:
            if step.state != "ready":
                continue
            for path in step.facts:
                self.asked.get(step.kind, set()).add(path)
                self._ask(path, step.source, step.kind)
        return (len(self.known), str(self.tried)) != before

    def _ask(self, path: str, source: str, kind: str) -> None:
        if source in self.down:
            self.tried.setdefault(path, {})[source] = "down"
        elif path in self.silent.get(source, ()) or not self._reveal(path):
            if kind not in self.asked:
                self.tried.setdefault(path, {})[source] = "none"

    def _reveal(self, path: str) -> bool:
        """Let the law know a fact, and what comes with it; False if the world has no answer."""
        declared = self.law.document.declared
        found = {
            key: value
            for key, value in self.world.items()
            if key == path or (key.startswith(path + "/") and declared(key) == declared(path))
        }
        self.known.update(found)
        return bool(found)


def world_of(document: Document, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Turn a story's facts into values by path."""
    world: dict[str, Any] = {}
    for path, value in facts.items():
        kind = document.fact_type(path)
        if kind.is_record_list and isinstance(value, Mapping):
            world |= _people(document, path, kind, value)
        elif kind.kind == "record" and isinstance(value, Mapping):
            world |= _record(document, path, value)
        elif kind.kind == "list" and isinstance(value, list):
            world[path] = ListOf(tuple(value))
        else:
            world[path] = NONE if value == "none" else decode(kind, value)
    return world


def _people(document: Document, path: str, kind: Type, value: Mapping[str, Any]) -> dict[str, Any]:
    complete, members = value.get("complete") != "false", value.get("of", value)
    world: dict[str, Any] = {path: ListOf(tuple(members), complete)}
    for key, fields in members.items():
        world |= _record(document, f"{path}/{key}", fields)
    return world


def _record(document: Document, path: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    return {
        f"{path}/{name}": NONE if text == "none" else decode(document.fact_type(f"{path}/{name}"), text)
        for name, text in fields.items()
    }


@cache
def played(path: Path) -> Play:
    story, law = story_of(path), law_of(path)
    today = date.fromisoformat(story["today"])
    world = {"heute": today} | world_of(law.document, story["facts"])
    if "antragsdatum" in law.document.fact_types:
        world.setdefault("antragsdatum", today)
    play = Play(law, world, story.get("silent", {}), story.get("down", []))
    play.run()
    return play


def named(paths: Iterable[Path]) -> list[Any]:
    return [pytest.param(path, id=f"{path.parent.parent.name}/{path.stem}") for path in paths]


def expecting(*keys: str) -> list[Any]:
    return named(path for path in STORIES if any(key in story_of(path)["expect"] for key in keys))


@pytest.mark.parametrize("path", expecting("questions", "clerk"))
def test_people_are_asked_exactly_what_the_story_says(path):
    expect, asked = story_of(path)["expect"], played(path).asked
    for key, person in (("questions", "applicant"), ("clerk", "clerk")):
        if key in expect:
            assert sorted(asked[person]) == sorted(expect[key]), key


@pytest.mark.parametrize("path", expecting("goals", "unknown"))
def test_goals_are_decided_as_the_story_says(path):
    expect, play = story_of(path)["expect"], played(path)
    outcome = play.law.evaluate(play.facts)
    assert outcome.errors == ()
    assert {goal: encode(value) for goal, value in outcome.values.items()} == {
        goal: encode(decode(play.law.document.type_of(goal), text)) for goal, text in expect.get("goals", {}).items()
    }
    assert sorted(goal for goal in outcome.unknown if ":" not in goal) == sorted(expect.get("unknown", []))


@pytest.mark.parametrize("path", expecting("values"))
def test_values_are_those_of_the_story(path):
    play = played(path)
    for name, text in story_of(path)["expect"]["values"].items():
        value = play.law.value(play.facts, name)
        if isinstance(text, list):
            assert [item["key"] for item in value] == text, name
        else:
            assert encode(value) == encode(decode(play.law.document.type_of(name), text)), name


@pytest.mark.parametrize("path", expecting("effects"))
def test_effects_are_those_of_the_story(path):
    play = played(path)
    assert sorted(effect.id for effect in play.law.effects(play.facts)) == sorted(story_of(path)["expect"]["effects"])


@pytest.mark.parametrize("path", expecting("next_change"))
def test_the_next_change_is_on_the_day_of_the_story(path):
    play = played(path)
    assert play.law.plan(play.facts, play.tried).next_change == date.fromisoformat(
        story_of(path)["expect"]["next_change"]
    )


@pytest.mark.parametrize("path", named(STORIES))
def test_a_story_says_who_derived_it_from_what_and_expects_something(path):
    story = story_of(path)
    assert story["title"] and story["derived_by"]
    assert story["expect"] and set(story["expect"]) <= EXPECTATIONS


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_every_service_has_stories_that_end_in_each_way(folder):
    """Granting, refusing and incomplete, as far as the law leaves these ways open."""
    goals = document_of(folder).goals
    ends = {
        (goal, story_of(path)["expect"].get("goals", {}).get(goal, "open"))
        for path in STORIES
        if path.parent.parent == folder
        for goal in goals
    }
    assert ends >= {(goal, end) for goal in goals for end in ("true", "false", "open")}


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_every_doubt_of_a_clerk_has_a_story(folder):
    facts, sources = document_of(folder).data["facts"], document_of(folder).data["sources"]
    doubts = {
        name
        for name, entry in facts.items()
        if {sources[source]["kind"] for source in entry["sources"]} == {"clerk"} and "/" not in name
    }
    asked = {path for story in STORIES if story.parent.parent == folder for path in played(story).asked["clerk"]}
    assert doubts - asked == set()
