"""How often the finder is right on sentences that people wrote: the half for tuning and the half held out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from time import perf_counter

from formlos.catalogue.finder.matching import index_of
from formlos.catalogue.finder.sentence import meaning
from formlos.law.yamltext import read_yaml

KEY_DATE = date(2026, 3, 10)
SENTENCES = Path(__file__).parent / "tests" / "sentences.yaml"


@dataclass(frozen=True)
class Sentence:
    """``meant`` is empty for what a municipality does not do."""

    text: str
    meant: frozenset[str]


@dataclass(frozen=True)
class Rates:
    """Shares of 1. ``first``: the first matter is one of those meant. ``three``: all meant are among the three.

    ``silent``: of those that concern nothing here, how many were not answered; ``milliseconds`` per sentence.
    """

    sentences: int
    first: float
    three: float
    strange: int
    silent: float
    milliseconds: float


@dataclass(frozen=True)
class Measured:
    tuned: Rates
    held_out: Rates


def measure(folder: Path) -> Measured:
    """Match the test set against the matters below a folder of services."""
    tuned, held_out = halves()
    return Measured(rates(folder, tuned), rates(folder, held_out))


def halves() -> tuple[list[Sentence], list[Sentence]]:
    said = [Sentence(entry["say"], frozenset(entry["is"])) for entry in read_yaml(SENTENCES)]
    return said[0::2], said[1::2]


def rates(folder: Path, said: Sequence[Sentence]) -> Rates:
    index = index_of(folder)
    begun = perf_counter()
    found = [meaning(one.text, today=KEY_DATE, index=index).answer.found for one in said]
    spent = perf_counter() - begun
    answers = [[one.matter.name for one in three] for three in found]
    meant = [(one.meant, answer) for one, answer in zip(said, answers, strict=True) if one.meant]
    strange = [answer for one, answer in zip(said, answers, strict=True) if not one.meant]
    return Rates(
        sentences=len(said),
        first=sum(bool(answer) and answer[0] in wanted for wanted, answer in meant) / len(meant),
        three=sum(wanted <= set(answer) for wanted, answer in meant) / len(meant),
        strange=len(strange),
        silent=sum(not answer for answer in strange) / len(strange),
        milliseconds=spent / len(said) * 1000,
    )
