import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from formlos.config.cli import app
from formlos.config.environment import PROJECT

BROKEN = {
    "service.yaml": "name: satzung\ntitle: Satzung der Musterstadt\nkey_date: heute\ngoals: [gebuehr_ist_faellig]\n",
    "facts.yaml": (
        "sources:\n  uhr: {kind: clock, rank: 1}\n"
        "facts:\n  heute: {type: date, sources: [uhr]}\n  hunde: {type: int, sources: [uhr]}\n"
    ),
    "params.yaml": "{}\n",
    "effects.yaml": "effects: []\n",
    "rules.py": (
        "from formlos.law.language import rule\n\n\n"
        '@rule(source="§ 1 Satzung der Musterstadt")\n'
        "def gebuehr_ist_faellig(hunde: int) -> bool:\n"
        '    """Who keeps a dog pays."""\n'
        "    return hunde > 0\n"
    ),
}


def formlos(*words: object):
    return CliRunner().invoke(app, [str(word) for word in words])


@pytest.fixture
def satzung(tmp_path) -> Path:
    folder = tmp_path / "satzung"
    folder.mkdir()
    for name, text in BROKEN.items():
        (folder / name).write_text(text)
    return folder


def test_a_check_lists_every_problem_and_fails(satzung):
    done = formlos("check", satzung)
    assert done.exit_code == 1
    assert "missing text for gebuehr_ist_faellig" in done.output
    assert "satzung: 1 rules, 0 stories" in done.output


def test_law_outside_the_subset_is_refused_with_file_and_line(satzung):
    (satzung / "rules.py").write_text(BROKEN["rules.py"] + "    import os\n")
    done = formlos("check", satzung)
    assert done.exit_code == 1
    assert "rules.py:8:" in done.output
    assert "Traceback" not in done.output


def test_an_unknown_service_is_answered_with_the_names_there_are():
    done = formlos("check", "hundesteuer")
    assert done.exit_code == 1
    assert "there is no service hundesteuer; there are: auswertung, " in done.output


@pytest.mark.skipif(shutil.which("dot") is None, reason="needs Graphviz (dot)")
def test_the_law_is_drawn_as_svg(tmp_path):
    assert formlos("graph", "umzug", "--out", tmp_path / "umzug.svg").exit_code == 0
    assert "§ 17" in (tmp_path / "umzug.svg").read_text()


def test_the_law_is_drawn_as_nested_html_without_graphviz(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    done = formlos("graph", PROJECT / "services" / "umzug")
    assert done.exit_code == 0
    assert "§ 17" in (tmp_path / "umzug.html").read_text()


def test_a_picture_of_another_format_is_refused(tmp_path):
    done = formlos("graph", "umzug", "--out", tmp_path / "umzug.png")
    assert done.exit_code == 2
    assert "must end in .svg or .html" in done.output
