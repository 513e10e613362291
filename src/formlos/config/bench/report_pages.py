"""The part of docs/benchmarks.md about pages: how fast, how heavy, and what Lighthouse says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from formlos.config.bench.lighthouse import CATEGORIES, Audited
from formlos.config.bench.writing import paragraph, table

if TYPE_CHECKING:  # these need Django to be set up
    from formlos.config.bench.pages import Pages, Timed, Weight

MOST_MILLISECONDS = 50
FIRST_BYTES, LATER_BYTES = 200 * 1000, 40 * 1000
LEAST_SCORE = 95


def pages_text(pages: Pages | None, audited: Audited | None) -> list[str]:
    """Nothing where nothing was measured."""
    if pages is None:
        return []
    rows = [
        (one.kind, one.times, f"{one.p50:.0f} ms", _met(f"{one.p95:.0f} ms", one.p95 <= MOST_MILLISECONDS))
        for one in pages.timed
    ]
    return [
        "## Pages",
        paragraph(
            f"""From sending a request to the last byte of the answer, over real HTTP, on the node of the moves above; one
            person after the other goes from the service's page to "Sie sind gemeldet", the workers are at work beside, every process has answered before.
            Aim: p95 of at most {MOST_MILLISECONDS} ms. {_slow(pages.timed)}"""
        ),
        table(("page", "times", "p50", "p95"), rows),
        paragraph(
            "Bytes as served to a browser that takes compressed answers; the first page brings styles and fonts."
        ),
        table(("page", "page itself", "with what is new to the browser", "aim"), [_weight(pages.first, FIRST_BYTES)]),
        table(
            ("later pages", "page itself", "with what is new to the browser", "aim"),
            [_weight(one, LATER_BYTES) for one in pages.later],
        ),
        *_family(pages.family),
        *_lighthouse(audited),
    ]


def _family(weights: list[Weight]) -> list[str]:
    if not weights:
        return []
    return [
        "The same for a family of four: the heaviest page of each kind, in the language in which it is heaviest.",
        table(
            ("page of a family", "page itself", "with what is new to the browser", "aim"),
            [_weight(one, LATER_BYTES) for one in weights],
        ),
    ]


def _met(text: str, met: bool) -> str:
    return text if met else f"**{text}**"


def _slow(timed: list[Timed]) -> str:
    slow = [one.kind for one in timed if one.p95 > MOST_MILLISECONDS]
    return f"Missed by: {', '.join(slow)}." if slow else "Met by all."


def _weight(weight: Weight, aim: int) -> tuple[str, ...]:
    total = _met(f"{weight.total / 1000:.1f} kB", weight.total <= aim)
    return weight.page, f"{weight.html / 1000:.1f} kB", total, f"{aim / 1000:.0f} kB"


def _lighthouse(audited: Audited | None) -> list[str]:
    if audited is None or audited.missing:
        return [f"Lighthouse: not measured; {audited.missing if audited else 'it was not asked'}."]
    rows = [
        (one.page, *(_met(str(one.scores[name]), one.scores[name] >= LEAST_SCORE) for name in CATEGORIES))
        for one in audited.pages
    ]
    low = [f"{one.page}: {audit}" for one in audited.pages for audit in one.found]
    return [
        f"Lighthouse {audited.version}, as a phone; aim: {LEAST_SCORE} in every category.",
        table(("page", *CATEGORIES), rows),
        *([paragraph(f"Audits that are not full: {'; '.join(low)}.")] if low else []),
    ]
