from datetime import date, timedelta
from decimal import Decimal

import pytest

from formlos.law import NONE, Facts, Law, LawError, ListOf, Unknown

BOOLS = "".join(f"  {name}: {{type: bool, sources: [person]}}\n" for name in "abc")
NUMBERS = "  z: {type: int, sources: [person]}\n  x: {type: decimal, sources: [person]}\n"
ENUM = "  e: {type: enum, values: [rot, blau, gelb], sources: [person]}\n"
OPTIONAL = '  o: {type: int, optional: "true", sources: [person]}\n'
PARTS = "  l: {type: list of Teil, sources: [register]}\n  l/da: {type: bool, sources: [person]}\n"
RECORD = """
@record
class Teil:
    zahl: int
    mal: int | None
    da: bool
    gross: bool = computed()

@rule(source="§ 2")
def gross(teil: Teil) -> bool:
    \"\"\"N.\"\"\"
    return teil.zahl > 1
"""


def rule(body: str, takes: str, gives: str = "bool") -> str:
    return f'@rule(source="§ 1")\ndef ziel({takes}) -> {gives}:\n    """N."""\n    {body}\n'


def needs(law: Law, facts: dict) -> set[str]:
    return set(law.evaluate(Facts(facts)).unknown.get("ziel", ()))


def test_a_conjunction_is_false_once_one_part_is_false(make_law):
    law = make_law(rule("return a and b and c", "a: bool, b: bool, c: bool"), BOOLS)
    assert law.evaluate(Facts({"c": False})).values == {"ziel": False}
    assert needs(law, {"b": True}) == {"a", "c"}


def test_a_disjunction_is_true_once_one_part_is_true(make_law):
    law = make_law(rule("return a or not b", "a: bool, b: bool"), BOOLS)
    assert law.evaluate(Facts({"b": False})).values == {"ziel": True}
    assert needs(law, {"b": True}) == {"a"}


def test_branches_that_agree_settle_an_undecided_condition(make_law):
    law = make_law(rule("return z if a else (1 if b else z)", "a: bool, b: bool, z: int", "int"), BOOLS + NUMBERS)
    assert law.evaluate(Facts({"z": 1})).values == {"ziel": 1}
    assert needs(law, {"z": 2}) == {"a", "b"}


def test_what_all_remaining_values_agree_on_is_known(make_law):
    law = make_law(rule("y = 0 if a else 1\n    return y > 1", "a: bool"), BOOLS)
    assert law.evaluate(Facts()).values == {"ziel": False}


def test_an_enum_that_cannot_have_the_value_is_known_not_to_have_it(make_law):
    text = rule('y = e if a else "rot"\n    return y == "gelb"', "a: bool, e: str")
    law = make_law(text, BOOLS + ENUM)
    assert law.evaluate(Facts({"e": "blau"})).values == {"ziel": False}
    assert needs(law, {}) == {"a", "e"}


def test_only_the_branch_taken_matters(make_law):
    law = make_law(rule("return b if a else c", "a: bool, b: bool, c: bool"), BOOLS)
    assert needs(law, {"a": True}) == {"b"}
    assert needs(law, {}) == {"a", "b", "c"}


def test_a_list_knows_whether_it_is_complete(make_law):
    law = make_law(RECORD + rule("return any(t.da for t in l)", "l: list[Teil]"), PARTS)
    assert needs(law, {}) == {"l"}
    assert needs(law, {"l": ListOf(("1", "2"), complete=False), "l/1/da": False}) == {"l", "l/2/da"}
    assert law.evaluate(Facts({"l": ListOf(("1", "2"), complete=False), "l/2/da": True})).values == {"ziel": True}
    assert law.evaluate(Facts({"l": ListOf(())})).values == {"ziel": False}
    assert law.evaluate(Facts({"l": NONE})).values == {"ziel": False}


def test_all_is_false_once_one_member_fails(make_law):
    law = make_law(RECORD + rule("return all(t.gross for t in l if t.da)", "l: list[Teil]"), PARTS)
    two = {"l": ListOf(("1", "2"), complete=False)}
    assert law.evaluate(Facts({**two, "l/1/da": True, "l/1/zahl": 0})).values == {"ziel": False}
    assert needs(law, {**two, "l/1/zahl": 5, "l/2/da": False}) == {"l"}


