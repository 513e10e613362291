"""Stores a generated population quickly, as the platform's role: COPY is refused under row security, so
rows go through temporary tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from django.apps import apps
from django.db import connection

from formlos.base import clock
from formlos.base.tenancy import Municipality, current_municipality_id, within
from formlos.registers.models import Resident
from formlos.registers.population.generate import Generator, Order
from formlos.registers.population.rows import COLUMNS, CONSTANTS, TABLES, Batch

Item = TypeVar("Item")


class TownNotEmpty(Exception):
    """The municipality has residents already; a population is only ever invented for an empty one."""

    code = "town_not_empty"


def load_population(
    *, municipality: Municipality, order: Order, told: Callable[[int], None] = lambda residents: None
) -> int:
    """Invent and store a population in one transaction; returns the number of people in the register.

    ``told`` hears the number stored so far, former residents included. Raises ``TownNotEmpty``.
    """
    with within(municipality):
        if Resident.objects.exists():
            raise TownNotEmpty(f"{municipality.name} has residents already; choose an empty municipality")
        with connection.cursor() as cursor:
            _stage(cursor)
            stored = 0
            for batch in _ahead(Generator(order).batches()):
                _store(cursor, batch)
                stored += len(batch)
                told(stored)
            for table in TABLES:
                cursor.execute(f"DROP TABLE {_staging(table)}")
            cursor.execute("SELECT analyze_registers()")
        return stored


def _stage(cursor: Any) -> None:
    """Check references row by row: deferred to the end, millions of them would wait in memory."""
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for table in TABLES:
        columns = ", ".join(COLUMNS[table])
        like = f"SELECT {columns} FROM {_stored(table)} WITH NO DATA"
        cursor.execute(f"CREATE TEMPORARY TABLE {_staging(table)} ON COMMIT DROP AS {like}")


def _store(cursor: Any, batch: Batch) -> None:
    for table in TABLES:
        lines = batch.lines[table]
        if not lines:
            continue
        with cursor.copy(f"COPY {_staging(table)} FROM STDIN") as copy:
            copy.write("\n".join(lines) + "\n")
        columns = ", ".join(COLUMNS[table])
        shared: dict[str, Any] = {"municipality_id": current_municipality_id()}
        if table in CONSTANTS:
            shared |= CONSTANTS[table] | {"recorded_at": clock.now()}
        names, places = ", ".join(shared), ", ".join(["%s"] * len(shared))
        cursor.execute(
            f"INSERT INTO {_stored(table)} ({names}, {columns}) SELECT {places}, {columns} FROM {_staging(table)}",
            list(shared.values()),
        )
        cursor.execute(f"TRUNCATE {_staging(table)}")


def _ahead(items: Iterator[Item]) -> Iterator[Item]:
    """The same items; the next one is made in a thread while PostgreSQL stores this one."""
    with ThreadPoolExecutor(1) as maker:
        coming = maker.submit(next, items, None)
        while (item := coming.result()) is not None:
            coming = maker.submit(next, items, None)
            yield item


def _stored(table: str) -> str:
    return apps.get_model("registers", table)._meta.db_table


def _staging(table: str) -> str:
    return f"staging_{table.lower()}"
