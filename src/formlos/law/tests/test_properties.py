"""What must hold for every law, tried on services made up at random."""

import tempfile
from datetime import timedelta
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from formlos.law import Facts, Law, Unknown, load_service
from formlos.law.evaluation.run import Run
from formlos.law.explanation import replay
from formlos.law.optimum import gap
from formlos.law.tests.conftest import write_service
from formlos.law.tests.graphs import FACTS, HEUTE, PARAMS, full_facts, part_of, rule_texts

MODEST = settings(max_examples=40, database=None, deadline=None, suppress_health_check=list(HealthCheck))
FEW = settings(max_examples=15, database=None, deadline=None, suppress_health_check=list(HealthCheck))


def law_of(rules: str, facts: str = FACTS, params: str = PARAMS) -> Law:
    with tempfile.TemporaryDirectory() as folder:
        return Law(load_service(write_service(Path(folder) / "s", rules=rules, facts=facts, params=params)))


laws = rule_texts().map(law_of)


def value(law: Law, facts: Facts):
    found = law.value(facts, "ziel")
    return None if isinstance(found, Unknown) else found


def needs(law: Law, facts: Facts) -> frozenset[str]:
    return law.evaluate(facts, ["ziel"]).unknown.get("ziel", frozenset())


def supplied(facts: Facts, known: Facts, paths: frozenset[str]) -> Facts:
    """Return what is known after `paths` have been asked for: a list comes with its records."""
    found = {path: facts[path] for path in paths}
    if "l0" in paths:
        found |= {path: item for path, item in facts.items() if path.startswith("l0/") and not path.endswith("/da")}
    return known.but(found)


@MODEST
@given(laws, st.data())
def test_what_is_known_stays_known(law, data):
    facts = data.draw(full_facts())
    known = data.draw(part_of(facts))
    now = value(law, known)
    if now is not None:
        assert value(law, facts) == now


@MODEST
@given(laws, st.data())
def test_a_run_that_takes_over_what_stays_finds_the_same(law, data):
    def found(run):
        outcome = law.outcome(run)
        return outcome.values, outcome.unknown

    facts = data.draw(full_facts())
    known = data.draw(part_of(facts))
    run = Run(known)
    found(run)
    changed = {path.partition("/")[0] for path in facts if path not in known or known[path] != facts[path]}
    assert found(run.grown(facts, changed)) == found(Run(facts))
    likely = run.grown(known, law.document.usual, likely=True)
    assert found(likely) == found(Run(known, likely=True))
    assert found(likely.grown(known, facts, guess=True)) == found(Run(known, guess=True))


@MODEST
@given(laws, st.data())
def test_a_fact_called_irrelevant_never_changes_the_result(law, data):
    facts = data.draw(full_facts())
    known = data.draw(part_of(facts))
    relevant = needs(law, known)
    other = data.draw(full_facts())
    free = [p for p in facts if p in other and p not in known and p not in relevant and "/" not in p and p != "l0"]
    free += [p for p in facts if p.endswith("/da") and p.split("/")[1] in getattr(known.get("l0"), "keys", ())]
    free = [p for p in free if p not in known and p not in relevant and p in other]
    assert value(law, facts.but({path: other[path] for path in free})) == value(law, facts)


@MODEST
@given(laws, st.data())
def test_supplying_what_is_needed_always_ends_in_the_result(law, data):
    facts = data.draw(full_facts())
    known = data.draw(part_of(facts))
    for _ in range(len(facts) + 2):
        wanted = needs(law, known)
        if not wanted:
            break
        after = supplied(facts, known, wanted)
        assert after != known
        known = after
    assert not needs(law, known)
    assert value(law, known) == value(law, facts)


@MODEST
@given(laws, st.data())
def test_following_the_plan_always_ends_in_the_result(law, data):
    facts = data.draw(full_facts())
    known = Facts({"heute": HEUTE})
    for _ in range(len(facts) + 2):
        steps = [step for step in law.plan(known).steps if step.state == "ready"]
        if not steps:
            break
        wanted = frozenset(path for step in steps for path in step.facts)
        assert not wanted & set(known), "nothing is asked twice"
        known = supplied(facts, known, wanted)
    assert not needs(law, known)
    assert value(law, known) == value(law, facts)


@MODEST
@given(laws, st.data())
def test_explanations_replay_to_the_same_value(law, data):
    facts = data.draw(full_facts())
    known = data.draw(part_of(facts))
    for case in (facts, known):
        tree = law.explain(case, "ziel")
        if tree.known:
            assert replay(tree.to_data(), law.document) == tree.value


@MODEST
@given(laws, st.data())
def test_compiled_equals_interpreted(law, data):
    facts = data.draw(full_facts())
    known = data.draw(part_of(facts))
    goals = sorted(law.document.rule_types)
    compiled = law.compiled(goals)
    assert compiled(facts) == law.evaluate(facts, goals).values
    assert compiled(known) == law.evaluate(known, goals).values


@MODEST
@given(laws, st.data())
def test_nothing_changes_before_the_next_date_of_change(law, data):
    known = data.draw(part_of(data.draw(full_facts()))).but({"heute": HEUTE})
    outcome = law.evaluate(known)
    last = (outcome.next_change - HEUTE).days - 1 if outcome.next_change else 1000
    for days in {0, 1, last, data.draw(st.integers(0, 1000))}:
        if 0 <= days <= last:
            later = law.evaluate(known.but({"heute": HEUTE + timedelta(days=days)}))
            assert (later.values, later.unknown) == (outcome.values, outcome.unknown)


@MODEST
@given(laws, st.data())
def test_counterfactuals_are_true(law, data):
    facts = data.draw(full_facts())
    for one in law.counterfactuals(facts, "ziel"):
        assert facts[one.path] == one.now != one.changed
        assert value(law, facts.but({one.path: one.changed})) == one.result != value(law, facts)


@st.composite
def small_graphs(draw: st.DrawFn) -> Law:
    """Draw a law over four bool facts with random costs and usual answers."""
    facts, atoms = "", [f"a{i}" for i in range(4)]
    for name in atoms:
        usual = draw(st.sampled_from(["", ', usual: "true"', ', usual: "false"']))
        facts += f"  {name}: {{type: bool, sources: [{draw(st.sampled_from(['register', 'person', 'amt']))}]{usual}}}\n"
    parts = [f"({draw(st.sampled_from(['', 'not ']))}{name})" for name in atoms]
    first, second, third = (draw(st.sampled_from(["and", "or"])) for _ in range(3))
    shape = draw(st.sampled_from(["({0} {4} {1}) {5} ({2} {6} {3})", "({1} if {0} else {2} {4} {3})"]))
    body = shape.format(*parts, first, second, third)
    takes = ", ".join(f"{name}: bool" for name in atoms)
    return law_of(f'@rule(source="§ 1")\ndef ziel({takes}) -> bool:\n    """N."""\n    return {body}\n', facts, "")


@FEW
@given(small_graphs())
def test_the_plan_costs_little_more_than_the_best_strategy(law):
    found = gap(law, Facts({"heute": HEUTE}))
    assert 1.0 - 1e-9 <= found.ratio < 4.0
