from __future__ import annotations

from datetime import date

import pytest
from django.db import connection

from formlos.base.tenancy import within
from formlos.registers.operations.population import invent_population
from formlos.registers.population.loading import TownNotEmpty
from formlos.registers.queries.addresses import free_dwellings
from formlos.registers.queries.people import resident_by_name
from formlos.registers.queries.records import counts, register_digest

KEY_DATE = date(2026, 1, 1)


def fill(town, residents=800, seed=1, told=lambda stored: None):
    return invent_population(municipality=town, residents=residents, seed=seed, key_date=KEY_DATE, told=told)


def test_a_town_is_filled_by_the_platforms_role_and_progress_is_told(stuttgart):
    heard = []
    stored = fill(stuttgart, told=heard.append)
    with within(stuttgart):
        assert counts()["residents"] == 800 + 3  # and three on the demonstration street
        assert heard[-1] == stored >= 800
        assert resident_by_name(name="Müller") and free_dwellings()


def test_two_towns_live_side_by_side(stuttgart, munich):
    fill(stuttgart, 300), fill(munich, 200)
    with within(munich):
        assert counts()["residents"] == 200 + 14


def test_a_town_with_residents_is_left_alone(stuttgart):
    fill(stuttgart, 100)
    with within(stuttgart):
        before = register_digest()
    with pytest.raises(TownNotEmpty, match="Stuttgart"):
        fill(stuttgart, 100, seed=2)
    with within(stuttgart):
        assert register_digest() == before


def test_the_planner_knows_the_size_of_a_town_just_loaded(stuttgart):
    stored = fill(stuttgart, 300)
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE relname = 'registers_resident'")
        assert cursor.fetchone() == (stored,)
