import pytest

from formlos.law.language import NONE
from formlos.notices.contents import ContentsRefused, UnknownLayout, contents_for
from formlos.notices.tests.examples import CODE_LETTER, PERSON, REGISTRATION


def test_a_confirmation_holds_the_items_of_the_statute_and_nothing_else_of_the_register():
    contents = contents_for(layout="meldebestaetigung", arguments=REGISTRATION).model_dump()
    assert set(contents) == {
        "person",
        "einzugsdatum",
        "auszugsdatum",
        "meldedatum",
        "anschrift",
        "wohnungsstatus",
    }
    assert set(contents["person"]) == {"familienname", "vornamen", "rufname", "doktorgrad", "geburtsdatum"}


def test_known_to_be_none_is_not_printed_whether_it_comes_as_python_or_as_json():
    for none in (NONE, {"none": True}, ""):
        person = PERSON | {"doktorgrad": none}
        contents = contents_for(layout="meldebestaetigung", arguments=REGISTRATION | {"person": person})
        assert contents.model_dump()["person"]["doktorgrad"] is None


def test_a_missing_item_is_refused_by_name_without_showing_any_value():
    person = {key: value for key, value in PERSON.items() if key != "familienname"}
    with pytest.raises(ContentsRefused) as refused:
        contents_for(layout="meldebestaetigung", arguments=REGISTRATION | {"person": person})
    assert "person.familienname" in str(refused.value)
    assert "Ľubomíra" not in str(refused.value)


@pytest.mark.parametrize("dates", [{"einzugsdatum": None}, {"auszugsdatum": "2026-02-28"}])
def test_a_confirmation_is_about_moving_in_or_about_moving_out(dates):
    with pytest.raises(ContentsRefused):
        contents_for(layout="meldebestaetigung", arguments=REGISTRATION | dates)


def test_an_unknown_layout_is_refused():
    with pytest.raises(UnknownLayout):
        contents_for(layout="../../etc/passwd", arguments=CODE_LETTER)
