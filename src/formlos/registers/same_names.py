"""Whether two spellings mean the same landlord or tenant. A no is a doubt for a person to settle, nothing more."""

from __future__ import annotations

import unicodedata


def same_firm(known: str, said: str) -> bool:
    """The same words, in any order; accents, case and punctuation do not matter."""
    return bool(known) and words(known) == words(said)


def same_person(known: str, *, vornamen: str, familienname: str) -> bool:
    """The whole family name and at least one first name, and no word that the person does not bear."""
    stored, first, family = words(known), words(vornamen), words(familienname)
    return bool(family) and family <= stored <= family | first and bool(stored & first)


def words(name: str) -> frozenset[str]:
    """A name's words without what people spell in different ways: ``Wägele, Karl`` has ``waegele`` and ``karl``."""
    plain = name.casefold().replace("ä", "ae").replace("ö", "oe").replace("ü", "ue")  # casefold makes ß ss
    bare = "".join(sign for sign in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(sign))
    return frozenset("".join(sign if sign.isalnum() else " " for sign in bare).split())
