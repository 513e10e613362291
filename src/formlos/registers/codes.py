"""Codes that people read, type and dictate: Crockford's Base32 with its check symbol.

Source: https://www.crockford.com/base32.html. Letters that look like digits are read as those digits;
spaces and dashes do not matter; one wrong or two swapped symbols are noticed without asking the database.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CHECK_SYMBOLS = ALPHABET + "*~$=U"
_LOOKALIKES = str.maketrans({"O": "0", "I": "1", "L": "1", " ": None, "-": None, "–": None, "\u00a0": None})


class CodeMistyped(ValueError):
    """The check symbol does not fit, or a symbol is none of the alphabet."""

    code = "code_mistyped"


def random_code(*, symbols: int) -> str:
    """A fresh code of ``symbols`` random symbols (5 bits each) and a check symbol, in groups of four."""
    while True:
        code = _checked("".join(secrets.choice(ALPHABET) for _ in range(symbols)))
        if code:
            return code


def derived_code(secret: bytes, text: str, *, symbols: int) -> str:
    """The same code for the same ``text``, known only to holders of ``secret``."""
    for attempt in range(256):
        stream = hmac.digest(secret, f"{attempt}:{text}".encode(), hashlib.sha256)
        code = _checked("".join(ALPHABET[byte & 31] for byte in stream[:symbols]))
        if code:
            return code
    raise ArithmeticError("no readable code in 256 attempts")


def normalise(text: str) -> str:
    """The code as stored: upper case, no separators, look-alikes replaced. Raises ``CodeMistyped``."""
    code = text.strip().upper().translate(_LOOKALIKES)
    if len(code) < 2 or any(symbol not in ALPHABET for symbol in code):
        raise CodeMistyped("a code has only digits and letters")
    if CHECK_SYMBOLS[_value(code[:-1]) % 37] != code[-1]:
        raise CodeMistyped("the check symbol does not fit")
    return code


def written(text: str) -> str:
    """The code as it is handed out: in groups of four. Raises ``CodeMistyped``."""
    code = normalise(text)
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def _checked(symbols: str) -> str | None:
    """With check symbol and dashes; none where the check symbol would not be a digit or letter of the code."""
    check = CHECK_SYMBOLS[_value(symbols) % 37]
    if check not in ALPHABET:
        return None
    return written(symbols + check)


def _value(symbols: str) -> int:
    value = 0
    for symbol in symbols:
        value = value * 32 + ALPHABET.index(symbol)
    return value
