from datetime import date
from decimal import Decimal

import pytest

from formlos.law import NONE, Facts, ListOf
from formlos.law.codegen import NotCompilable, Writer

GOALS = ("gebuehr_ist_festzusetzen", "gebuehr", "abzug", "zahlungsziel", "ist_faellig", "ist_ermaessigt")


def test_compiled_rules_give_the_same_values(law, family):
    assert law.compiled(GOALS)(family) == law.evaluate(family, GOALS).values


def test_compiled_rules_need_no_interpreter_when_all_is_known(law, family):
    goals = Writer(law.program).finish(GOALS)
    assert goals(family.values_by_path) == law.evaluate(family, GOALS).values


@pytest.mark.parametrize(
    "changes",
    [
        {"kinder": ListOf(("a", "b"), complete=False)},
        {"kinder": NONE},
        {"tiefe": NONE, "zaehler_vorhanden": False},
        {"zaehler_vorhanden": NONE},
        {"verbrauch": Decimal("-1000")},
        {"nutzungsbeginn": date(2019, 1, 1)},
        {"nutzungsbeginn": date(2021, 1, 1)},
        {"kinder/a/pflegekind_seit": date(2026, 3, 11)},
        {"ermaessigung_beantragt": True, "einkommen": NONE},
    ],
)
def test_what_compiled_code_cannot_do_is_interpreted(law, family, changes):
    facts = family.but(changes)
    assert law.compiled(GOALS)(facts) == law.evaluate(facts, GOALS).values


def test_unknown_facts_leave_goals_out(law):
    assert law.compiled()(Facts({"art": "garten", "tiefe": 0})) == {"gebuehr_ist_festzusetzen": False}


def test_generated_code_refuses_an_incomplete_list(law, family):
    goals = Writer(law.program).finish(("abzug",))
    with pytest.raises(NotCompilable):
        goals({**family, "kinder": ListOf((), complete=False)})
