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
THIS_MACHINE = "127.0.0.1"
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
def demo_node(*, home: Path, residents: int, told: Told, lan: str = "") -> Iterator[Node]:
    """Make and run the node for the block: database, two towns, web, exchange, worker, simulated provider and wallet.

    ``lan``: address of this machine under which other devices reach pages, provider and wallet; empty: this machine only.
    """
    _clear(home)
    node = _addresses(home, lan or THIS_MACHINE)
    os.environ |= settings_of(node)
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
    from formlos.portals.citizen.stage import acting as stage

    told(f"Stuttgart und München mit je {residents:,} erfundenen Menschen anlegen".replace(",", "."))
    towns = found_towns(residents=residents)
    provider.introduce(towns)
    provider.appoint_clerks(towns)
    stage.prepare()
    told("Web, Austausch, Arbeiter und simulierten Ausweisdienst und Wallet starten")
    with processes.node_running(logs=node.home / "logs", roles=(*processes.ROLES, "idp", "wallet")):
        provider.connect()
        addresses = {"web": node.web, "exchange": node.exchange, "idp": node.idp, "wallet": node.wallet}
        (node.home / MARK).write_text(json.dumps({**addresses, "pid": os.getpid()}))
        yield node
    (node.home / MARK).write_text("{}")


def _addresses(home: Path, host: str) -> Node:
    """The exchange is reached on this machine only: both towns live here."""
    hosts = {8000: host, 8001: THIS_MACHINE, 8002: host, 8003: host}
    ports = {port: processes.free_address(port).rpartition(":")[2] for port in hosts}
    return Node(home, *(f"http://{name}:{ports[port]}" for port, name in hosts.items()))


def settings_of(node: Node) -> dict[str, str]:
    """What an operator would set; the processes of the node inherit it. Retries are quick: somebody is watching."""
    return {
        "FORMLOS_EXCHANGE_LONGEST_RETRY_SECONDS": "3",
        "FORMLOS_HOME": str(node.home),
        "FORMLOS_DEMO": "1",
        "FORMLOS_PUBLIC_URL": node.web,
        "FORMLOS_EXCHANGE_URL": node.exchange,
        "FORMLOS_IDP_URL": node.idp,
        "FORMLOS_WALLET_URL": node.wallet,
        "FORMLOS_WEB_BIND": _bind(node.web),
        "FORMLOS_EXCHANGE_BIND": _bind(node.exchange),
        "FORMLOS_IDP_BIND": _bind(node.idp),
        "FORMLOS_WALLET_BIND": _bind(node.wallet),
    }


def _bind(address: str) -> str:
    """Where to listen: on this machine only, or on every address of it, so that it reaches itself as before."""
    host, _, port = address.removeprefix("http://").rpartition(":")
    return f"{host if host == THIS_MACHINE else '0.0.0.0'}:{port}"


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
