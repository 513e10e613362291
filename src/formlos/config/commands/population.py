"""Invented populations."""

from __future__ import annotations

from time import perf_counter
from typing import Annotated

import typer

commands = typer.Typer()


@commands.command()
def population(
    municipality: Annotated[str, typer.Option(help="Official key (AGS) of a municipality on this node.")],
    residents: Annotated[int, typer.Option(min=1, max=3_000_000, help="How many registered people.")],
    seed: Annotated[int, typer.Option(help="The same seed gives the same people, within a year.")] = 1,
) -> None:
    """Fill an empty municipality with invented residents, houses and landlords, and a demonstration street."""
    from formlos.config import startup

    with startup.ready_node():
        from rich.progress import Progress

        from formlos.base import clock
        from formlos.base.tenancy import Municipality, municipality_by_ags
        from formlos.registers.operations.population import invent_population

        try:
            town = municipality_by_ags(municipality)
        except Municipality.DoesNotExist as error:
            message = f"{municipality} is not on this node; run: formlos municipality add {municipality} NAME"
            raise typer.BadParameter(message, param_hint="--municipality") from error
        begun, key_date = perf_counter(), clock.today().replace(month=1, day=1)
        with Progress() as progress:
            bar = progress.add_task(f"{town.name}", total=residents)
            people = invent_population(
                municipality=town,
                residents=residents,
                seed=seed,
                key_date=key_date,
                told=lambda stored: progress.update(bar, completed=min(stored, residents)),
            )
        seconds = perf_counter() - begun
        typer.echo(f"{town.name}: {residents} residents, {people} people in the register, {seconds:.1f} s")
