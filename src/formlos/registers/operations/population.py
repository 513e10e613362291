"""Fills an empty municipality with invented people."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from formlos.base.tenancy import Municipality, within
from formlos.registers.operations.demo import ensure_demo_people
from formlos.registers.population.generate import Order
from formlos.registers.population.loading import load_population


def invent_population(
    *, municipality: Municipality, residents: int, seed: int, key_date: date, told: Callable[[int], None]
) -> int:
    """Store ``residents`` invented people registered on ``key_date``, and the demonstration street.

    ``told`` hears the number of people stored so far. Returns the number of all people in the register; some
    have died or left. Raises ``TownNotEmpty``.
    """
    order = Order(municipality.ags, municipality.name, residents, seed, key_date)
    with within(municipality):
        stored = load_population(municipality=municipality, order=order, told=told)
        ensure_demo_people()
    return stored
