"""The matters that a sentence concerns: whole and by clause, with what is denied left out."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from formlos.catalogue.finder import words
from formlos.catalogue.finder.index import Fit, Index
from formlos.catalogue.finder.matters import Matter, Titles, matters_of, titled
from formlos.catalogue.finder.text import Word, clauses, content_words, language_of, written_words

MOST = 3
ENOUGH = 0.42  # a lower score is no answer
PLAIN = 0.75  # from here on a single word of what people say is enough
NEAR = 0.2  # and a lower one not even a hint
BESIDE = 0.55  # share of the best score that further matters must reach
LONGEST = 1000  # signs of a text that are read
MOST_CLAUSES, MOST_WORDS = 8, 60  # that are looked at: two sentences have fewer, and no text shall cost seconds
NO_MORE = Word("nicht mehr", ("nichtmehr",))  # as the data call what has ended
TOLD = 0.25  # for each part of a fact that the matter asks for
DENIED_WITHIN = 3  # words after a negation that it denies


@dataclass(frozen=True)
class Found:
    """``because``: the words that led to the matter, as they were written."""

    matter: Matter
    score: float
    because: tuple[str, ...]


@dataclass(frozen=True)
class Answer:
    """``found`` are offered; if there are none, ``near`` may be what was meant."""

    found: tuple[Found, ...]
    near: tuple[Found, ...]


@lru_cache(maxsize=32)
def index_of(folder: Path, titles: frozenset[Titles] = frozenset()) -> Index:
    """The index of all matters below a folder of services, and of services known by title only; kept per process."""
    return Index((*matters_of(folder).all, *(titled(name, de, en) for name, de, en in sorted(titles))))


def match(text: str, *, index: Index, told: frozenset[str] = frozenset()) -> Answer:
    """At most three matters, the likeliest first. Never raises for any text; reads its first 1,000 signs.

    ``told``: which parts of facts (``date``, ``address``) the sentence holds; a matter that asks for them is likelier.
    """
    text = text[:LONGEST]
    language = language_of(text)
    best: dict[str, Fit] = {}
    for part, whole in _parts(text):
        for fit in _fits(part, language, index)[: 2 * MOST if whole else 1]:
            if fit.matter.name not in best or fit.score > best[fit.matter.name].score:
                best[fit.matter.name] = fit
    raised = [replace(fit, score=fit.score + TOLD * len(told & fit.matter.facts.keys())) for fit in best.values()]
    ranked = sorted(raised, key=lambda fit: -fit.score)
    enough = [
        fit for fit in ranked if (fit.sure or fit.score >= PLAIN) and fit.score >= max(ENOUGH, BESIDE * ranked[0].score)
    ]
    near = [fit for fit in ranked if fit.because and fit.score >= NEAR]
    return Answer(_as_found(enough, text), () if enough else _as_found(near, text))


def _parts(text: str) -> list[tuple[str, bool]]:
    apart = clauses(text)[:MOST_CLAUSES]
    return [(text, True), *((part, False) for part in apart if len(apart) > 1)]


def _fits(part: str, language: str, index: Index) -> list[Fit]:
    said = content_words(part, language)[:MOST_WORDS]
    denied = _denied(part, said)
    fits = index.fits([*said, *([NO_MORE] if _has_ended(part) else [])], part)
    return [fit for fit in fits if not (fit.matter.held and denied & set(fit.because[:2]))]


def _denied(part: str, said: list[Word]) -> set[str]:
    """Words that the clause denies; ``keinen Hund mehr`` is an end, not a denial."""
    if _has_ended(part):
        return set()
    found = written_words(part)
    content = {word.written for word in said}
    places = [place for place, word in enumerate(found) if word in words.NEGATIONS]
    return {
        word for place in places for word in found[max(place - 1, 0) : place + 1 + DENIED_WITHIN] if word in content
    }


def _has_ended(part: str) -> bool:
    found = set(written_words(part))
    return bool(found & words.STILL and found & words.DENIALS)


def _as_found(fits: list[Fit], text: str) -> tuple[Found, ...]:
    return tuple(Found(fit.matter, fit.score, _as_typed(fit.because, text)) for fit in fits[:MOST])


def _as_typed(words_found: tuple[str, ...], text: str) -> tuple[str, ...]:
    """The words with the capitals of the text; of a joined verb (``umziehe``) nothing is said beside other words."""
    hits = [re.search(re.escape(word), text, re.IGNORECASE) for word in words_found]
    return tuple(dict.fromkeys(hit.group() for hit in hits if hit)) or words_found
