import json
from datetime import date
from decimal import Decimal

import pytest

from formlos.law import Facts, Law, ListOf
from formlos.law.explanation import Explanation, replay


def paths(tree: Explanation) -> set[str]:
    return {tree.path}.union(*(paths(child) for child in tree.children))


def test_an_explanation_cites_norm_and_plain_words(law, family):
    tree = law.explain(family, "abzug")
    assert (tree.kind, tree.value, tree.source) == ("rule", Decimal("5.00"), "§ 5 Abs. 2 Brunnensatzung")
    assert tree.text.startswith("For each child that counts")
    child = next(child for child in tree.children if child.path == "kinder/a/zaehlt")
    assert child.value is True and child.source == "§ 5 Abs. 1 Brunnensatzung"
    amount = next(child for child in tree.children if child.kind == "parameter" and child.name == "kinderabzug")
    assert amount.value == Decimal("5.00") and amount.source == "§ 5 Brunnensatzung"


def test_only_what_determines_the_result_is_listed(law, family):
    assert paths(law.explain(family, "ist_ermaessigt")) == {"ist_ermaessigt", "ermaessigung_beantragt"}
    safe = law.explain(family.but({"altlast_ist_geprueft": True}), "brunnen_ist_unbedenklich")
    assert paths(safe) == {"brunnen_ist_unbedenklich", "altlast_vermutet"}
    garden = family.but({"art": "garten", "tiefe": 0})
    assert paths(law.explain(garden, "gebuehr_ist_festzusetzen")) == {"gebuehr_ist_festzusetzen", "art", "tiefe"}


def test_one_witness_is_enough(law, family):
    tree = law.explain(family, "familie_wird_benachrichtigt")
    assert "kinder/a/zaehlt" in paths(tree) and "kinder/b/zaehlt" not in paths(tree)


def test_the_version_in_force_is_cited_with_its_key_date(law, family):
    earlier = family.but({"nutzungsbeginn": date(2024, 5, 1)})
    tree = law.explain(earlier, "grundgebuehr")
    assert tree.source == "§ 3 Brunnensatzung 2020" and "art" not in paths(tree)
    assert "nutzungsbeginn" in paths(tree)


def test_local_law_is_named_as_the_source(document, family):
    tree = Law(document, land="MU", local={"grundbetrag": "80"}).explain(family, "grundgebuehr")
    amount = next(child for child in tree.children if child.name == "grundbetrag")
    assert amount.source == "örtliches Recht" and amount.value == Decimal(80)


def test_an_explanation_is_data_and_comes_back(law, family):
    tree = law.explain(family, "gebuehr")
    data = json.loads(json.dumps(tree.to_data()))
    assert Explanation.from_data(data).to_data() == tree.to_data()


@pytest.mark.parametrize(
    "goal",
    [
        "gebuehr",
        "gebuehr_ist_festzusetzen",
        "abzug",
        "zahlungsziel",
        "ist_faellig",
        "zaehlende_kinder",
        "kinder/a/zaehlt",
    ],
)
def test_an_explanation_replays_to_the_same_value(document, family, goal):
    law = Law(document, land="MU", local={"grundbetrag": "80"})
    tree = law.explain(family, goal)
    assert tree.known
    assert replay(json.loads(json.dumps(tree.to_data())), document) == tree.value


def test_a_fact_explains_itself(law, family):
    tree = law.explain(family, "kinder/b/geburtsdatum")
    assert (tree.kind, tree.value, tree.source) == ("fact", date(2005, 6, 1), "§ 5 Brunnensatzung")


def test_an_open_value_is_explained_as_far_as_it_goes(law):
    tree = law.explain(Facts({"art": "haus"}), "grundgebuehr")
    assert not tree.known and tree.value is None


def test_a_list_is_explained_by_its_keys(law, family):
    assert law.explain(family, "zaehlende_kinder").value == ListOf(("a",))
