"""Paragraphs and tables of Markdown."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence

LINE = 120


def paragraph(words: str) -> str:
    return textwrap.fill(" ".join(words.split()), LINE, break_long_words=False, break_on_hyphens=False)


def table(head: Sequence[str], rows: Iterable[Iterable[object]]) -> str:
    align = ["---", *("---:" if any(head) else "---" for _ in head[1:])]
    lines = [head, align, *([str(cell) for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
