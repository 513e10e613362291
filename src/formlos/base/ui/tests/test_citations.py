"""Citations in running text: unbroken at the end of a line, and from left to right amid Arabic."""

from __future__ import annotations

import pytest
from django.utils import translation

from formlos.base.ui.templatetags.ui import norm


@pytest.mark.parametrize(
    ("text", "cited"),
    [
        ("§ 42 Abs. 3 BMG", ["§ 42 Abs. 3 BMG"]),
        ("Keine: § 24 Abs. 2 BMG (A), § 33 Abs. 6 BMG (B)", ["§ 24 Abs. 2 BMG", "§ 33 Abs. 6 BMG"]),
        ("البيانات (Art. 15 DSGVO).", ["Art. 15 DSGVO"]),
        ("§ 50 Abs. 1 und 5 BMG", ["§ 50 Abs. 1 und 5 BMG"]),
        ("§ 41 Abs. 2a VwVfG, § 9 OZG", ["§ 41 Abs. 2a VwVfG", "§ 9 OZG"]),
        ("nichts", []),
    ],
)
def test_a_citation_reads_from_left_to_right_amid_arabic(text: str, cited: list[str]) -> None:
    with translation.override("ar"):
        said = norm(text).replace("\N{NO-BREAK SPACE}", " ")
    assert [part.partition("\u2069")[0] for part in said.split("\u2066")[1:]] == cited
    assert said.replace("\u2066", "").replace("\u2069", "") == text
    with translation.override("de"):
        assert "\u2066" not in norm(text)


def test_a_line_does_not_end_after_a_paragraph_sign() -> None:
    with translation.override("de"):
        assert norm("§ 42 Abs. 3 BMG") == "§\u00a042 Abs.\u00a03 BMG"
