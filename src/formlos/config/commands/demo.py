"""The demonstration."""

from __future__ import annotations

import json
import signal
from pathlib import Path
from typing import Annotated

import typer

commands = typer.Typer()


@commands.command()
def demo(
    leave: Annotated[bool, typer.Option("--exit", help="End after the story instead of serving on.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object instead of the story.")] = False,
    residents: Annotated[int, typer.Option(min=1, help="Invented residents of each town.")] = 3000,
    home: Annotated[Path, typer.Option(file_okay=False, help="Folder of the demo node; made anew each time.")] = Path(
        "var/demo"
    ),
    lan: Annotated[bool, typer.Option("--lan", help="Let phones on the local network join; shows a QR code.")] = False,
    address: Annotated[str, typer.Option(help="With --lan: this machine's address; default: found out.")] = "",
) -> None:
    """Start a node with two towns and let a family of four move from Munich to Stuttgart."""
    from formlos.config.demo.lan import own_address
    from formlos.config.demo.node import demo_node
    from formlos.config.demo.telling import Teller

    teller = Teller(quiet=as_json)
    reached_at = own_address(address) if lan or address else ""
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
    try:
        with demo_node(home=home.absolute(), residents=residents, told=teller.busy, lan=reached_at) as node:
            from formlos.config.demo.family import family, mover, signed_in_page
            from formlos.portals.citizen.stage import doors

            told = family(node, teller)
            teller.ending(told, node)
            if as_json:
                typer.echo(json.dumps(told.as_json(), ensure_ascii=False))
            if not leave:
                teller.stage(node, key=doors.key() if reached_at else "")
                teller.serving(node, signed_in_page(node, told, mover()))
                signal.pause()
            if told.status != "completed":
                raise typer.Exit(1)
    except KeyboardInterrupt:
        teller.say("Ende.")
