"""The measurements."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

commands = typer.Typer()


@commands.command()
def bench(
    quick: Annotated[bool, typer.Option("--quick", help="Fewer moves and residents, for a first look.")] = False,
    people: Annotated[int, typer.Option(min=1, help="Residents of the further town that is invented.")] = 60_000,
    out: Annotated[Path, typer.Option(help="File to write.")] = Path("docs/benchmarks.md"),
    home: Annotated[Path, typer.Option(help="Folder of the demo node to measure on; made anew.")] = Path("var/bench"),
) -> None:
    """Measure the engine, whole moves and their limits on this machine, and write them down."""
    from formlos.config.bench.report import finder_line, text
    from formlos.config.bench.suite import SIZES, measure

    size, command = ("quick", "formlos bench --quick") if quick else ("full", "formlos bench")
    found = measure(home=home.absolute(), size=SIZES[size], people=people, command=command, told=typer.echo)
    out.write_text(text(found))
    if found.finder:
        typer.echo(finder_line(found.finder))
    typer.echo(f"{found.best.rate:.2f} moves a second; written to {out.absolute()}")
