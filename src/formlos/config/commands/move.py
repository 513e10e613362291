"""A move of one's own on the running demo node."""

from __future__ import annotations

import json
import os
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

commands = typer.Typer()


class Proof(StrEnum):
    """The three proofs of a dwelling, and none needed for one's own."""

    zuordnungsmerkmal = "zuordnungsmerkmal"
    upload = "upload"
    brief = "brief"
    eigentum = "eigentum"


class NoDemoRunning(Exception):
    """No demo node answers; start one in another terminal with: make demo"""

    code = "no_demo_running"


@commands.command()
def move(
    origin: Annotated[str, typer.Option("--from", help="Where the person lives: name or AGS.")],
    to: Annotated[str, typer.Option(help="Where they move: name or AGS.")],
    person: Annotated[str, typer.Option(help="Key of a demonstration person; a wrong one lists them.")],
    day: Annotated[
        datetime | None, typer.Option("--date", formats=["%Y-%m-%d"], help="Move-in; default today.")
    ] = None,
    proof: Annotated[Proof, typer.Option(help="How the dwelling is proven: landlord's code, paper, letter, own.")] = (
        Proof.zuordnungsmerkmal
    ),
    code: Annotated[str, typer.Option(help="Landlord's code; default: the landlord confirms and gives one.")] = "",
    street: Annotated[str, typer.Option(help="'Street 5'; default: a free dwelling of the demonstration.")] = "",
    home: Annotated[Path, typer.Option(help="Folder of the running demo node.")] = Path("var/demo"),
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object instead of the story.")] = False,
) -> None:
    """Let one person move on the running demo node, and tell what happens."""
    from formlos.config import startup

    node = _running_node(home.absolute())
    os.environ |= {"FORMLOS_HOME": str(node.home), "FORMLOS_DEMO": "1", "FORMLOS_PUBLIC_URL": node.web}
    with startup.ready_node(leave_running=True):
        from formlos.config.demo.own_story import Wishes, own_story
        from formlos.config.demo.telling import Teller

        teller = Teller(quiet=as_json)
        wishes = Wishes(origin, to, person, day.date() if day else None, proof.value, code, street)
        told = own_story(node, teller, wishes)
        teller.ending(told, node)
        if as_json:
            typer.echo(json.dumps(told.as_json(), ensure_ascii=False))
        startup.close_connections()
        if told.status not in ("completed", "clerk", "waiting", "open"):
            raise typer.Exit(1)


def _running_node(home: Path):  # type: ignore[no-untyped-def]
    """The node whose addresses the demo left in its folder, if it answers."""
    import httpx

    from formlos.config.demo.node import MARK, Node

    try:
        found = json.loads((home / MARK).read_text())
        httpx.get(f"{found['web']}/health", timeout=5)
    except (OSError, KeyError, httpx.HTTPError) as error:
        raise NoDemoRunning(f"no demo node runs in {home}; start one in another terminal with: make demo") from error
    return Node(home, found["web"], found["exchange"])
