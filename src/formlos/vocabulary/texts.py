"""Texts that people write: without signs that nobody sees and that make others read something else."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

# Control characters but the line feed, halves of surrogate pairs, and what turns the direction of reading around
# (Unicode Standard Annex 9, explicit directional embeddings, overrides and isolates).
HIDDEN: Final = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def in_lines(text: str) -> str:
    """The text with ``\\n`` for every end of a line and a space for every tab."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")


def hidden_signs(text: str) -> tuple[str, ...]:
    """Each hidden sign once, as ``U+202E``; ends of lines in any form and tabs are none."""
    return tuple(dict.fromkeys(f"U+{ord(sign):04X}" for sign in HIDDEN.findall(in_lines(text))))


def without_hidden(text: str) -> str:
    """The text without hidden signs, for a note that is taken as it comes."""
    return HIDDEN.sub("", in_lines(text))


def ascii_digits(text: str) -> str:
    """Digits of every script as 0-9; everything else stays."""
    return "".join(sign if (digit := unicodedata.digit(sign, None)) is None else str(digit) for sign in text)
