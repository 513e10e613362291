"""Days, addresses, people and towns in a sentence."""

from __future__ import annotations

from datetime import date

import pytest

from formlos.catalogue.finder.dates import days_in
from formlos.catalogue.finder.persons import along_in
from formlos.catalogue.finder.streets import Streets, address_in
from formlos.catalogue.finder.towns import is_town, town_in, town_meant

TUESDAY = date(2026, 3, 10)
STREETS = Streets.of(
    [
        "Königstraße",
        "Straße des 17. Juni",
        "Am Anger",
        "Tübinger Straße",
        "Ring",
        "Schloßstraße",
        "Theodor-Heuss-Straße",
    ]
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ich ziehe am 1. März um", "2026-03-01"),
        ("bin am 01.03. eingezogen", "2026-03-01"),
        ("ziehe am 31.12. um", "2026-12-31"),
        ("bin am 31.12. umgezogen", "2025-12-31"),
        ("am 1.4.26", "2026-04-01"),
        ("2026-04-01", "2026-04-01"),
        ("on March 1st", "2026-03-01"),
        ("the 3rd of May 2027", "2027-05-03"),
        ("am ersten Mai", "2026-05-01"),
        ("in drei Wochen", "2026-03-31"),
        ("vor zwei Wochen", "2026-02-24"),
        ("two weeks ago", "2026-02-24"),
        ("in einem Monat", "2026-04-10"),
        ("nächsten Montag", "2026-03-16"),
        ("seit letzten Freitag", "2026-03-06"),
        ("am Dienstag bin ich eingezogen", "2026-03-03"),
        ("tomorrow", "2026-03-11"),
        ("übermorgen", "2026-03-12"),
        ("am 1. umziehen", "2026-04-01"),
    ],
)
def test_days_are_read(text: str, expected: str) -> None:
    assert [found.day.isoformat() for found in days_in(text, today=TUESDAY)] == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "31.02.2026",
        "Guten Morgen",
        "Anfang März",
        "03/04/2026",
        "kostet 3.50",
        "may I move",
        "in 999 months",
        "1999",
    ],
)
def test_what_is_not_surely_one_day_is_no_day(text: str) -> None:
    assert days_in(text, today=TUESDAY) == []


@pytest.mark.parametrize(
    ("text", "street", "number"),
    [
        ("in die Königstraße 5", "Königstraße", "5"),
        ("Koenigstr. 5", "Königstraße", "5"),
        ("koenigstr 5a", "Königstraße", "5a"),
        ("Königsstraße 5", "Königstraße", "5"),
        ("Königstraße 5 1. März", "Königstraße", "5"),
        ("Straße des 17. Juni 12", "Straße des 17. Juni", "12"),
        ("am anger 3", "Am Anger", "3"),
        ("Tuebinger Str. 12 a", "Tübinger Straße", "12 a"),
        ("theodor heuss str. 10", "Theodor-Heuss-Straße", "10"),
        ("Schlossstr. 3, 70174 Stuttgart", "Schloßstraße", "3"),
        ("wohne jetzt in der Tübinger Straße", "Tübinger Straße", ""),
    ],
)
def test_addresses_are_read_with_the_street_register(text: str, street: str, number: str) -> None:
    found = address_in(text, STREETS)
    assert found is not None
    assert (found.strasse, found.hausnummer, found.registered) == (street, number, True)


def test_a_street_that_the_register_does_not_have_is_marked() -> None:
    found = address_in("in die Kaiserallee 12", STREETS)
    assert found is not None
    assert (found.strasse, found.hausnummer, found.registered) == ("Kaiserallee", "12", False)


@pytest.mark.parametrize("text", ["der Ring ist weg", "ich habe 2 Hunde", "Kaiserallee", "am 17. Juni"])
def test_other_words_are_no_address(text: str) -> None:
    assert address_in(text, STREETS) is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("mit meinen zwei Kindern in die Stadt", "meinen zwei Kindern"),
        ("with my wife and our baby", "my wife and our baby"),
        ("mit meiner Frau und den 2 Kindern", "meiner Frau und den 2 Kindern"),
    ],
)
def test_people_who_come_along_are_quoted(text: str, words: str) -> None:
    found = along_in(text)
    assert found is not None
    assert found.words == words


def test_a_car_is_nobody_who_comes_along() -> None:
    assert along_in("mit dem Auto") is None


@pytest.mark.parametrize(
    ("text", "town"),
    [
        ("Ich bin nach Hamburg gezogen", "Hamburg"),
        ("I'm moving to Munich", "Munich"),
        ("Ich ziehe von München nach Stuttgart", "Stuttgart"),
        ("nach Hause ziehen", ""),
        ("I am moving to a new flat", ""),
    ],
)
def test_the_town_one_moves_to_is_read(text: str, town: str) -> None:
    assert town_in(text) == town


def test_a_town_is_recognised_without_its_title() -> None:
    assert is_town("Stuttgart", "Landeshauptstadt Stuttgart")
    assert not is_town("Hamburg", "Stuttgart")


@pytest.mark.parametrize(
    ("english", "german"),
    [("Munich", "Landeshauptstadt München"), ("Cologne", "Köln"), ("Nuremberg", "Nürnberg"), ("Hanover", "Hannover")],
)
def test_a_town_is_recognised_by_its_english_name(english: str, german: str) -> None:
    assert is_town(english, german)


@pytest.mark.parametrize(
    ("sentence", "town"),
    [
        ("Wir ziehen von München nach Stuttgart", "Stuttgart"),
        ("ich wohne jetzt in STUTTGART", "Stuttgart"),
        ("We are leaving Stuttgart for good, new flat in Muenchen", "München"),
        ("We are moving from Stuttgart to Munich tomorrow", "München"),
        ("I come from Munich and moved to Stuttgart", "Stuttgart"),
        ("mein Hund ist gestorben", ""),
        ("Stuttgart oder München?", ""),
    ],
)
def test_a_sentence_names_the_town_that_it_is_about(sentence: str, town: str) -> None:
    assert town_meant(sentence, ["Stuttgart", "München"]) == town
