import shutil
from html.parser import HTMLParser

import pytest

from formlos.law import LawError
from formlos.law import graph as graph_module
from formlos.law.graph import graph_dot, graph_html, graph_svg


class Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.text = ""

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.ids += [value for key, value in attrs if key == "id"]

    def handle_data(self, data):
        self.text += data


@pytest.fixture
def page(document):
    reader = Reader()
    reader.feed(graph_html(document))
    return reader


def test_the_page_quotes_norms_and_names_who_supplies_what(page):
    for words in (
        "Ergebnis",
        "§ 5 Abs. 1 Brunnensatzung",
        "Lebt im Haushalt",
        "von: Bürgerin oder Bürger",
        "ab 1.1.2025",
    ):
        assert words in page.text
    assert "dann Sachbearbeitung" in page.text


def test_the_page_has_no_script_and_each_thing_once(page):
    assert "script" not in page.tags and "details" in page.tags
    assert len(page.ids) == len(set(page.ids))


def test_goals_come_first(page):
    assert page.ids[0] == "gebuehr_ist_festzusetzen"


def test_texts_are_escaped(make_service):
    rules = '@rule(source="§ 1 <b>&")\ndef ziel(a: bool) -> bool:\n    """N."""\n    return a\n'
    document = make_service(rules, "  a: {type: bool, sources: [person]}\n", title="<script>alert(1)</script>")
    assert "<script>" not in graph_html(document) and "&lt;b&gt;&amp;" in graph_html(document)
    assert "§ 1 &lt;b&gt;&amp;" in graph_dot(document)


def test_the_drawing_holds_every_rule(document):
    dot = graph_dot(document)
    for rule in document.rules:
        name = f"{rule['record']}.{rule['name']}" if rule["record"] else rule["name"]
        assert f'"{name}" [label=' in dot
    assert '"abzug" -> "Kind.zaehlt"' in dot and '"Kind.zaehlt" -> "kinder/lebt_im_haushalt"' in dot


@pytest.mark.skipif(shutil.which("dot") is None, reason="Graphviz is not installed")
def test_graphviz_draws_it(document):
    assert "<svg" in graph_svg(document) and "Gebührenpflicht" in graph_svg(document)


def test_without_graphviz_the_drawing_says_so(document, monkeypatch):
    monkeypatch.setattr(graph_module.shutil, "which", lambda name: None)
    with pytest.raises(LawError, match="no_dot"):
        graph_svg(document)
