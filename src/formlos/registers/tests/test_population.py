from __future__ import annotations

import json
from collections import Counter
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from formlos.registers.population.generate import Generator, Order
from formlos.registers.population.identifiers import document_number, tax_check_digit, tax_number
from formlos.registers.population.rows import COLUMNS, NULL, TABLES
from formlos.vocabulary import check_name

KEY_DATE = date(2026, 1, 1)


def town(residents: int, seed: int = 1, ags: str = "08111000") -> dict[str, list[dict[str, str]]]:
    rows: dict[str, list[dict[str, str]]] = {table: [] for table in TABLES}
    for batch in Generator(Order(ags, "Stuttgart", residents, seed, KEY_DATE)).batches():
        for table, lines in batch.lines.items():
            rows[table] += [dict(zip(COLUMNS[table], line.split("\t"), strict=True)) for line in lines]
    return rows


@pytest.fixture(scope="module")
def many():
    return town(20_000)


def age(resident: dict[str, str]) -> int:
    return KEY_DATE.year - int(resident["geburtsdatum"][:4])


@given(st.integers(1, 300), st.integers(0, 10**6), st.sampled_from(["08111000", "09162000", "01001000"]))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_order_gives_exactly_that_many_residents_in_a_consistent_town(residents, seed, ags):
    rows = town(residents, seed, ags)
    keys = {table: {row["id"] for row in rows[table]} for table in TABLES}
    living_here = {row["resident_id"] for row in rows["Residence"] if row["auszugsdatum"] == NULL}
    assert len(living_here) == residents
    assert all(len(keys[table]) == len(rows[table]) for table in TABLES)
    assert {row["street_id"] for row in rows["Building"]} <= keys["Street"]
    assert {row["building_id"] for row in rows["Dwelling"]} <= keys["Building"]
    assert {row["dwelling_id"] for row in rows["Residence"]} <= keys["Dwelling"] | {NULL}
    assert {row["resident_id"] for row in rows["Residence"]} == keys["Resident"]
    assert {row["related_id"] for row in rows["Relation"]} <= keys["Resident"]


def test_the_same_order_gives_the_same_town():
    assert town(500, seed=7) == town(500, seed=7)


def test_another_seed_or_town_gives_other_people_with_other_keys():
    first, other_seed, other_town = town(200), town(200, seed=2), town(200, ags="09162000")
    keys = [{row["id"] for row in rows["Resident"]} for rows in (first, other_seed, other_town)]
    assert not keys[0] & keys[1] and not keys[0] & keys[2]


def test_every_name_keeps_to_din_91379(many):
    for row in many["Resident"]:
        for field in ("familienname", "vornamen", "geburtsort"):
            assert check_name(row[field]) == row[field]
    assert any(set("ğşłćễőß’") & set(row["familienname"] + row["vornamen"]) for row in many["Resident"])


def test_tax_numbers_are_wellformed_distinct_and_of_the_range_never_assigned(many):
    numbers = [row["identifikationsnummer"] for row in many["Resident"]]
    assert len(set(numbers)) == len(numbers)
    for number in numbers:
        occurring = Counter(number[:10])
        assert number[0] == "0" and occurring.pop("0") == 2 and set(occurring.values()) == {1}
        assert number[10] == tax_check_digit(number[:10])


def test_the_check_digit_is_that_of_the_published_example():
    # 86095742719 is the example number in the ELSTER documentation of the Identifikationsnummer.
    assert tax_check_digit("8609574271") == "9"


def test_tax_numbers_of_a_town_do_not_repeat():
    assert len({tax_number("08111000", number) for number in range(50_000)}) == 50_000


def test_document_numbers_start_with_a_digit():
    assert all(document_number(number)[0] == "0" and len(document_number(number)) == 9 for number in range(1000))


def test_parents_are_grown_up_at_birth_and_couples_at_the_key_date(many):
    people = {row["id"]: row for row in many["Resident"]}
    for relation in many["Relation"]:
        one, other = people[relation["resident_id"]], people[relation["related_id"]]
        if relation["kind"] == "elternteil":
            assert age(one) - age(other) >= 16
        else:
            assert min(age(one), age(other)) >= 18 and one["familienstand"] == other["familienstand"]


def test_nobody_moves_in_before_birth_or_after_the_key_date(many):
    born = {row["id"]: row["geburtsdatum"] for row in many["Resident"]}
    for row in many["Residence"]:
        assert born[row["resident_id"]] <= row["einzugsdatum"] <= row["anmeldedatum"] <= KEY_DATE.isoformat()
        if row["zuzug_von"] != NULL:
            assert set(json.loads(row["zuzug_von"])) == {
                "strasse", "hausnummer", "zusatz", "postleitzahl", "ort", "ags",
            }  # fmt: skip


def test_the_town_looks_like_a_large_german_city(many):
    present = [row for row in many["Resident"] if row["sterbedatum"] == NULL]
    share = len(present) / 100
    minors, old = sum(age(row) < 18 for row in present), sum(age(row) > 65 for row in present)
    foreign = sum(row["staatsangehoerigkeit"] != "DEU" for row in present)
    locked = sum(row["kind"] in ("auskunftssperre", "bedingter_sperrvermerk") for row in many["Lock"])
    second = sum(row["dwelling_id"] == NULL for row in many["Residence"])
    double = sum("-" in row["familienname"] for row in present)
    assert 12 < minors / share < 22 and 14 < old / share < 27
    assert 15 < foreign / share < 32 and 0.1 < locked / share < 0.7
    assert 0.7 < second / share < 2 and 1 < double / share < 8


def test_a_town_has_known_streets_landlords_and_free_dwellings(many):
    assert "Königstraße" in {row["name"] for row in many["Street"]}
    lived_in = {row["dwelling_id"] for row in many["Residence"] if row["auszugsdatum"] == NULL}
    free = [row for row in many["Dwelling"] if row["id"] not in lived_in and row["ist_wohnung"] == "t"]
    assert free and any(row["wohnungsgeber_name"] for row in free)
    assert any(row["ist_wohnung"] == "f" for row in many["Dwelling"])
