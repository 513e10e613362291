import pytest

from formlos.law import Facts
from formlos.law.optimum import brute_force_plan, domains_of, gap, plan_price
from formlos.law.tests.test_plan import TODAY, rules


def test_of_two_ways_the_optimum_takes_the_cheaper_one(make_law):
    facts = "  a: {type: bool, sources: [amt]}\n  b: {type: bool, sources: [register]}\n"
    law = make_law(rules(ziel=("a: bool, b: bool", "return a or b")), facts)
    cost, first = brute_force_plan(law, domains_of(law), TODAY)
    assert first == ("b",) and cost == pytest.approx(2.01 + 0.5 * 10)
    assert gap(law, TODAY).ratio == pytest.approx(1.0)


def test_the_plan_is_never_cheaper_than_the_optimum(make_law):
    facts = "".join(f'  {name}: {{type: bool, usual: "true", sources: [person]}}\n' for name in "abcd")
    law = make_law(rules(ziel=("a: bool, b: bool, c: bool, d: bool", "return (a or b) and (c or d)")), facts)
    found = gap(law, TODAY)
    assert found.plan >= found.optimum > 0
    assert found.ratio < 1.3


def test_nothing_costs_nothing(make_law):
    law = make_law(rules(ziel=("a: bool", "return a")), "  a: {type: bool, sources: [person]}\n")
    assert plan_price(law, {}, Facts({"a": True})) == 0
    assert brute_force_plan(law, {}, Facts({"a": True})) == (0.0, ())


def test_large_graphs_are_refused(make_law):
    names = [f"a{i}" for i in range(11)]
    facts = "".join(f"  {name}: {{type: bool, sources: [person]}}\n" for name in names)
    takes = ", ".join(f"{name}: bool" for name in names)
    law = make_law(rules(ziel=(takes, f"return {' and '.join(names)}")), facts)
    with pytest.raises(ValueError, match="too many"):
        brute_force_plan(law, domains_of(law))