def test_a_length_has_bounds_before_it_is_known(make_law):
    law = make_law(RECORD + rule("return len([t for t in l if t.da]) > 0", "l: list[Teil]"), PARTS)
    assert law.evaluate(Facts({"l": ListOf(("1", "2"), complete=False), "l/1/da": True})).values == {"ziel": True}
    assert law.evaluate(Facts({"l": ListOf(("1",)), "l/1/da": False})).values == {"ziel": False}
    law = make_law(RECORD + rule("return len(l) < 1", "l: list[Teil]"), PARTS)
    assert law.evaluate(Facts({"l": ListOf(("1",), complete=False)})).values == {"ziel": False}


def test_sums_and_extremes_wait_for_all_members(make_law):
    law = make_law(RECORD + rule("return sum(t.zahl for t in l if t.da)", "l: list[Teil]", "int"), PARTS)
    facts = {"l": ListOf(("1", "2")), "l/1/da": True, "l/1/zahl": 3, "l/2/da": False}
    assert law.evaluate(Facts(facts)).values == {"ziel": 3}
    assert needs(law, {**facts, "l": ListOf(("1", "2", "3"))}) == {"l/3/da", "l/3/zahl"}


def test_an_optional_field_of_a_record_that_has_arrived_is_none(make_law):
    law = make_law(RECORD + rule("return any(t.mal is None for t in l)", "l: list[Teil]"), PARTS)
    assert law.evaluate(Facts({"l": ListOf(("1",))})).values == {"ziel": True}
    assert law.evaluate(Facts({"l": ListOf(("1",)), "l/1/mal": 4})).values == {"ziel": False}


def test_none_is_known_and_equal_to_nothing_else(make_law):
    law = make_law(rule("return o is None or o == z", "o: int | None, z: int"), OPTIONAL + NUMBERS)
    assert law.evaluate(Facts({"o": NONE})).values == {"ziel": True}
    assert needs(law, {}) == {"o", "z"}


def test_a_required_fact_that_is_none_becomes_a_doubt(make_law):
    law = make_law(rule("return z > 0", "z: int"), NUMBERS)
    outcome = law.evaluate(Facts({"z": NONE}))
    assert outcome.unknown == {"ziel": frozenset()}
    assert [doubt.rule for doubt in outcome.errors] == ["ziel"]
    law = make_law(rule("return a and b", "a: bool, b: bool"), BOOLS)
    assert law.evaluate(Facts({"a": NONE, "b": True})).errors
    assert law.evaluate(Facts({"a": NONE, "b": False})).values == {"ziel": False}


def test_division_by_zero_is_a_doubt_only_where_it_matters(make_law):
    law = make_law(rule("return x / z if a else x", "a: bool, x: Decimal, z: int", "Decimal"), BOOLS + NUMBERS)
    wrong = {"x": Decimal(1), "z": 0}
    assert law.evaluate(Facts({**wrong, "a": False})).values == {"ziel": Decimal(1)}
    assert law.evaluate(Facts({**wrong, "a": True})).errors
    still_open = law.evaluate(Facts(wrong))
    assert still_open.unknown == {"ziel": frozenset({"a"})} and not still_open.errors


def test_the_largest_of_nothing_is_a_doubt(make_law):
    law = make_law(RECORD + rule("return max(t.zahl for t in l)", "l: list[Teil]", "int"), PARTS)
    assert law.evaluate(Facts({"l": ListOf(())})).errors


def test_what_a_table_does_not_hold_is_a_doubt(make_law):
    params = "t: {type: table of int, values: [{value: {rot: '5'}, source: §}]}"
    law = make_law(rule("return t[e]", "t: dict[str, int], e: str", "int"), ENUM, params=params)
    assert law.evaluate(Facts({"e": "rot"})).values == {"ziel": 5}
    assert law.evaluate(Facts({"e": "blau"})).errors


def test_the_key_date_picks_the_version(law, family):
    assert law.value(family, "grundgebuehr") == Decimal(60)
    assert law.value(family.but({"nutzungsbeginn": date(2024, 12, 31), "art": "gewerbe"}), "grundgebuehr") == Decimal(
        50
    )
    assert law.value(family.but({"art": "gewerbe"}), "grundgebuehr") == Decimal(120)


