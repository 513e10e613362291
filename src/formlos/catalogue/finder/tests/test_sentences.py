"""How well sentences are understood: the test set, and single cases that must never go wrong."""

from __future__ import annotations

from datetime import date

import pytest

from formlos.catalogue.finder.matching import LONGEST, index_of
from formlos.catalogue.finder.matters import matters_of
from formlos.catalogue.finder.measuring import KEY_DATE, halves, measure
from formlos.catalogue.finder.sentence import NothingSaid, TooLong, meaning, suggestions
from formlos.catalogue.finder.streets import Streets
from formlos.config.environment import PROJECT

SERVICES = PROJECT / "services"
STREETS = Streets.of(["Königstraße", "Am Anger", "Straße des 17. Juni"], lambda *_: ("70173", "Stuttgart"))


def matters(text: str) -> list[str]:
    found = meaning(text, today=KEY_DATE, index=index_of(SERVICES), streets=STREETS).answer.found
    return [one.matter.name for one in found]


def test_the_test_set_has_two_hundred_sentences_and_only_known_matters() -> None:
    tuned, held_out = halves()
    assert len(tuned) + len(held_out) >= 200
    known = {matter.name for matter in matters_of(SERVICES).all}
    assert {name for one in (*tuned, *held_out) for name in one.meant} <= known


def test_hit_rates_stay_above_their_floor() -> None:
    found = measure(SERVICES)
    assert (found.tuned.first, found.tuned.three, found.tuned.silent) >= (0.96, 0.93, 0.8)
    assert found.held_out.first >= 0.82
    assert found.held_out.three >= 0.85
    assert found.held_out.silent >= 0.7


def test_the_sentence_of_the_start_page_is_understood_with_all_its_facts() -> None:
    text = "Ich ziehe am 1. März mit meinen zwei Kindern in die Königstraße 5"
    found = meaning(text, today=date(2026, 3, 10), index=index_of(SERVICES), streets=STREETS)
    assert found.answer.found[0].matter.name == "umzug"
    assert found.understood.along and found.understood.along.words == "meinen zwei Kindern"
    assert suggestions(found.answer.found[0].matter, found.understood) == {
        "einzugsdatum": "2026-03-01",
        "neue_anschrift/strasse": "Königstraße",
        "neue_anschrift/hausnummer": "5",
        "neue_anschrift/postleitzahl": "70173",
        "neue_anschrift/ort": "Stuttgart",
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("mein Hund ist gestorben", ["hundesteuer_abmelden"]),
        ("we had a baby", ["geburt"]),
        ("Wir ziehen um und haben einen Hund", ["umzug", "hundesteuer_anmelden"]),
    ],
)
def test_several_matters_where_several_apply(text: str, expected: list[str]) -> None:
    assert set(expected) <= set(matters(text))


def test_what_is_denied_is_not_offered_but_what_has_ended_is() -> None:
    assert matters("Ich habe keinen Hund, ziehe aber um") == ["umzug"]
    assert matters("Ich habe keinen Hund mehr")[0] == "hundesteuer_abmelden"
    assert matters("We no longer have a dog")[0] == "hundesteuer_abmelden"


def test_people_who_come_along_are_no_matters_of_their_own() -> None:
    assert matters("I'm moving to Königstr. 5 with my wife and our baby") == ["umzug"]


@pytest.mark.parametrize("text", ["fuehrerschein verloren", "FÜHRERSCHEIN VERLOREN!!!", "Füherschein verloren"])
def test_spelling_does_not_matter(text: str) -> None:
    assert matters(text)[0] == "fuehrerschein_verlust"


@pytest.mark.parametrize("text", ["", "   ", "🐶🐶", "?!?", "12345"])
def test_a_text_without_a_word_is_refused(text: str) -> None:
    with pytest.raises(NothingSaid):
        matters(text)


def test_a_text_that_is_too_long_is_refused() -> None:
    assert matters(("Umzug " * LONGEST)[:LONGEST])
    with pytest.raises(TooLong):
        matters("Umzug " * 1000)


@pytest.mark.parametrize(
    "text",
    [
        "'; DROP TABLE streets; --",
        "<script>alert(1)</script>",
        "{{ 7*7 }} %s %(x)s",
        "ａｂｃ \x00 \u202e",
        "a" * LONGEST,
    ],
)
def test_hostile_texts_are_read_like_any_other(text: str) -> None:
    assert len(matters(text)) <= 3
