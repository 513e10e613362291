"""The municipalities that a node hosts."""

from __future__ import annotations

from typing import Annotated

import typer

commands = typer.Typer()
municipality = typer.Typer(no_args_is_help=True, help="Municipalities on this node.")
commands.add_typer(municipality, name="municipality")


@municipality.command()
def add(
    ags: Annotated[str, typer.Argument(help="Official key (AGS), 8 digits.")],
    name: Annotated[str, typer.Argument(help="Official name.")],
    land: Annotated[str | None, typer.Option(help="Land such as BW; follows from the AGS.")] = None,
) -> None:
    """Add a municipality with its keys and let it adopt every service.

    Running it again renames it, makes keys that are missing or expired, and adopts new and changed services.
    """
    from formlos.config import startup

    with startup.ready_node():
        from formlos.config.municipalities import add_municipality

        added = add_municipality(ags=ags, name=name, land=land)
        typer.echo(f"{added.name} ({added.ags}, {added.land}) is ready")


@municipality.command("list")
def list_them() -> None:
    """List them."""
    from formlos.config import startup

    with startup.ready_node():
        from formlos.base.tenancy import Municipality

        for known in Municipality.objects.order_by("ags"):
            typer.echo(f"{known.ags}  {known.land}  {known.name}")