def test_candidate_versions_are_joined_while_the_key_date_is_unknown(law):
    found = law.value(Facts({"art": "haus"}), "grundgebuehr")
    assert isinstance(found, Unknown) and found.needs == {"nutzungsbeginn"}


def test_versions_that_agree_need_no_key_date(make_law):
    params = "p: {type: int, key_date: d, values: [{since: 2020-01-01, value: '1'}, {since: 2021-01-01, value: '1'}]}"
    law = make_law(rule("return p", "p: int", "int"), "  d: {type: date, sources: [person]}\n", params=params)
    assert law.evaluate(Facts()).values == {"ziel": 1}


def test_a_key_date_before_the_first_version_is_noted(law, family):
    outcome = law.evaluate(family.but({"nutzungsbeginn": date(2019, 1, 1)}))
    assert outcome.values["gebuehr_ist_festzusetzen"] is True
    assert any("first version" in doubt.message for doubt in outcome.errors)


def test_after_the_last_version_nothing_holds(make_law):
    params = "p: {type: int, key_date: d, values: [{since: 2020-01-01, until: 2020-12-31, value: '1'}]}"
    law = make_law(rule("return p", "p: int", "int"), "  d: {type: date, sources: [person]}\n", params=params)
    assert law.evaluate(Facts({"d": date(2021, 1, 1)})).errors
    assert needs(law, {}) == {"d"}


def test_a_municipality_may_override_within_bounds(document, family):
    assert Law(document, land="MU", local={"grundbetrag": "80"}).value(family, "grundgebuehr") == Decimal(80)
    for local, code in (
        ({"grundbetrag": "500"}, "local_out_of_bounds"),
        ({"frist": "7"}, "local_not_allowed"),
        ({"gibtsnicht": "7"}, "local_unknown"),
        ({"grundbetrag": "viel"}, "local_value"),
    ):
        with pytest.raises(LawError) as refusal:
            Law(document, land="MU", local=local)
        assert refusal.value.code == code


def test_holidays_are_those_of_the_land(document, family):
    assert Law(document, land="MU").value(family, "zahlungsziel") == date(2026, 3, 17)
    assert Law(document, land="NN").value(family, "zahlungsziel") == date(2026, 3, 16)
    with pytest.raises(LawError, match="unknown_land"):
        Law(document, land="XX")


def test_values_are_read_by_path(law, family):
    assert law.value(family, "kinder/a/zaehlt") is True
    assert law.value(family, "kinder/b/geburtsdatum") == date(2005, 6, 1)
    assert law.value(family, "lage")["zusatz"] is NONE
    assert [child["key"] for child in law.value(family, "zaehlende_kinder")] == ["a"]
    assert law.value(family, "frist") == timedelta(days=14)
    with pytest.raises(LawError, match="unknown_name"):
        law.value(family, "kinder/a/gibtsnicht")


def test_an_open_effect_keeps_the_outcome_open(law, family):
    without_street = Facts({path: value for path, value in family.items() if path != "lage/strasse"})
    outcome = law.evaluate(without_street)
    assert outcome.values["gebuehr"] == Decimal("90.00")
    assert outcome.unknown == {
        "effect:bescheid": frozenset({"lage/strasse"}),
        "effect:mitteilung": frozenset({"lage/strasse"}),
    }
    assert not outcome.known
    with pytest.raises(LawError, match="effect_undecided"):
        law.effects(without_street)


def test_effects_carry_their_arguments_in_json_form(law, family):
    decision, letter = law.effects(family)
    assert (decision.id, decision.key, decision.kind) == ("bescheid", "bescheid", "notice.issue")
    assert decision.arguments["gebuehr"] == "90.00" and decision.arguments["layout"] == "bescheid"
    assert letter.key == "mitteilung/a"
    assert letter.arguments["person"] == {"key": "a", "vorname": "Anna", "zaehlt": True}


def test_an_effect_that_does_not_happen_needs_nothing(law, family):
    facts = {path: value for path, value in family.items() if not path.startswith("lage")}
    assert law.effects(Facts({**facts, "nutzungsbeginn": date(2026, 4, 1)})) == []
