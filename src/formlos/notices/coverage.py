"""What our font can draw. A sealed page cannot be set with a sign that has no glyph, and people write every sign.

A sign that the font lacks is written as its plain form (a full-width letter, a digit of another script), or as ``[?]``,
and the page says so. The attached machine data keep the text as it was written.
"""

from __future__ import annotations

import struct
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any

FONTS = Path(__file__).parent / "fonts"
PLACEHOLDER = "[?]"
REPLACED = (
    "Das Zeichen „{placeholder}“ steht hier für Zeichen, die unsere Schrift nicht hat. Der Datei dieses Schreibens "
    "ist der Text so beigefügt, wie er geschrieben wurde."
)
INVISIBLE = ("Cc", "Cf", "Mn", "Me")  # without a glyph of their own nothing is missing on the page


def writable(letter: dict[str, Any]) -> dict[str, Any]:
    """The letter (JSON-able) in signs that the font has; where ``[?]`` stands for some, its closing says so."""
    written: dict[str, Any] = _written(letter)
    if _count(written) == _count(letter):
        return written
    return written | {"closing": [*written["closing"], REPLACED.format(placeholder=PLACEHOLDER)]}


def _written(value: Any) -> Any:
    if isinstance(value, str):
        return "".join(_sign(sign) for sign in unicodedata.normalize("NFC", value))
    if isinstance(value, dict):
        return {name: _written(part) for name, part in value.items()}
    return [_written(part) for part in value] if isinstance(value, list | tuple) else value


def _count(value: Any) -> int:
    if isinstance(value, str):
        return value.count(PLACEHOLDER)
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ()
    return sum(_count(part) for part in parts)


@cache
def _sign(sign: str) -> str:
    drawn = covered()
    if sign == "\n" or ord(sign) in drawn:
        return sign
    if sign.isspace():
        return " "
    if unicodedata.category(sign) in INVISIBLE:
        return ""
    digit = unicodedata.digit(sign, None)
    plain = str(digit) if digit is not None else unicodedata.normalize("NFKC", sign)
    return plain if all(ord(part) in drawn for part in plain) else PLACEHOLDER


@cache
def covered() -> frozenset[int]:
    """Code points that every one of our fonts has a glyph for."""
    return frozenset.intersection(*(_characters(font.read_bytes()) for font in sorted(FONTS.glob("*.ttf"))))


def _characters(font: bytes) -> frozenset[int]:
    """The Basic Multilingual Plane of a font: its ``cmap`` in format 4 (OpenType 1.9, 5.1.4)."""
    tables = (struct.unpack_from(">4sLLL", font, 12 + 16 * n) for n in range(struct.unpack_from(">H", font, 4)[0]))
    cmap = next(offset for tag, _, offset, _ in tables if tag == b"cmap")
    records = (
        struct.unpack_from(">HHL", font, cmap + 4 + 8 * n) for n in range(*struct.unpack_from(">H", font, cmap + 2))
    )
    at = next(cmap + o for _, _, o in records if struct.unpack_from(">H", font, cmap + o)[0] == 4)
    count = struct.unpack_from(">H", font, at + 6)[0] // 2
    ends, starts, deltas, offsets = (
        struct.unpack_from(f">{count}H", font, at + 14 + 2 * (count * part + (part > 0))) for part in range(4)
    )
    found = set()
    for n in range(count):
        for point in range(starts[n], ends[n] + 1):
            glyph = point
            if offsets[n]:
                place = at + 16 + 2 * (count * 3 + n) + offsets[n] + 2 * (point - starts[n])
                glyph = struct.unpack_from(">H", font, place)[0]
            if glyph and (glyph + deltas[n]) % 0x10000 and point != 0xFFFF:
                found.add(point)
    return frozenset(found)
