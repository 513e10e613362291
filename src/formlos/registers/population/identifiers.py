"""Numbers that are well-formed and belong to nobody."""

from __future__ import annotations

from zlib import crc32

CAPACITY = 3_265_920  # ways to place a second zero and eight of nine other digits behind the first zero
_STRIDE = 1_299_709  # prime, so that neighbours in the register do not have neighbouring numbers
_SERIAL_LETTERS = "0123456789CFGHJKLMNPRTVWXYZ"


def tax_number(ags: str, number: int) -> str:
    """The ``number``-th invented Identifikationsnummer of a municipality: distinct for ``CAPACITY`` numbers.

    Ten digits and a check digit (ISO/IEC 7064 MOD 11,10); among the ten, zero occurs twice and every other
    digit at most once. Numbers that the Bundeszentralamt für Steuern assigns never start with 0.
    """
    rest = (crc32(ags.encode()) + number * _STRIDE) % CAPACITY
    rest, place = divmod(rest, 9)
    left, digits = list("123456789"), []
    for size in range(9, 1, -1):
        rest, position = divmod(rest, size)
        digits.append(left.pop(position))
    digits.insert(place, "0")
    body = "0" + "".join(digits)
    return body + tax_check_digit(body)


def tax_check_digit(body: str) -> str:
    """Check digit of the first ten digits of an Identifikationsnummer (ISO/IEC 7064 MOD 11,10)."""
    product = 10
    for digit in body:
        total = (int(digit) + product) % 10 or 10
        product = total * 2 % 11
    return str((11 - product) % 10)


def document_number(number: int) -> str:
    """A serial number in the alphabet of identity cards; real ones start with a letter, these with 0."""
    serial = ""
    number = (number * 7_654_321 + 1_234_567) % 27**7
    for _ in range(7):
        number, position = divmod(number, 27)
        serial += _SERIAL_LETTERS[position]
    return "0" + serial + _document_check("0" + serial)


def _document_check(serial: str) -> str:
    """Check digit with weights 7, 3, 1 (ICAO Doc 9303)."""
    values = (int(sign) if sign.isdigit() else ord(sign) - 55 for sign in serial)
    return str(sum(value * (7, 3, 1)[place % 3] for place, value in enumerate(values)) % 10)
