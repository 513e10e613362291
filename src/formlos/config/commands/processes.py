"""The processes of a node (the exchange has its own group)."""

from __future__ import annotations

from typing import Annotated

import typer

commands = typer.Typer()


class DemoOnly(Exception):
    """What is simulated does not run on a node that is no demo."""

    code = "demo_only"


@commands.command()
def web() -> None:
    """Serve the pages for people."""
    from formlos.config import server, startup

    with startup.ready_node(role="web", leave_running=True) as environment:
        server.serve(environment, role="web")


@commands.command()
def wallet() -> None:
    """Serve the simulated wallet of a demo node (FORMLOS_DEMO)."""
    from formlos.config import server, startup

    environment = startup.set_up(role="wallet")
    from formlos.identity.wallet.demo_pid import cards

    cards()
    server.serve(environment, role="wallet")


@commands.command()
def idp() -> None:
    """Serve the SIMULATED identity provider; demo nodes only."""
    from formlos.config import server, startup

    environment = startup.set_up(role="idp")
    if not environment["FORMLOS_DEMO"]:
        raise DemoOnly("the simulated identity provider runs on demo nodes only; set FORMLOS_DEMO=1 on one")
    server.serve(environment, role="idp")


@commands.command()
def worker(
    queue: Annotated[list[str] | None, typer.Option(help="Only jobs of this queue; may be given again.")] = None,
    name: Annotated[str, typer.Option(help="Name in logs.")] = "worker",
) -> None:
    """Run background jobs until stopped."""
    from formlos.config import server, startup

    with startup.ready_node(role="worker", leave_running=True):
        server.work(queues=queue, name=name)
