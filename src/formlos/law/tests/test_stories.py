import pytest

from formlos.law import LawError
from formlos.law.stories import deviations, load_stories, play, story_facts, story_law
from formlos.law.tests.conftest import BRUNNEN

STORIES = load_stories(BRUNNEN)


@pytest.mark.parametrize("name", sorted(STORIES))
def test_every_story_comes_out_as_told(document, name):
    assert deviations(document, STORIES[name]) == []


@pytest.fixture
def story():
    return STORIES["familie"]


@pytest.mark.parametrize(
    ("expect", "words"),
    [
        ({"goals": {"gebuehr": "91.00"}}, "expected 91.00, is 90.00"),
        ({"values": {"ist_ermaessigt": "true"}}, "expected true, is false"),
        ({"questions": ["art"]}, "asked in vain: ermaessigung_beantragt"),
        ({"clerk": ["tiefe"]}, "not asked: tiefe"),
        ({"effects": ["bescheid"]}, "effects"),
        ({"unknown": ["gebuehr"]}, "unknown"),
        ({"next_change": "none"}, "next_change"),
    ],
)
def test_a_story_that_comes_out_differently_says_how(document, story, expect, words):
    (line,) = deviations(document, {**story, "expect": expect})
    assert words in line


def test_an_expectation_that_does_not_exist_is_refused(document, story):
    with pytest.raises(LawError, match="story"):
        deviations(document, {**story, "expect": {"goal": {}}})


def test_a_source_that_is_down_leaves_the_case_open(document, story):
    waiting = {**story, "down": ["familienbuch"], "expect": {"unknown": ["gebuehr"], "clerk": []}}
    assert deviations(document, waiting) == []


def test_what_a_source_does_not_know_the_next_one_tells(document, story):
    passed_on = {**story, "none": {"familienbuch": ["kinder"]}, "expect": {"clerk": ["kinder"]}}
    assert deviations(document, passed_on) == []


def test_machines_are_asked_before_people(document, story):
    course = play(story_law(document, story), story_facts(document, story))
    assert course.sources == ("familienbuch", "person", "brunnenbuch")
    assert course.asked["clerk"] == ()


def test_a_list_at_hand_comes_with_its_records(make_service):
    rules = """
@record
class Kind:
    merkmal: str | None


@rule(source="§ 1")
def ziel(kinder: list[Kind]) -> bool:
    return any(kind.merkmal is not None for kind in kinder)
"""
    told_by_a_message = "  kinder: {type: list of Kind, sources: [nachricht]}\n"
    service = make_service(rules, told_by_a_message, sources="  nachricht: {kind: trigger, rank: 1}\n")
    story = {"today": "2026-03-10", "facts": {"kinder": {"a": {"merkmal": "rot"}, "b": {}}}}
    assert deviations(service, {**story, "expect": {"goals": {"ziel": "true"}}}) == []
