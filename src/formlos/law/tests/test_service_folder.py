import json
from datetime import date
from pathlib import Path

import pytest

from formlos.law import Document, Facts, Law, LawError, ListOf, load_service
from formlos.law.language import NONE
from formlos.law.tests.conftest import BRUNNEN

RULE = '@rule(source="§ 1")\ndef ziel(a: bool) -> bool:\n    """N."""\n    return a\n'
FACT = "  a: {type: bool, sources: [person]}\n"


def test_a_document_runs_without_its_folder(document, family):
    stored = json.loads(json.dumps(document.data))
    again = Document.from_data(stored)
    assert again.digest == document.digest
    assert Law(again, land="MU").evaluate(family).values == Law(document, land="MU").evaluate(family).values


def test_a_document_of_another_format_is_refused():
    with pytest.raises(LawError, match="format"):
        Document.from_data({"format": "formlos.law/99"})


def test_the_digest_changes_with_the_law_and_not_with_the_place(document, tmp_path):
    for file in BRUNNEN.parent.rglob("*.*"):
        if file.suffix in (".yaml", ".py"):
            copy = tmp_path / file.relative_to(BRUNNEN.parent)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(file.read_bytes())
    assert load_service(tmp_path / "brunnen").digest == document.digest
    params = tmp_path / "brunnen" / "params.yaml"
    params.write_text(params.read_text().replace('"0.35"', '"0.36"'))
    assert load_service(tmp_path / "brunnen").digest != document.digest


def test_scalars_are_text_until_their_declaration_types_them(make_service):
    facts = "  plz: {type: text, usual: 01067, sources: [person]}\n  no: {type: enum, values: [NO, DE], sources: [person]}\n"
    document = make_service(RULE, FACT + facts)
    assert document.data["facts"]["plz"]["usual"] == "01067"
    assert document.fact_types["no"].values == ("NO", "DE")


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        (FACT + FACT, "duplicate_key"),
        (FACT + "  b: {type: bool, sources: [niemand]}\n", "unknown_source"),
        (FACT + "  b: {type: zahl, sources: [person]}\n", "type"),
        (FACT + "  b: {type: enum, sources: [person]}\n", "type"),
        (FACT + "  b: {type: date, usual: gestern, sources: [person]}\n", "value"),
        (FACT + "  b/c: {type: bool, sources: [person]}\n", "unknown_field"),
        (FACT + "  b: {sources: [person]}\n", "type"),
        ("  a: [unclosed\n", "yaml"),
        (FACT + "  ziel: {type: bool, sources: [person]}\n", "double"),
    ],
)
def test_wrong_facts_are_refused_with_file_and_line(make_service, facts, code):
    with pytest.raises(LawError) as refusal:
        make_service(RULE, facts)
    assert refusal.value.code == code
    assert refusal.value.file and refusal.value.line


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ("p: {type: int, values: [{since: 2020-01-01, value: x, source: §}]}", "value"),
        ("p: {type: int, values: [{since: 2020-01-01, source: §}]}", "missing"),
        ("p: {type: int, values: []}", "missing"),
        ("p: {type: geld, values: [{value: '1', source: §}]}", "type"),
        ("p: {type: int, key_date: a, values: [{value: '1', source: §}]}", "type"),
        ("p: {type: int, key_date: u, values: [{value: '1', source: §}]}", "unknown_name"),
        ("p: {type: int, values: [{since: 2020-01-01, value: '1'}, {since: 2020-01-01, value: '2'}]}", "overlap"),
        (
            "p: {type: int, values: [{since: 2020-01-01, until: 2020-06-30, value: '1'}, {since: 2020-06-01, value: '2'}]}",
            "overlap",
        ),
        (
            "p: {type: int, values: [{since: 2020-01-01, until: 2020-06-30, value: '1'}, {since: 2020-07-02, value: '2'}]}",
            "gap",
        ),
        ("p: {type: dates, calendar: gibtsnicht}", "missing"),
    ],
)
def test_wrong_parameters_are_refused(make_service, params, code):
    with pytest.raises(LawError) as refusal:
        make_service(RULE, FACT, params=params)
    assert refusal.value.code == code


