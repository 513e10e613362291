import pytest

from formlos.vocabulary.texts import ascii_digits, hidden_signs, in_lines, without_hidden


@pytest.mark.parametrize("sign", ["\x00", "\x07", "\x0b", "\x85", "\u202a", "\u202e", "\u2066", "\u2069", "\ud800"])
def test_signs_that_nobody_sees_are_found_and_left_out(sign):
    assert hidden_signs(f"Stadtbau {sign}HbmG{sign}") == (f"U+{ord(sign):04X}",)
    assert without_hidden(f"Stadt{sign}bau") == "Stadtbau"


def test_lines_tabs_marks_and_every_script_are_no_hidden_signs():
    for text in ("eins\r\nzwei\tdrei\n", "محمد\u200f", "Київ", "中文", "👩\u200d👧", "e\u0301"):
        assert hidden_signs(text) == () and without_hidden(text) == in_lines(text)
    assert in_lines("a\r\nb\rc\td") == "a\nb\nc d"


def test_digits_of_every_script_are_the_same_digits():
    assert ascii_digits("٧٠١٧٣") == ascii_digits("７０１７３") == "70173"
    assert ascii_digits("Nr. 5 a") == "Nr. 5 a"
