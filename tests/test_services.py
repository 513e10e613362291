"""Every service loads, is sound, and comes out as its stories say; and sources are asked in the order the law wants."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from formlos.law import Document, Facts, Law, checks, load_service, stories
from formlos.law.plan import Plan, Step
from formlos.law.yamltext import read_mapping

SERVICES = Path(__file__).parents[1] / "services"
FOLDERS = sorted(path.parent for path in SERVICES.glob("*/service.yaml"))
STORIES = sorted(SERVICES.glob("*/cases/*.yaml"))
FAMILY = SERVICES / "umzug" / "cases" / "01_familie_von_muenchen.yaml"
IDENTITY = ("familienname", "vornamen", "geburtsdatum", "ausweis_art", "vertrauensniveau", "bisherige_anschrift")


@cache
def document_of(folder: Path) -> Document:
    return load_service(folder)


@cache
def story_of(path: Path) -> dict[str, Any]:
    return read_mapping(path)


def named(paths: Iterable[Path]) -> list[Any]:
    return [pytest.param(path, id=f"{path.parent.parent.name}/{path.stem}") for path in paths]


each_service = pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
each_story = pytest.mark.parametrize("path", named(STORIES))


@each_service
def test_a_service_is_sound(folder):
    assert [finding.message for finding in checks.check(document_of(folder))] == []


@each_story
def test_a_story_comes_out_as_it_says(path):
    assert stories.deviations(document_of(path.parent.parent), story_of(path)) == []


@each_story
def test_a_story_says_who_derived_it_from_what_and_what_becomes_of_the_goals(path):
    story = story_of(path)
    assert story["title"] and story["derived_by"]
    assert {"goals", "unknown"} & set(story["expect"])


@each_service
def test_a_service_has_stories_that_grant_refuse_and_stay_incomplete(folder):
    told = [story_of(path)["expect"] for path in STORIES if path.parent.parent == folder]
    for goal in document_of(folder).goals:
        assert {story.get("goals", {}).get(goal, "open") for story in told} == {"true", "false", "open"}


@each_service
def test_every_doubt_of_a_clerk_has_a_story(folder):
    document = document_of(folder)
    kinds = {name: source["kind"] for name, source in document.data["sources"].items()}
    doubts = {
        name for name, fact in document.data["facts"].items() if {kinds[one] for one in fact["sources"]} == {"clerk"}
    }
    told = [story_of(path)["expect"] for path in STORIES if path.parent.parent == folder]
    assert doubts - {path for story in told for path in story.get("clerk", ())} == set()


def law() -> Law:
    return Law(document_of(SERVICES / "umzug"), land="BW")


def family(*known: str, today: str = "2026-03-10", **changed: str) -> Facts:
    """What is known of the family from Munich: identity, case and defaults, and the facts `known` of their story."""
    story = story_of(FAMILY)
    facts = stories.story_facts(document_of(SERVICES / "umzug"), story | {"today": today, "facts": {}})
    told = document_of(SERVICES / "umzug").facts_from(story["facts"] | changed)
    wanted = {*IDENTITY, "eigene_ags", "ist_angeschlossen", *known, *changed}
    fields_asked_later = {path for path in told if path.endswith("/zieht_mit")}
    return facts.but(
        {path: told[path] for path in told if path.split("/")[0] in wanted and path not in fields_asked_later}
    )


SAID = ("berechtigung_ist_versichert", "einzugsdatum", "neue_anschrift", "wohnungsnachweis", "zuordnungsmerkmal")
LOOKED_UP = (
    "anschrift_ist_bekannt",
    "anschrift_ist_wohnung",
    "gemeldete_personen",
    "wohnflaeche",
    "wohnungsgeber_name",
)
CHECKED = (*SAID, *LOOKED_UP, "zuordnungsmerkmal_ergebnis")


def step(plan: Plan, source: str) -> Step | None:
    return next((one for one in plan.steps if one.source == source), None)


def test_munich_is_asked_as_soon_as_the_person_has_assured_and_named_the_day():
    asked = step(law().plan(family("berechtigung_ist_versichert", "einzugsdatum")), "wegzug")
    assert asked is not None and asked.state == "ready"
    assert asked.inputs["umfang"] == "familie"
    assert asked.inputs["bisherige_anschrift"]["ort"] == "München"


def test_munich_is_not_asked_before_the_day_of_a_future_move():
    plan = law().plan(family(*CHECKED, einzugsdatum="2026-04-01"))
    asked = step(plan, "wegzug")
    assert asked is not None and (asked.state, asked.until) == ("waiting", date(2026, 4, 1))
    assert plan.next_change == date(2026, 4, 1)


def test_the_own_register_of_residents_is_not_asked_before_that_day_either():
    plan = law().plan(family(*CHECKED, einzugsdatum="2026-04-01", eigene_ags="09162000"))
    asked = step(plan, "melderegister")
    assert asked is not None and (asked.state, asked.until) == ("waiting", date(2026, 4, 1))


def test_nobody_is_asked_for_the_key_of_the_municipality():
    asked = step(law().plan(family()), "person")
    assert asked is not None and "neue_anschrift" in asked.facts
    assert not any(path.endswith("/ags") for path in asked.facts)
    assert document_of(SERVICES / "umzug").sources_of("neue_anschrift/ags") == ["fall"]


def test_the_rules_of_umzug_stand_in_the_order_of_the_statute():
    rules = sorted(document_of(SERVICES / "umzug").rules, key=lambda rule: rule["line"])
    places = [place_in_the_statute(rule["source"]) for rule in rules]
    assert places == sorted(places)


def place_in_the_statute(source: str) -> tuple[int, str]:
    """Where the first norm of a rule stands: sections of the BMG, the ordinance on § 23a behind it, others at the end."""
    section, letter, statute = re.search(r"§§? (\d+)(\w?)\b.*? (BMG|BMeldDigiV|VwVfG|PAuswV)", source).groups()
    return {"BMG": (int(section), letter), "BMeldDigiV": (23, "b"), "VwVfG": (100, ""), "PAuswV": (101, "")}[statute]


def test_the_case_waits_while_munich_is_down_and_no_clerk_is_asked():
    down = {path: {"wegzug": "down"} for path in ("treffer", "personen", "verstorben", "nach_unbekannt")}
    plan = law().plan(family(*CHECKED), down)
    assert [one.state for one in plan.steps if one.source == "wegzug"] == ["waiting"]
    assert step(plan, "amt") is None and plan.missing == ()


def test_a_clerk_enters_the_family_when_munich_finds_nobody():
    nobody = {path: {"wegzug": "none"} for path in ("personen", "verstorben", "nach_unbekannt")}
    asked = step(law().plan(family(*CHECKED, treffer="keiner"), nobody), "amt")
    assert asked is not None and set(asked.facts) == {"identitaet_ist_geprueft", "personen"}


def test_the_register_of_the_city_answers_for_moves_inside_it():
    inside = family("berechtigung_ist_versichert", "einzugsdatum", eigene_ags="09162000")
    plan = law().plan(inside)
    assert step(plan, "wegzug") is None
    assert step(plan, "melderegister") is not None


def test_people_of_the_form_are_asked_about_once_the_form_is_there():
    asked = step(law().plan(family(*CHECKED, "treffer", "personen", "verstorben", "nach_unbekannt")), "person")
    assert asked is not None
    assert set(asked.facts) == {f"personen/{key}/zieht_mit" for key in ("p2", "p3", "p4")}


def test_a_family_is_asked_for_five_things_and_who_moves():
    assert law().plan(family()).remaining_questions <= 6
