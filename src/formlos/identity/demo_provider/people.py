"""Whom the simulated provider knows: people with cards, and the nodes that may ask. Read from ``demo-idp.json``.

The file: ``people`` with key, name, story, town, group, expired and eid (see ``identity.persons``); ``clients`` with id,
secret, redirect_uris, sign_out_uris and towns.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from formlos.base.secret_files import random_text, secret_folder

FILE = "demo-idp.json"
MOVES, STAFF = "moves", "staff"


@dataclass(frozen=True)
class Person:
    """An invented person with a card; ``key`` is the subject, ``eid`` what the chip tells, ``story`` what is special in few words.

    ``group``: ``MOVES`` who is ready to move, ``STAFF`` who works at an office, empty for everybody else.
    """

    key: str
    name: str
    story: str
    town: str
    eid: Mapping[str, Any]
    expired: bool = False
    group: str = ""


@dataclass(frozen=True)
class Client:
    """A node that may ask, where people may be sent back to, and the names of its towns."""

    id: str
    secret: str
    redirect_uris: tuple[str, ...]
    sign_out_uris: tuple[str, ...]
    towns: tuple[str, ...] = ()


def write(home: Path, *, people: Iterable[Person], clients: Iterable[Client]) -> None:
    """Say whom the provider knows, before or while it runs."""
    content = {"people": [asdict(one) for one in people], "clients": [asdict(one) for one in clients]}
    partial = secret_folder(home) / f".{FILE}-{random_text()}"
    partial.write_text(json.dumps(content))
    partial.chmod(0o600)
    partial.replace(secret_folder(home) / FILE)


def people() -> list[Person]:
    return [Person(**one) for one in _content()["people"]]


def client(client_id: str) -> Client | None:
    return next((Client(**one) for one in _content()["clients"] if one["id"] == client_id), None)


def _content() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((secret_folder(settings.HOME) / FILE).read_text())
    return found
