"""Making and keeping a node: secrets, database, tables."""

from __future__ import annotations

from pathlib import Path

import typer

commands = typer.Typer()
database = typer.Typer(no_args_is_help=True, help="The embedded PostgreSQL.")
commands.add_typer(database, name="database")


@commands.command()
def init() -> None:
    """Make this node: keys, database, roles and tables. Running it again repairs and keeps."""
    from formlos.config import initialise, startup
    from formlos.config.environment import read_environment

    environment = read_environment()
    with initialise.prepared(environment):
        startup.set_up_django()
        initialise.create_node_key(startup.node_key_file(environment))
        initialise.migrate()
        initialise.collect_static_files()
        startup.close_connections()
    typer.echo(f"Ready: {environment.home}")
    typer.echo("Next: formlos municipality add 08111000 Stuttgart")


@commands.command()
def migrate() -> None:
    """Bring tables and static files up to date after a new version."""
    from formlos.config import initialise, startup

    with startup.ready_node():
        initialise.migrate()
        initialise.collect_static_files()


@database.command()
def start() -> None:
    """Start it and leave it running."""
    from formlos.config import launcher

    cluster = launcher.start(_embedded_home())
    typer.echo(f"PostgreSQL answers at {cluster.socket} (log: {cluster.log})")


@database.command()
def stop() -> None:
    """Stop it."""
    from formlos.config import launcher

    typer.echo("stopped" if launcher.stop(_embedded_home()) else "was not running")


@database.command()
def status() -> None:
    """Say whether it runs; exit code 1 when not."""
    from formlos.config import launcher

    cluster = launcher.status(_embedded_home())
    typer.echo(f"PostgreSQL answers at {cluster.socket}" if cluster else "not running")
    raise typer.Exit(0 if cluster else 1)


def _embedded_home() -> Path:
    from formlos.config.environment import read_environment
    from formlos.config.startup import NodeNotReady

    environment = read_environment()
    if not environment.embedded:
        raise NodeNotReady("DATABASE_URL names a server of your own; start and stop that one by its own means")
    return environment.home
