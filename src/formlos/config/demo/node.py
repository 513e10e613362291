"""A demo node in a folder of its own, made anew each time it starts."""

from __future__ import annotations

import json
import logging
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from formlos.config import initialise, launcher, processes, startup
from formlos.config.environment import read_environment

MARK = "demo.json"
Told = Callable[[str], None]


class NotADemo(Exception):
    """The folder belongs to another node; a demo only ever removes what a demo made."""

    code = "not_a_demo"


class DemoRunning(Exception):
    """A demo already runs in the folder."""

    code = "demo_running"


@dataclass(frozen=True)
class Node:
    """Addresses of the running demo node and its home."""

    home: Path
    web: str
    exchange: str
    idp: str = ""
    wallet: str = ""


@contextmanager
def demo_node(*, home: Path, residents: int, told: Told) -> Iterator[Node]:
    """Make and run the node for the block: database, two towns, web, exchange, worker, simulated provider and wallet."""
    _clear(home)
    node = _addresses(home)
    _settings(node)
    environment = read_environment()
    told("Datenbank anlegen")
    with initialise.prepared(environment):
        startup.set_up_django()
        logging.getLogger("formlos").setLevel(logging.WARNING)  # this process tells a story
        initialise.create_node_key(startup.node_key_file(environment))
        initialise.migrate()
        initialise.collect_static_files()
        with launcher.running(home):
            yield from _with_towns_and_processes(node, residents, told)
            startup.close_connections()


def _with_towns_and_processes(node: Node, residents: int, told: Told) -> Iterator[Node]:
    from formlos.config.demo import provider
    from formlos.config.demo.towns import found_towns

    told(f"Stuttgart und München mit je {residents:,} erfundenen Menschen anlegen".replace(",", "."))
    towns = found_towns(residents=residents)
    provider.introduce(towns)
    provider.appoint_clerks(towns)
    told("Web, Austausch, Arbeiter und simulierten Ausweisdienst und Wallet starten")
    with processes.node_running(logs=node.home / "logs", roles=(*processes.ROLES, "idp", "wallet")):
        provider.connect()
        addresses = {"web": node.web, "exchange": node.exchange, "idp": node.idp, "wallet": node.wallet}
        (node.home / MARK).write_text(json.dumps({**addresses, "pid": os.getpid()}))
        yield node
    (node.home / MARK).write_text("{}")


def _addresses(home: Path) -> Node:
    return Node(home, *(f"http://{processes.free_address(port)}" for port in (8000, 8001, 8002, 8003)))


def _settings(node: Node) -> None:
    """What an operator would set; the processes of the node inherit it."""
    os.environ |= {
        "FORMLOS_HOME": str(node.home),
        "FORMLOS_DEMO": "1",
        "FORMLOS_PUBLIC_URL": node.web,
        "FORMLOS_EXCHANGE_URL": node.exchange,
        "FORMLOS_IDP_URL": node.idp,
        "FORMLOS_WALLET_URL": node.wallet,
        "FORMLOS_WEB_BIND": node.web.removeprefix("http://"),
        "FORMLOS_EXCHANGE_BIND": node.exchange.removeprefix("http://"),
        "FORMLOS_IDP_BIND": node.idp.removeprefix("http://"),
        "FORMLOS_WALLET_BIND": node.wallet.removeprefix("http://"),
    }


def _clear(home: Path) -> None:
    """Remove the last demo. Raises ``NotADemo`` for a folder that no demo made, ``DemoRunning`` while one runs there."""
    if home.exists() and not home.is_dir():
        raise NotADemo(f"{home} is a file; choose a folder with --home")
    if home.exists() and any(home.iterdir()):
        _refuse_running(home)
        if not (home / MARK).exists():
            raise NotADemo(f"{home} is not empty and no demo made it; choose another folder with --home")
        launcher.stop(home)
        shutil.rmtree(home)
    home.mkdir(parents=True, exist_ok=True)
    (home / MARK).write_text("{}")


def _refuse_running(home: Path) -> None:
    """The mark of a running demo names its process and address."""
    try:
        left = json.loads((home / MARK).read_text())
        os.kill(left["pid"], 0)
    except (OSError, ValueError, KeyError):
        return
    raise DemoRunning(
        f"a demo already runs at {left['web']}; end it with Ctrl-C there, or choose another folder with --home"
    )
