"""The exchange: serve its endpoint, look after dead letters, keep the directory of municipalities."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

commands = typer.Typer()
exchange = typer.Typer(help="Messages between municipalities; without a command: serve the endpoint.")
directory = typer.Typer(no_args_is_help=True, help="The signed directory of municipalities.")
commands.add_typer(exchange, name="exchange")
exchange.add_typer(directory, name="directory")

Town = Annotated[str, typer.Argument(help="Official key (AGS) of a municipality of this node.")]


@exchange.callback(invoke_without_command=True)
def serve(context: typer.Context) -> None:
    """Serve the address where other municipalities deliver messages."""
    if context.invoked_subcommand is None:
        from formlos.config import server, startup

        with startup.ready_node(role="exchange", leave_running=True) as environment:
            server.serve(environment, role="exchange")


@exchange.command()
def dead(ags: Town) -> None:
    """List messages that could not be delivered or processed, and alarms."""
    from formlos.config import startup

    with startup.ready_node():
        from formlos.base.tenancy import municipality_by_ags, within
        from formlos.exchange import queries
        from formlos.exchange.kinds import title_of

        with within(municipality_by_ags(ags)):
            for sent in queries.dead_outgoing():
                typer.echo(f"sent      {sent.id}  to {sent.receiver}  {title_of(sent.kind)}  {sent.problem}")
            for got in queries.dead_received():
                typer.echo(f"received  {got.id}  from {got.sender}  {title_of(got.kind)}  {got.problem}")
            for got in queries.alarms():
                typer.echo(f"ALARM     {got.id}  from {got.sender}  came {got.conflicts} times with other content")


@exchange.command()
def replay(ags: Town, letter: Annotated[UUID, typer.Argument(help="Id that `dead` shows.")]) -> None:
    """Take a dead letter up again."""
    from formlos.config import startup

    with startup.ready_node():
        from formlos.base.tenancy import municipality_by_ags
        from formlos.exchange.operations.dead_letters import replay as take_up_again

        typer.echo(take_up_again(municipality=municipality_by_ags(ags), letter=letter))


@directory.command()
def root(file: Annotated[Path, typer.Argument(help="Where the private key goes; keep it offline.")]) -> None:
    """Make a root key, and trust it on this node."""
    from formlos.config import startup

    with startup.ready_node():
        from formlos.exchange import roots

        roots.pin_root(roots.create_root(file))
        typer.echo(f"private key in {file}; public part pinned in {roots.pinned_file()}")


@directory.command()
def pin(file: Annotated[Path, typer.Argument(help="Public root key (JWK), as pinned by another node.")]) -> None:
    """Trust directories that are signed with this root key."""
    from formlos.config import startup

    with startup.ready_node():
        from formlos.exchange import roots

        roots.pin_root(json.loads(file.read_text()))
        typer.echo(f"pinned in {roots.pinned_file()}")


@directory.command()
def entry(
    ags: Town,
    address: Annotated[str | None, typer.Option(help="Address of this node, such as https://exchange.example")] = None,
) -> None:
    """Print the entry of a municipality of this node, for whoever signs the next directory."""
    from formlos.config import startup

    with startup.ready_node() as environment:
        from formlos.base.tenancy import municipality_by_ags
        from formlos.exchange.kinds import KINDS
        from formlos.exchange.operations.directories import entry_of

        endpoint = f"{address or environment['FORMLOS_EXCHANGE_URL']}/exchange/{ags}"
        found = entry_of(municipality_by_ags(ags), endpoint=endpoint, services=tuple(KINDS))
        typer.echo(json.dumps(found.data(), ensure_ascii=False, indent=1))


@directory.command()
def sign(
    entries: Annotated[list[Path], typer.Argument(help="Files with one entry each.")],
    key: Annotated[Path, typer.Option(help="Private root key.")],
    serial: Annotated[int, typer.Option(help="Higher than every serial before.")],
    out: Annotated[Path, typer.Option(help="File for the signed directory.")],
    days: Annotated[int, typer.Option(help="How long it is valid.")] = 90,
) -> None:
    """Sign a directory of these entries; needs the root key and no database."""
    from formlos.config import startup

    startup.set_up_django()
    from formlos.base import clock
    from formlos.exchange import roots
    from formlos.exchange.directory import compose, entry_from, sign_directory

    now = clock.now()
    found = [entry_from(json.loads(file.read_text())) for file in entries]
    signed = compose(found, serial=serial, issued=now, expires=now + timedelta(days=days))
    out.write_text(sign_directory(signed, key=roots.load_root(key)) + "\n")
    typer.echo(f"directory {serial} with {len(found)} entries in {out}")


@directory.command("import")
def import_file(file: Annotated[Path, typer.Argument(help="A signed directory.")]) -> None:
    """Use this directory from now on."""
    from formlos.config import startup

    with startup.ready_node():
        from formlos.exchange.operations.directories import import_directory

        imported = import_directory(token=file.read_text())
        typer.echo(f"directory {imported.serial} with {len(imported.entries)} entries, valid to {imported.expires}")


@directory.command()
def show() -> None:
    """Print who is in the directory in use."""
    from formlos.config import startup

    with startup.ready_node():
        from formlos.exchange import queries

        used = queries.current_directory()
        typer.echo(f"directory {used.serial}, valid to {used.expires:%Y-%m-%d %H:%M}")
        for found in used.entries.values():
            typer.echo(f"{found.ags}  {found.name}  {found.endpoint}  {' '.join(found.services)}")