@pytest.mark.parametrize(
    ("periods", "code"),
    [
        (("since=date(2020, 1, 1)", "since=date(2020, 1, 1)"), "overlap"),
        (("since=date(2020, 1, 1), until=date(2020, 6, 30)", "since=date(2020, 7, 2)"), "gap"),
        (("since=date(2020, 1, 1), until=date(2020, 7, 1)", "since=date(2020, 7, 1)"), "overlap"),
    ],
)
def test_gaps_and_overlaps_of_rules_fail_the_load(make_service, periods, code):
    rules = "".join(
        f'@rule(source="§ 1", {period}, fact="ziel")\ndef ziel_{i}(a: bool) -> bool:\n    """N."""\n    return a\n'
        for i, period in enumerate(periods)
    )
    with pytest.raises(LawError) as refusal:
        make_service(rules, FACT)
    assert refusal.value.code == code and refusal.value.line


@pytest.mark.parametrize(
    ("effects", "code"),
    [
        ("effects: [{id: x, kind: k, when: b}]", "unknown_name"),
        ("effects: [{id: x, kind: k, when: heute}]", "type"),
        ("effects: [{id: x, kind: k}]", "missing"),
        ("effects: [{id: x, kind: k, when: ziel, with: {u: nichts}}]", "unknown_name"),
        ("effects: [{id: x, kind: k, when: ziel, with: {u: a}, set: {u: '1'}}]", "double"),
        ("effects: [{id: x, kind: k, when: ziel}, {id: x, kind: k, when: ziel}]", "double"),
        ("effects: [{id: x, kind: k, when: ziel, for_each: a}]", "type"),
        ("effects: [{id: x, kind: k, when: ziel, with: {u: {of: a}}}]", "yaml"),
    ],
)
def test_wrong_effects_are_refused(make_service, effects, code):
    with pytest.raises(LawError) as refusal:
        make_service(RULE, FACT, effects=effects)
    assert refusal.value.code == code


def test_a_missing_goal_and_a_missing_folder_are_refused(make_service, tmp_path):
    with pytest.raises(LawError, match="unknown_name"):
        make_service(RULE, FACT, goals="[anderes]")
    with pytest.raises(LawError, match="no_service"):
        load_service(tmp_path / "nichts")


def test_rules_in_a_circle_do_not_run(make_service):
    rules = "".join(
        f'@rule(source="§ 1")\ndef {name}({other}: bool) -> bool:\n    """N."""\n    return {other}\n'
        for name, other in (("ziel", "umweg"), ("umweg", "ziel"))
    )
    with pytest.raises(LawError, match="cycle"):
        Law(make_service(rules, FACT))


def test_record_types_come_from_the_vocabulary(make_service):
    rules = "from formlos.vocabulary import Anschrift\n" + RULE
    document = make_service(rules, FACT + "  wo: {type: Anschrift, sources: [person]}\n")
    assert document.fact_type("wo/strasse").kind == "text"
    assert "Person" not in document.data["records"]


def test_facts_are_read_from_nested_data(document):
    facts = document.facts_from(
        {
            "nutzungsbeginn": "2026-03-01",
            "einkommen": "none",
            "lage": {"strasse": "Am Markt", "hausnummer": "1", "bezirk": "Mitte"},
            "kinder": {"complete": "false", "of": {"a": {"vorname": "Anna"}}},
        }
    )
    assert facts == Facts(
        {
            "nutzungsbeginn": date(2026, 3, 1),
            "einkommen": NONE,
            "lage/strasse": "Am Markt",
            "lage/hausnummer": "1",
            "lage/bezirk": "Mitte",
            "lage/zusatz": NONE,
            "kinder": ListOf(("a",), complete=False),
            "kinder/a/vorname": "Anna",
            "kinder/a/pflegekind_seit": NONE,
        }
    )


@pytest.mark.parametrize("values", [{"art": "meer"}, {"tiefe": "tief"}, {"gibtsnicht": "1"}, {"lage": {"plz": "1"}}])
def test_facts_that_do_not_fit_are_refused(document, values):
    with pytest.raises(LawError):
        document.facts_from(values)


def test_the_services_folder_is_data_only():
    assert not list(Path(BRUNNEN).glob("__init__.py"))
