from datetime import date
from decimal import Decimal

from formlos.law import Facts


def found(law, facts, goal):
    return {(one.path, one.changed): one.result for one in law.counterfactuals(facts, goal)}


def test_other_truth_and_enum_values_are_tried(law, family):
    changes = found(law, family, "gebuehr")
    assert changes["art", "gewerbe"] == Decimal("150.00")
    assert changes["zaehler_vorhanden", False] == Decimal("75.00")
    assert changes["kinder/a/lebt_im_haushalt", False] == Decimal("95.00")


def test_the_turning_point_of_a_date_is_found(law, family):
    changes = found(law, family, "gebuehr_ist_festzusetzen")
    assert changes["nutzungsbeginn", date(2026, 3, 11)] is False
    assert changes["heute", date(2026, 2, 28)] is False


def test_the_turning_point_of_an_amount_is_found(law, family):
    poor = family.but({"ermaessigung_beantragt": True, "einkommen": Decimal("19000")})
    assert found(law, poor, "ist_ermaessigt")["einkommen", Decimal("20000.00")] is False
    rich = family.but({"ermaessigung_beantragt": True, "einkommen": Decimal("25000")})
    assert found(law, rich, "ist_ermaessigt")["einkommen", Decimal("19999.99")] is True


def test_the_turning_point_of_a_birthday_is_found_behind_a_function(law, family):
    changes = found(law, family, "kinder/a/zaehlt")
    assert changes["kinder/a/lebt_im_haushalt", False] is False


def test_a_turning_point_behind_a_product_is_found(make_law):
    rules = '@rule(source="§ 1")\ndef ziel(z: int, satz: int, frei: int) -> bool:\n    """N."""\n    return z * satz > frei\n'
    params = (
        "satz: {type: int, values: [{value: '7', source: §}]}\nfrei: {type: int, values: [{value: '100', source: §}]}\n"
    )
    law = make_law(rules, "  z: {type: int, sources: [person]}\n", params=params)
    assert found(law, Facts({"z": 3}), "ziel") == {("z", 15): True}


def test_there_is_no_counterfactual_of_the_unknown(law):
    assert law.counterfactuals(Facts(), "gebuehr") == []
