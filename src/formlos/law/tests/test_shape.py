"""A document is checked in every part before anything reads it: it may come from anywhere."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest

from formlos.law import Document, Law, LawError, ListOf
from formlos.law.codegen import Writer
from formlos.law.types import DECIMAL, TEXT, Type, decode

HARM = "__import__('pathlib').Path('/tmp/formlos-harm').touch()"
LIST, RECORDS = Type("list", item=TEXT), Type("list", item=Type("record", name="Kind"))


def nodes(tree: Any) -> Iterator[dict[str, Any]]:
    if isinstance(tree, dict) and "op" in tree:
        yield tree
    for inner in tree.values() if isinstance(tree, dict) else tree if isinstance(tree, list) else ():
        yield from nodes(inner)


def a_node(data: dict[str, Any], operation: str) -> dict[str, Any]:
    return next(node for rule in data["rules"] for node in nodes(rule["body"]) if node["op"] == operation)


@pytest.fixture
def data(document: Document) -> dict[str, Any]:
    return json.loads(json.dumps(document.data))


def test_what_was_stored_reads_back_equal(document, data):
    assert Document.from_data(data).digest == document.digest


@pytest.mark.parametrize(
    "operation, part, value",
    [
        ("map", "slot", f"9 in [{HARM}] for x1"),
        ("map", "slot", True),
        ("map", "slot", 0),
        ("map", "slot", 10**6),
        ("local", "slot", 99),
        ("local", "slot", HARM),
        ("cmp", "how", f"== {HARM} or 1 =="),
        ("calc", "how", "**"),
        ("call", "name", "eval"),
        ("call", "args", []),
        ("ref", "name", HARM),
        ("ref", "name", "nirgends"),
        ("field", "name", "__class__"),
        ("field", "record", "object"),
        ("const", "value", {"other": 1}),
        ("const", "type", {"kind": "code"}),
        ("not", "op", "exec"),
        ("not", "more", 1),
        ("and", "args", {}),
        ("if", "then", None),
        ("any", "op", HARM),
    ],
)
def test_a_tree_with_anything_unknown_is_refused(data, operation, part, value):
    a_node(data, operation)[part] = value
    with pytest.raises(LawError, match="document"):
        Document.from_data(data)


@pytest.mark.parametrize("place", ["year", "__class__", "real"])
def test_only_parts_of_dates_and_durations_are_read(data, place):
    node = a_node(data, "not")
    inner = copy.deepcopy(node["of"])
    node["of"] = {"op": "part", "name": place, "of": inner}
    if place == "year":
        Document.from_data(data)
    else:
        with pytest.raises(LawError, match="document"):
            Document.from_data(data)


def change(*places: str, to: Any) -> Callable[[dict[str, Any]], None]:
    def run(data: dict[str, Any]) -> None:
        for place in places[:-1]:
            data = data[int(place) if isinstance(data, list) else place]
        data[int(places[-1]) if isinstance(data, list) else places[-1]] = to

    return run


@pytest.mark.parametrize(
    "break_it",
    [
        change("more", to={}),
        change("rules", to={}),
        change("rules", "0", "name", to="a b"),
        change("rules", "0", "slots", to="3"),
        change("rules", "0", "since", to="today"),
        change("rules", "0", "returns", to={"kind": "record", "name": "Nirgends"}),
        change("rules", "0", "body", to=HARM),
        change("service", "name", to=HARM),
        change("service", "goals", to=["nirgends"]),
        change("service", "key_date", to="nirgends"),
        change("facts", "a'b", to={"type": {"kind": "bool"}, "burden": 1, "order": 1, "sources": []}),
        change("facts", "nirgends/feld", to={"type": {"kind": "bool"}, "burden": 1, "order": 1, "sources": []}),
        change("facts", "heute", "sources", to=["nirgends"]),
        change("sources", "person", "rank", to="1"),
        change("effects", "0", "when", to=HARM),
        change("records", "Selbst", to={"extends": "Selbst", "fields": []}),
        change("texts", to=[]),
        change("texts", "de", to={"x": 1.5}),
        change("texts", "de", to={"x": "\ud800"}),
        lambda data: data.pop("calendars"),
    ],
)
def test_data_with_any_other_shape_is_refused(data, break_it):
    break_it(data)
    with pytest.raises(LawError) as refused:
        Document.from_data(data)
    assert refused.value.code == "document"


def test_what_is_nested_too_deep_or_too_large_is_refused(data):
    deep: Any = "x"
    for _ in range(100_000):
        deep = [deep]
    for much in (deep, "x" * 200_000, [0] * 600_000):
        with pytest.raises(LawError, match="too deep or too large"):
            Document.from_data(data | {"texts": {"de": {"x": much}}})


def test_no_text_of_a_document_stands_in_generated_code(data):
    text = "'); raise SystemExit #"
    for rule in data["rules"]:
        for node in nodes(rule["body"]):
            if node["op"] == "const" and node["type"]["kind"] == "enum":
                node["type"]["values"], node["value"] = [text], text
    writer = Writer(Law(Document.from_data(data), land="MU").program)
    writer.finish(tuple(Document.from_data(data).goals))
    assert text in writer.constants.values()
    assert not any("'" in line or '"' in line for line in writer.lines)


@pytest.mark.parametrize(
    "given",
    [
        ["a"],
        "a",
        {"keys": ["a"]},
        {"keys": "ab", "complete": True},
        {"keys": ["a", "a"], "complete": True},
        {"keys": [1], "complete": True},
        {"keys": ["a\0"], "complete": True},
        {"keys": ["a"], "complete": "no"},
        {"keys": ["a"], "complete": 1},
        {"keys": ["a"], "complete": None},
        {"keys": ["a"], "complete": True, "more": 1},
    ],
)
def test_a_list_of_another_form_is_refused(given):
    with pytest.raises(ValueError):
        decode(LIST, given)


@pytest.mark.parametrize("given, complete", [(True, True), ("true", True), (False, False), ("false", False)])
def test_a_list_says_whether_it_is_complete(given, complete):
    assert decode(LIST, {"keys": ["a/b"], "complete": given}) == ListOf(("a/b",), complete)


@pytest.mark.parametrize("key", ["", "a/rolle", "*"])
def test_a_records_key_is_one_part_of_a_path(key):
    with pytest.raises(ValueError):
        decode(RECORDS, {"keys": [key], "complete": True})


@pytest.mark.parametrize("given", ["a\0b", "\ud800", "a\udfff"])
def test_text_that_no_database_takes_is_refused(given):
    with pytest.raises(ValueError):
        decode(TEXT, given)


@pytest.mark.parametrize("given", ["NaN", "Infinity", Decimal("-Infinity")])
def test_an_amount_is_finite(given):
    with pytest.raises(ValueError):
        decode(DECIMAL, given)
