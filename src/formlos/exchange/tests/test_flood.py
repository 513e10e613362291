"""Two towns flood each other, each behind one synchronous server process: nothing starves, nothing is lost."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from django.db import connections

from formlos.base import clock, messages
from formlos.base.messages import Incoming
from formlos.base.tenancy import Municipality, acting_for, within
from formlos.exchange import roots
from formlos.exchange.directory import compose, sign_directory
from formlos.exchange.models import Outgoing, Received
from formlos.exchange.operations import delivery, directories, inbox
from formlos.exchange.operations.directories import entry_of
from formlos.exchange.tests.towns import Towns, free_port

EACH = 150
PATIENCE_SECONDS = 120


@pytest.fixture
def two_servers(database: Any, towns: Towns) -> Iterator[None]:
    """A server process for each town, with one synchronous worker that takes one request at a time."""
    addresses = {town.ags: f"http://127.0.0.1:{free_port()}" for town in (towns.stuttgart, towns.munich)}
    entries = [
        entry_of(town, endpoint=f"{addresses[town.ags]}/exchange/{town.ags}", services=("xmeld:1702", "xmeld:1703"))
        for town in (towns.stuttgart, towns.munich)
    ]
    now = clock.now()
    directory = compose(entries, serial=2, issued=now, expires=now + timedelta(days=1))
    directories.import_directory(token=sign_directory(directory, key=roots.own_root()))
    with ExitStack() as running:
        for address in addresses.values():
            running.enter_context(server(address, database.environment))
        yield


@contextmanager
def server(address: str, environment: dict[str, str]) -> Iterator[None]:
    bind = address.removeprefix("http://")
    command = [Path(sys.executable).with_name("gunicorn"), "formlos.config.wsgi", "--bind", bind, "--workers", "1"]
    environment = environment | {
        "FORMLOS_ROLE": "exchange",
        "PYTHONPATH": os.pathsep.join(sys.path),
        "FORMLOS_LOG_LEVEL": "ERROR",
    }
    process = subprocess.Popen([*map(str, command), "--worker-class", "sync", "--no-control-socket"], env=environment)
    try:
        _wait_for(address, process)
        yield
    finally:
        process.terminate()
        process.wait(20)


def _wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    while process.poll() is None:
        try:
            httpx.get(f"{address}/health", trust_env=False, timeout=20)
            return
        except httpx.TransportError:
            threading.Event().wait(0.05)
    raise AssertionError("the server ended")


def answer(message: Incoming) -> None:
    """Every request is answered, as an answering service does."""
    if message.kind == "xmeld:1702":
        messages.send(
            kind="xmeld:1703",
            receiver_ags=message.sender_ags,
            body={"treffer": "keiner"},
            purpose="Vorausgefüllter Meldeschein",
            norm="§ 23 Abs. 3 BMG",
            reply_to=message.id,
        )


def test_a_flood_in_both_directions_starves_nobody(
    towns: Towns, two_servers: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(messages, "_fallback", [answer])
    pair = (towns.stuttgart, towns.munich)
    for sender, receiver in (pair, pair[::-1]):
        for number in range(EACH):
            towns.send(sender, receiver, kind="xmeld:1702", body={"number": number})
    workers = [threading.Thread(target=work, args=[town]) for town in pair]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    for town in pair:
        with within(town):
            assert Outgoing.objects.filter(state="delivered", attempts=1).count() == 2 * EACH
            assert Received.objects.filter(state="processed").count() == 2 * EACH
            assert Received.objects.filter(kind="xmeld:1703").values("reply_to").distinct().count() == EACH


def work(town: Municipality) -> None:
    """What the town's job worker does, one thing after the other, until all is sent, answered and processed."""
    end = time.monotonic() + PATIENCE_SECONDS
    with acting_for(town):
        while not is_through() and time.monotonic() < end:
            for received in waiting(Received):
                inbox.process(received_id=received)
            for outgoing in waiting(Outgoing)[:10]:
                delivery.deliver_due(outgoing_id=outgoing)
    connections.close_all()


def waiting(box: Any) -> list[UUID]:
    with within():
        return list(box.objects.filter(state="waiting").values_list("id", flat=True))


def is_through() -> bool:
    with within():
        processed = Received.objects.filter(state="processed").count()
        return processed == 2 * EACH and not Outgoing.objects.filter(state="waiting").exists()
