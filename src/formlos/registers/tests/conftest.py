"""Two towns with their demonstration streets, and contexts as cases give them.

Imports that need Django wait for the fixtures: pytest may read this file before Django is set up.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest

from formlos.base.effects import EffectContext
from formlos.base.ids import new_id
from formlos.base.sources import Context

if TYPE_CHECKING:
    from formlos.base.tenancy import Municipality
    from formlos.registers.queries.demo import DemoPerson

NOW, TODAY = datetime(2026, 3, 10, 9, 0, tzinfo=UTC), date(2026, 3, 10)


@pytest.fixture
def demo_munich(munich: Municipality) -> Municipality:
    return _with_demo_people(munich)


@pytest.fixture
def demo_stuttgart(stuttgart: Municipality) -> Municipality:
    return _with_demo_people(stuttgart)


@pytest.fixture
def asking() -> Callable[[], Context]:
    """The context in which a case of the running municipality asks a source."""
    from formlos.base.tenancy import current_municipality_id

    def context() -> Context:
        return Context(current_municipality_id(), new_id(), "Anmeldung", "§ 23a BMG", NOW, TODAY)

    return context


@pytest.fixture
def acting() -> Callable[..., EffectContext]:
    """The context in which a case causes an effect; the same name is the same effect."""
    from formlos.base.tenancy import current_municipality_id

    case_id = new_id()

    def context(effect: str = "eintragung") -> EffectContext:
        return EffectContext(current_municipality_id(), case_id, f"{case_id}:{effect}", NOW, TODAY)

    return context


@pytest.fixture
def demo_person() -> Callable[[str], DemoPerson]:
    from formlos.registers.queries.demo import demo_people

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


def _with_demo_people(municipality: Municipality) -> Municipality:
    from formlos.base.tenancy import within
    from formlos.registers.operations.demo import ensure_demo_people

    with within(municipality):
        ensure_demo_people()
    return municipality
