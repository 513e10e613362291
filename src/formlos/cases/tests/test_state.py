"""A case is a fold over its journal: which assertion counts, and when what was fetched is withdrawn."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from formlos.base.journal import Entry
from formlos.cases.state import ANSWERED, ASSERTED, DISPUTED, DONE, FAILED, INTENDED, REQUESTED, fold, without

START = datetime(2026, 3, 1, 12, tzinfo=UTC)


def entries(*kinds_and_payloads):
    return [
        Entry(UUID(int=n), n, kind, 1, START + timedelta(minutes=n), "system", "", "", "", payload)
        for n, (kind, payload) in enumerate(kinds_and_payloads, start=1)
    ]


def said(values, *, source="person", trust="basic", **more):
    return (ASSERTED, {"source": source, "trust": trust, "values": values} | more)


def answered(source, values, *, inputs=None, state="answered", trust="high"):
    payload = {"source": source, "state": state, "trust": trust, "inputs": inputs or {}, "values": values}
    return (ANSWERED, payload)


def test_the_later_word_of_the_same_source_counts():
    state = fold(entries(said({"ort": "Ulm"}), said({"ort": "Bonn"})))
    assert state.facts["ort"].value == "Bonn"


def test_a_more_trusted_source_counts_over_a_later_one():
    state = fold(entries(answered("register", {"ort": "Ulm"}), said({"ort": "Bonn"})))
    assert state.facts["ort"].value == "Ulm"


def test_a_clerks_word_counts_over_every_source():
    state = fold(
        entries(
            said({"ort": "Kiel"}, source="amt", trust="high", by_clerk=True),
            answered("register", {"ort": "Ulm"}),
        )
    )
    assert state.facts["ort"].value == "Kiel"


def test_a_source_that_answers_again_takes_back_all_it_said_before():
    state = fold(entries(answered("register", {"a": 1, "b": 2}), answered("register", {"a": 3})))
    assert {path: a.value for path, a in state.facts.items()} == {"a": 3}


def test_without_an_answer_the_next_best_word_counts():
    state = fold(entries(said({"ort": "Bonn"}), answered("register", {"ort": "Ulm"})))
    rest = without(state, assertions=[state.facts["ort"]], sources=["register"])
    assert rest.facts["ort"].value == "Bonn"
    assert rest.replies == {}


def test_a_pending_request_becomes_an_answer():
    asked = (REQUESTED, {"source": "wegzug", "message": "m1", "inputs": {}})
    assert fold(entries(asked)).replies["wegzug"].state == "pending"
    assert fold(entries(asked, answered("wegzug", {"x": 1}))).replies["wegzug"].state == "answered"


def test_a_disputed_fact_counts_for_nothing_until_a_clerk_settles_it():
    disputed = [answered("register", {"name": "Meier"}), (DISPUTED, {"path": "name", "reason": "mit ai"})]
    assert "name" not in fold(entries(*disputed)).facts
    assert "name" not in fold(entries(*disputed, said({"name": "Maier"}))).facts
    settled = said({"name": "Maier"}, source="amt", trust="high", by_clerk=True)
    assert fold(entries(*disputed, settled)).facts["name"].value == "Maier"


def test_an_effect_that_failed_is_unfinished_until_it_is_done():
    intended = (INTENDED, {"effect": "brief", "kind": "notice.issue", "arguments": {}})
    failed = (FAILED, {"effect": "brief", "error": "OSError"})
    state = fold(entries(intended, failed, failed))
    assert [(e.state, e.attempts) for e in state.unfinished_effects] == [("failed", 2)]
    assert fold(entries(intended, failed, (DONE, {"effect": "brief", "outcome": {}}))).unfinished_effects == []


def test_an_erased_entry_is_no_error():
    found = entries(said({"ort": "Ulm"}), said({"alter": 3}))
    erased = Entry(**{**vars(found[0]), "payload": None})
    assert set(fold([erased, found[1]]).facts) == {"alter"}
