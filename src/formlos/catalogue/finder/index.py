"""How well a text fits each matter: rare words that point to it, and letters in common with what people say."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from formlos.catalogue.finder.matters import Matter
from formlos.catalogue.finder.text import LANGUAGES, Word, normalised, spelled_out, stem, telling_words
from formlos.catalogue.finder.vocabulary import Vocabulary

POINTS, NOUN, SAYS = 1.0, 0.7, 0.55  # weight of a word: it points by itself; a noun of title or phrases; any other
FEW = 3  # a noun that no more matters than this share points to them
TOGETHER = 0.35  # for a word that consists of several ("blue badge") when all of them are said
LETTERS = 0.5  # weight of letters in common beside words in common
STRANGE = 0.8  # what a word that nobody knows counts against a fit
GRAM = 4


@dataclass(frozen=True)
class Fit:
    """``score`` 0 to about 1.5; ``because``: the words that led to it as they were written, the weightiest first.

    ``sure``: one of them points to the matter by itself, or several are in what people say.
    """

    matter: Matter
    score: float
    because: tuple[str, ...]
    sure: bool


class Index:
    def __init__(self, matters: Iterable[Matter]) -> None:
        self.matters = tuple(matters)
        self._weights = {matter.name: _weights(matter) for matter in self.matters}
        self._together = {matter.name: _together(matter) for matter in self.matters}
        spread = Counter(term for weights in self._weights.values() for term in weights)
        self._spread, count = spread, len(self.matters) or 1
        self._rarity = {term: math.log(1 + count / spread[term]) for term in spread}
        self._rarest = math.log(1 + count)
        self.vocabulary = Vocabulary(spread)
        self._phrases = _Letters(self.matters)

    def fits(self, words: list[Word], text: str) -> list[Fit]:
        """Every matter that the text touches, the best first; equal ones in the order of the data."""
        known = [(word, self._taken_for(word)) for word in words]
        whole = sum(self._mass(taken) for _, taken in known) or 1.0
        letters = self._phrases.likeness(text)
        found = [self._fit(matter, known, whole, letters.get(matter.name, 0.0)) for matter in self.matters]
        return sorted((fit for fit in found if fit.score > 0), key=lambda fit: -fit.score)

    def _fit(self, matter: Matter, known: list[tuple[Word, Mapping[str, float]]], whole: float, letters: float) -> Fit:
        weights, shares, said = self._weights[matter.name], [], set[str]()
        points = False
        for word, taken in known:
            share, term = max(
                ((weights.get(t, 0.0) * sure * self._rarity[t], t) for t, sure in taken.items()), default=(0.0, "")
            )
            if share:
                shares.append((share, word.written))
                points = points or weights[term] >= (NOUN if self._spread[term] <= FEW else POINTS)
            said |= taken.keys()
        together = any(terms <= said for terms in self._together[matter.name])
        because = tuple(dict.fromkeys(word for _, word in sorted(shares, reverse=True)))
        words = sum(share for share, _ in shares) / math.sqrt(whole * self._rarest)
        score = words + LETTERS * letters + TOGETHER * together
        return Fit(matter, score, because, points or together or len(because) > 1)

    def _taken_for(self, word: Word) -> Mapping[str, float]:
        for one in word.stems:
            if found := self.vocabulary.known(one):
                return found
        return {}

    def _mass(self, taken: Mapping[str, float]) -> float:
        return max((self._rarity[term] for term in taken), default=STRANGE * self._rarest)


class _Letters:
    """Character n-grams of all phrases, weighted by rarity; likeness is the cosine to the nearest phrase."""

    def __init__(self, matters: Iterable[Matter]) -> None:
        said = [
            (matter.name, _grams(phrase))
            for matter in matters
            for language in LANGUAGES
            for phrase in _all_phrases(matter, language)
        ]
        spread = Counter(gram for _, grams in said for gram in grams)
        self._rarity = {gram: math.log(1 + len(said) / number) for gram, number in spread.items()}
        self._rarest = max(self._rarity.values(), default=1.0)
        self._where: dict[str, list[tuple[int, float]]] = defaultdict(list)
        self._names = [name for name, _ in said]
        for place, (_, grams) in enumerate(said):
            vector = self._vector(grams)
            for gram, weight in vector.items():
                self._where[gram].append((place, weight))

    def likeness(self, text: str) -> dict[str, float]:
        dots: dict[int, float] = defaultdict(float)
        for gram, weight in self._vector(_grams(text)).items():
            for place, other in self._where.get(gram, ()):
                dots[place] += weight * other
        best: dict[str, float] = defaultdict(float)
        for place, dot in dots.items():
            best[self._names[place]] = max(best[self._names[place]], dot)
        return best

    def _vector(self, grams: Counter[str]) -> dict[str, float]:
        raw = {gram: math.log1p(count) * self._rarity.get(gram, self._rarest) for gram, count in grams.items()}
        length = math.sqrt(sum(weight * weight for weight in raw.values())) or 1.0
        return {gram: weight / length for gram, weight in raw.items()}


def _weights(matter: Matter) -> dict[str, float]:
    weights: dict[str, float] = defaultdict(float)
    for language, wording in matter.wordings.items():
        for text in wording.words:
            _weigh(weights, text, language, SAYS if " " in text else POINTS)
        for text in (wording.title, *wording.phrases):
            _weigh(weights, text, language, SAYS)
    return dict(weights)


def _weigh(weights: dict[str, float], text: str, language: str, weight: float) -> None:
    nouns = {word.lower() for word in text.split() if language == "de" and word[0].isupper()}
    for word in telling_words(text, language):
        term = stem(word, language)
        weights[term] = max(weights[term], NOUN if word in nouns and weight < NOUN else weight)


def _together(matter: Matter) -> list[frozenset[str]]:
    """The stems of each word of the matter that consists of several."""
    entries = [(text, language) for language, wording in matter.wordings.items() for text in wording.words]
    several = [(telling_words(text, language), language) for text, language in entries if " " in text]
    return [frozenset(stem(word, language) for word in words) for words, language in several if len(words) > 1]


def _all_phrases(matter: Matter, language: str) -> tuple[str, ...]:
    wording = matter.wordings.get(language)
    return (wording.title, *wording.words, *wording.phrases) if wording else ()


def _grams(text: str) -> Counter[str]:
    padded = f" {' '.join(spelled_out(normalised(text)).split())} "
    return Counter(padded[start : start + GRAM] for start in range(max(len(padded) - GRAM + 1, 0)))
