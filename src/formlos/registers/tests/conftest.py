"""Two towns with their demonstration streets, and contexts as cases give them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from formlos.base.effects import EffectContext
from formlos.base.ids import new_id
from formlos.base.sources import Context
from formlos.base.tenancy import Municipality, current_municipality_id, within
from formlos.registers.operations.demo import ensure_demo_people
from formlos.registers.queries.demo import DemoPerson, demo_people

NOW, TODAY = datetime(2026, 3, 10, 9, 0, tzinfo=UTC), date(2026, 3, 10)


@pytest.fixture
def demo_munich(munich: Municipality) -> Municipality:
    with within(munich):
        ensure_demo_people()
    return munich


@pytest.fixture
def demo_stuttgart(stuttgart: Municipality) -> Municipality:
    with within(stuttgart):
        ensure_demo_people()
    return stuttgart


@pytest.fixture
def asking() -> Callable[[], Context]:
    """The context in which a case asks a source."""

    def context() -> Context:
        return Context(current_municipality_id(), new_id(), "Anmeldung", "§ 23a BMG", NOW, TODAY)

    return context


@pytest.fixture
def acting() -> Callable[..., EffectContext]:
    """The context in which a case causes an effect; the same name is the same effect."""
    case_id = new_id()

    def context(effect: str = "eintragung") -> EffectContext:
        return EffectContext(current_municipality_id(), case_id, f"{case_id}:{effect}", NOW, TODAY)

    return context


@pytest.fixture
def demo_person() -> Callable[[str], DemoPerson]:
    def find(key: str) -> DemoPerson:
        return next(person for person in demo_people() if person.key == key)

    return find


@pytest.fixture
def family() -> list[dict[str, Any]]:
    """A couple with a child as another authority transmits them, known to none of the towns."""
    return [
        _person("a", "Linh", "1990-02-03", "w", "VH", "antragsteller", "02345678904"),
        _person("b", "Jürgen", "1988-05-06", "m", "VH", "ehegatte", "02345678912"),
        _person("c", "Mai", "2019-07-08", "w", "LD", "kind", None),
    ]


def _person(key: str, vornamen: str, born: str, sex: str, status: str, role: str, number: str | None) -> dict[str, Any]:
    return {
        "key": key,
        "familienname": "Trần-Häußler",
        "geburtsname": None,
        "vornamen": vornamen,
        "rufname": None,
        "doktorgrad": None,
        "geburtsdatum": born,
        "geburtsort": "Bad Tölz",
        "geschlecht": sex,
        "identifikationsnummer": number,
        "staatsangehoerigkeit": "DEU",
        "religion": {"none": True},
        "familienstand": status,
        "ausweis_nummer": None,
        "ausweis_gueltig_bis": None,
        "rolle": role,
    }
