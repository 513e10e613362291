"""Names of natural persons in the Latin letters of DIN 91379 (data type A), and their search form.

The legal spelling is never changed beyond Unicode's composed form (NFC). The search form is a second value
beside it: capital letters A-Z by the transliteration that the norm recommends (ICAO, extended).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Final

# Letters of table 3 (group bll) that are one code point in NFC.
LETTERS: Final = "A-Za-zÀ-ÖØ-öø-žƇƈƏƗƠơƯưƷǍ-ǜǞǟǢ-ǰǴǵǸ-ǿȒȓȘ-țȞȟȧ-ȳəɨʒḂḃḆḇḊ-ḑḗḜ-ḫḯ-ḷḺḻṀ-ṉṒ-ṛṞ-ṣṪ-ṯẀ-ẇẌ-ẗẞẠ-ỹ"

# Letters that exist only as base letter with combining marks: marks -> the base letters they may follow.
SEQUENCES: Final = {
    "\u0300": "CFGKMPSTZcfgkmpstz",
    "\u0301": "JjÿĪī",
    "\u0302": "DKLMNdklmn",
    "\u0304": "CFHKNPSTZcfhknpstzÛûḲḳṢṣṬṭỤụ",
    "\u0306": "CMNRZcmnrzÇç",
    "\u0307": "KUku",
    "\u0308": "CTZczẠạỌọỤụ",
    "\u030b": "Aa",
    "\u030c": "J",
    "\u030d": "ēō",
    "\u0310": "Mm",
    "\u0315": "CKPTckptČč",
    "\u031b": "KTkt",
    "\u031b\u0304": "Ss",
    "\u0323": "CPcpČč",
    "\u0325": "LRlr",
    "\u0325\u0304": "LRlr",
    "\u0326": "CHKLNchklnŽž",
    "\u0327": "ZzŽž",
    "\u0328\u0306": "Cc",
    "\u0331": "HSs",
    "\u035fH": "K",
    "\u035fh": "Kk",
}

# Signs that names may contain (group N1); the hyphen-minus stands first for use in a character class.
SIGNS: Final = "-',. `~¨´·ʹʺʾʿˈˌ’‡"

# Letters whose search form is not their base letter.
TRANSLITERATIONS: Final = {
    "Æ": "AE",
    "Ð": "D",
    "Ø": "OE",
    "Þ": "TH",
    "Đ": "D",
    "Ħ": "H",
    "ĸ": "K",
    "Ł": "L",
    "Ŋ": "N",
    "Œ": "OE",
    "Ŧ": "T",
    "Ƈ": "C",
    "Ə": "E",
    "Ɨ": "I",
    "Ʒ": "Z",
    "Ǥ": "G",
    "ẞ": "SS",
}
UMLAUTS: Final = frozenset("AOU")
DIAERESIS: Final = "\u0308"
RING: Final = "\u030a"

_SEQUENCE = "|".join(f"[{letters}]{marks}" for marks, letters in sorted(SEQUENCES.items(), key=lambda e: -len(e[0])))
_PERMITTED = re.compile(f"{_SEQUENCE}|[{LETTERS}]|[{SIGNS}]")
_CLUSTER = re.compile(r".[\u0300-\u036f]*", re.DOTALL)


class NameNotAllowed(ValueError):
    """The name contains characters that DIN 91379 type A does not permit, or no letter at all."""

    code = "name_not_allowed"

    def __init__(self, characters: Iterable[str]) -> None:
        self.characters = tuple(dict.fromkeys(characters))
        named = ", ".join(f"{character} ({_code_points(character)})" for character in self.characters)
        super().__init__(f"not permitted in a name by DIN 91379: {named}" if named else "a name needs a letter")


def check_name(text: str) -> str:
    """Return the name in NFC; its spelling is otherwise unchanged.

    Raises NameNotAllowed with every character or base letter with marks that DIN 91379 type A does not permit.
    """
    name = unicodedata.normalize("NFC", text)
    offending = tuple(_offending(name))
    if offending or not any(character.isalpha() for character in name):
        raise NameNotAllowed(offending)
    return name


def search_form(text: str) -> str:
    """Return the name in A-Z and spaces for comparing and finding, never for writing to anyone.

    Hyphens separate words like spaces do; other signs vanish; digits stay. 'Müller-Ødegård' -> 'MUELLER OEDEGAARD'.
    """
    letters = "".join(_transliterated(cluster) for cluster in _clusters(text.replace("-", " ")))
    return " ".join(letters.split())


def _offending(name: str) -> Iterator[str]:
    position = 0
    while position < len(name):
        permitted = _PERMITTED.match(name, position)
        if permitted is not None and not unicodedata.combining((name + " ")[permitted.end()]):
            position = permitted.end()
            continue
        cluster = _CLUSTER.match(name, position)
        assert cluster is not None
        yield cluster.group()
        position = cluster.end()


def _clusters(text: str) -> Iterator[str]:
    return (match.group() for match in _CLUSTER.finditer(unicodedata.normalize("NFD", text)))


def _transliterated(cluster: str) -> str:
    """Turn one base letter with its marks (NFD) into capital letters."""
    base, marks = cluster[0].upper(), cluster[1:]
    if DIAERESIS in marks and base in UMLAUTS:
        return base + "E"
    if RING in marks and base == "A":
        return "AA"
    plain = TRANSLITERATIONS.get(base, unicodedata.normalize("NFKD", base).upper())
    return "".join(
        character for character in plain if character == " " or (character.isascii() and character.isalnum())
    )


def _code_points(text: str) -> str:
    return " ".join(f"U+{ord(character):04X}" for character in text)
