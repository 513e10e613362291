"""When offices take appointments at their counters."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

commands = typer.Typer()
appointments = typer.Typer(no_args_is_help=True, help="Appointments at the counters of a municipality.")
commands.add_typer(appointments, name="appointments")


@appointments.command()
def hours(
    ags: Annotated[str, typer.Argument(help="Official key (AGS) of a municipality of this node.")],
    office: Annotated[str, typer.Argument(help="Short name of the office, such as buergerbuero.")],
    file: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, help="JSON: hours, minutes, desks, days_ahead, closed.")
    ],
) -> None:
    """Open an office for appointments: {"hours": {"mo": ["08:00-12:00"]}, "minutes": 15, "desks": 2}."""
    from formlos.config import startup

    with startup.ready_node():
        from formlos.appointments.hours import HoursRefused
        from formlos.appointments.operations import set_hours
        from formlos.base.tenancy import within
        from formlos.config.municipalities import named

        try:
            found = json.loads(file.read_text())
        except ValueError as error:
            raise HoursRefused(f"{file} is no JSON: {error}") from error
        town = named(ags)
        with within(town):
            set_hours(office=office, hours=found)
        typer.echo(f"{office} of {town.name} takes appointments")
