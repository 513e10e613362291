from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formlos.registers.codes import ALPHABET, CodeMistyped, derived_code, normalise, random_code

codes = st.builds(lambda number: derived_code(b"secret", str(number), symbols=11), st.integers(0, 10**9))


def test_a_code_is_read_in_groups_of_four():
    assert [len(group) for group in random_code(symbols=11).split("-")] == [4, 4, 4]


@given(codes)
def test_case_dashes_and_spaces_do_not_matter(code):
    assert normalise(code.lower().replace("-", " ")) == normalise(code) == code.replace("-", "")


@given(codes)
def test_letters_that_look_like_digits_are_read_as_digits(code):
    assert normalise(code.replace("0", "O").replace("1", "l")) == normalise(code)


@given(codes, st.integers(0, 11), st.sampled_from(ALPHABET))
def test_one_wrong_symbol_is_noticed(code, place, symbol):
    plain = normalise(code)
    typed = plain[:place] + symbol + plain[place + 1 :]
    if typed != plain:
        with pytest.raises(CodeMistyped):
            normalise(typed)


@given(codes, st.integers(0, 10))
def test_two_swapped_symbols_are_noticed(code, place):
    plain = normalise(code)
    typed = plain[:place] + plain[place + 1] + plain[place] + plain[place + 2 :]
    if typed != plain:
        with pytest.raises(CodeMistyped):
            normalise(typed)


@pytest.mark.parametrize("typed", ["", "7", "ABCU-1234", "Straße", "=*$~"])
def test_what_is_no_code_is_refused(typed):
    with pytest.raises(CodeMistyped):
        normalise(typed)


def test_the_check_symbol_is_crockfords():
    # Derived by hand from https://www.crockford.com/base32.html: "16J" is 1·1024 + 6·32 + 18 = 1234, and
    # 1234 modulo 37 is 13, the symbol D.
    assert normalise("16JD") == "16JD"
