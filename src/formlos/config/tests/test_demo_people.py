"""Whom the demonstration introduces to its simulated provider."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import override_settings

from formlos.base.tenancy import Municipality, within
from formlos.config.demo import provider
from formlos.identity.demo_provider import people
from formlos.identity.demo_provider.people import MOVES, STAFF
from formlos.registers.operations.demo import ensure_demo_people


@pytest.fixture
def introduced(stuttgart: Municipality, munich: Municipality, tmp_path: Any) -> list[people.Person]:
    for town in (stuttgart, munich):
        with within(town):
            ensure_demo_people()
    with override_settings(HOME=tmp_path, DEMO=True):
        provider.introduce([stuttgart, munich])
        return people.people()


def test_one_of_each_household_is_ready_to_move_but_for_whoever_has_moved_already(introduced: Any) -> None:
    ready = {one.key for one in introduced if one.group == MOVES}
    assert {"lukasz", "amelie", "kaethe", "emre"} <= ready
    assert not {"jana", "marko", "tobias", "lena"} & ready
    assert [one.town for one in introduced if one.group == STAFF] == ["Stuttgart", "München"]


def test_what_is_special_about_somebody_takes_five_words_at_most(introduced: Any) -> None:
    assert all(len(one.story.split()) <= 5 for one in introduced)
