"""A few questions a page, in the plan's order; answers as they were typed; every mistake at its place."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict

from formlos.cases.wording import Question
from formlos.dialogue import controls, reading, sheets


def question(path: str, kind: str = "text", **more: Any) -> Question:
    told = {"label": path, "question": f"{path}?", "why": "", "hint": "", "warning": "", "options": {}, "fields": {}}
    return Question(path=path, kind=kind, **told | more)


ADDRESS = question("anschrift", "record", fields={"strasse": "Straße", "zusatz": "Zusatz"}, optional=("zusatz",))
OATH = question("versichert", "bool", warning="Wer lügt, macht sich strafbar.")
MOVES = [question(f"personen/{key}/zieht_mit", "bool") for key in "abcdefg"]


def paths(questions: list[Question]) -> list[str]:
    return [one.path for one in questions]


def test_a_page_holds_a_few_questions_and_an_address_counts_for_three() -> None:
    few = [question(name) for name in "abcde"]
    assert paths(sheets.sheet(few)) == ["a", "b", "c", "d"]
    assert paths(sheets.sheet([ADDRESS, *few])) == ["anschrift", "a"]


def test_what_the_law_warns_of_stands_alone() -> None:
    assert paths(sheets.sheet([OATH, ADDRESS])) == ["versichert"]
    assert paths(sheets.sheet([question("a"), OATH])) == ["a"]


def test_a_whole_family_is_asked_on_one_page() -> None:
    page = sheets.sheet([*MOVES, question("a")])
    assert paths(page) == paths(MOVES)
    assert sheets.about_members(page)
    assert not sheets.about_members([question("a", "bool")])


def test_answers_of_a_form_are_read_by_the_kind_of_question() -> None:
    several = question("sperren", "list", options={"a": "A", "b": "B"})
    sent = QueryDict("anschrift/strasse=+Weg+&anschrift/zusatz=&sperren=a&versichert=true")
    assert reading.answers([ADDRESS, several, OATH, question("code")], sent) == {
        "anschrift": {"strasse": "Weg", "zusatz": ""},
        "sperren": {"keys": ["a"], "complete": True},
        "versichert": "true",
        "code": "",
    }


def test_who_is_not_checked_among_members_does_not_move() -> None:
    first, second = MOVES[:2]
    sent = QueryDict(f"mitglieder=1&frage={first.path}&frage={second.path}&mitglied={first.path}")
    assert reading.answers([first, second], sent) == {first.path: True, second.path: False}


def test_what_was_typed_is_shown_again_with_its_mistakes_at_their_place() -> None:
    sent = QueryDict("anschrift/strasse=&anschrift/zusatz=2.+Stock")
    told = reading.typed([ADDRESS], sent)
    group = controls.group(ADDRESS, told=told, errors={"anschrift/strasse": "Bitte beantworten."})
    assert [(field.value, field.error) for field in group.fields] == [("", "Bitte beantworten."), ("2. Stock", "")]
    (problem,) = controls.problems([group])
    assert problem == controls.Problem("f-anschrift-strasse", "Straße: Bitte beantworten.")


def test_an_optional_field_says_so() -> None:
    group = controls.group(ADDRESS, told={}, errors={})
    assert [field.label for field in group.fields] == ["Straße", "Zusatz (falls vorhanden)"]


def test_everybody_of_a_family_is_checked_at_first_but_not_whoever_was_unchecked() -> None:
    told = {MOVES[0].path: False}
    group = controls.members(MOVES[:2], names={one.path: "Jo" for one in MOVES}, told=told, title="Wer zieht mit um?")
    assert [choice.chosen for choice in group.choices] == [False, True]


def test_nothing_is_chosen_before_the_person_chose() -> None:
    group = controls.group(OATH, told={}, errors={})
    assert [choice.chosen for choice in group.choices] == [False, False]
    assert [choice.chosen for choice in controls.group(OATH, told={"versichert": True}, errors={}).choices] == [
        True,
        False,
    ]
