"""Words of a sentence: normalised, stemmed, apart by clause. German and English; typing without umlauts is fine."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock

import snowballstemmer

from formlos.catalogue.finder import words

LANGUAGES = ("de", "en")
_STEMMERS = {"de": snowballstemmer.stemmer("german"), "en": snowballstemmer.stemmer("english")}
_STEMMING = Lock()  # a stemmer keeps its place in the word in itself
_WORD = re.compile(r"[a-zäöüßéèáàóòçñışğ]+(?:'[a-z]+)?|\d+")
_CLAUSE = re.compile(
    r"[.!?;,:\n()]+(?!\d)|\b(?:und|sowie|außerdem|ausserdem|aber|plus|and|also|but|oder|or)\b", re.IGNORECASE
)
_SPELLING = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "é": "e", "è": "e", "á": "a", "à": "a"})


@dataclass(frozen=True)
class Word:
    """A word as it was written, and its stems: in the sentence's language first."""

    written: str
    stems: tuple[str, ...]


def normalised(text: str) -> str:
    """NFC, lower case, one kind of quote; what cannot be seen is dropped."""
    plain = unicodedata.normalize("NFC", text).replace("’", "'").lower()
    return "".join(sign for sign in plain if unicodedata.category(sign) not in ("Cf", "Cc") or sign in "\n\t ")


def written_words(text: str) -> list[str]:
    return _WORD.findall(normalised(text))


def spelled_out(word: str) -> str:
    """Without umlauts, as people type and as register keys are compared: ``straße`` and ``strasse`` alike."""
    return word.translate(_SPELLING)


def language_of(text: str) -> str:
    """``en`` if more of its small words are English than German, else ``de``."""
    found = written_words(text)
    english = sum(word in words.ENGLISH for word in found)
    german = sum(word in words.GERMAN for word in found)
    return "en" if english > german else "de"


@lru_cache(maxsize=20_000)
def stem(word: str, language: str) -> str:
    with _STEMMING:
        found: str = _STEMMERS[language].stemWord(word if language == "en" else word.replace("ß", "ss"))
    return spelled_out(found)


def content_words(text: str, language: str) -> list[Word]:
    """The telling words with their stems."""
    return [Word(word, _stems(word, language)) for word in telling_words(text, language)]


def telling_words(text: str, language: str) -> list[str]:
    """The words that say something; separated German verbs are joined (``ziehe … um`` also gives ``umziehe``)."""
    all_words = written_words(text)
    small = words.ENGLISH if language == "en" else words.GERMAN
    kept = [word for word in all_words if word not in small and not word.isdigit() and len(word) > 1]
    return kept + (_joined_verbs(all_words) if language == "de" else [])


def clauses(text: str) -> list[str]:
    """The parts of a sentence that stand for themselves."""
    return [part.strip() for part in _CLAUSE.split(text) if part.strip()]


def _stems(word: str, language: str) -> tuple[str, ...]:
    other = "de" if language == "en" else "en"
    return tuple(dict.fromkeys((stem(word, language), stem(word, other))))


def _joined_verbs(found: list[str]) -> list[str]:
    return [
        prefix + word
        for place, word in enumerate(found)
        if word.startswith(words.SEPARABLE)
        for prefix in found[place + 1 :]
        if prefix in words.PREFIXES
    ]
