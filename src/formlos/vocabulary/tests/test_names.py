"""Names are checked and transliterated as DIN 91379 says, compared with the published lists where present."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest

from formlos.vocabulary import NameNotAllowed, check_name, search_form

REPOSITORY = Path(__file__).parents[4]
PUBLISHED = REPOSITORY.parent / "shared" / "conformance" / "din91379"
TYPE_A = {"bll", "bnlreq"}

needs_published_lists = pytest.mark.skipif(not PUBLISHED.is_dir(), reason="the published lists are not here")


def published(file: str) -> Iterator[list[str]]:
    for line in (PUBLISHED / file).read_text(encoding="utf-8").splitlines():
        yield [field.strip() for field in line.split(";")]


def text_of(code_points: str) -> str:
    return "".join(chr(int(code_point, 16)) for code_point in code_points.split())


@needs_published_lists
def test_every_published_letter_and_sign_of_type_a_is_permitted_and_no_other() -> None:
    for group, _, code_points, *_ in published("latin_list_1.3.txt"):
        character = text_of(code_points)
        if group in TYPE_A:
            assert check_name("A" + character) == "A" + character
        else:
            with pytest.raises(NameNotAllowed):
                check_name("A " + character)


@needs_published_lists
def test_every_permitted_code_point_is_a_published_one() -> None:
    listed = {text_of(row[2]) for row in published("latin_list_1.3.txt") if row[0] in TYPE_A}
    for code_point in range(0x20, 0x3000):
        character = unicodedata.normalize("NFC", chr(code_point))
        try:
            check_name("A " + character)
        except NameNotAllowed:
            continue
        assert character in listed


@needs_published_lists
def test_search_forms_are_the_published_ones() -> None:
    for row in published("latin_list_search_form_1.3.txt"):
        assert search_form(text_of(row[2])) == text_of(row[5])


def test_a_name_is_returned_composed_and_otherwise_untouched() -> None:
    assert check_name("Mu\u0308ller-d’Épinay") == "Müller-d’Épinay"


def test_a_letter_without_composed_form_is_permitted() -> None:
    assert check_name("K\u035fhaled C\u0328\u0306") == "K\u035fhaled C\u0328\u0306"


def test_a_refusal_names_every_offending_character_once() -> None:
    with pytest.raises(NameNotAllowed) as refusal:
        check_name("Иван Q\u0301 7 7")
    assert refusal.value.characters == ("И", "в", "а", "н", "Q\u0301", "7")
    assert "Q\u0301 (U+0051 U+0301)" in str(refusal.value)
    assert refusal.value.code == "name_not_allowed"


@pytest.mark.parametrize("text", ["", " ", "-", "\u0308"])
def test_a_name_without_a_letter_is_refused(text: str) -> None:
    with pytest.raises(NameNotAllowed):
        check_name(text)


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("Müller-Ødegård", "MUELLER OEDEGAARD"),
        ("Groß", "GROSS"),
        ("  D’Agostino,  Łukasz ", "DAGOSTINO LUKASZ"),
        ("Thị Hạnh Nguyễn", "THI HANH NGUYEN"),
        ("Straße des 17. Juni", "STRASSE DES 17 JUNI"),
    ],
)
def test_the_search_form_is_plain_capitals(name: str, form: str) -> None:
    assert search_form(name) == form
