"""A small node for tests: two towns with keys, a directory, and a server that answers real HTTP."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import httpx
from django.core.wsgi import get_wsgi_application
from django.db import connections
from django.test import override_settings

from formlos.base import clock, keys, messages
from formlos.base.ids import new_id
from formlos.base.messages import Incoming
from formlos.base.tenancy import Municipality, acting_for, within
from formlos.exchange import queries, roots
from formlos.exchange.directory import Directory
from formlos.exchange.envelope import seal
from formlos.exchange.models import Outgoing, Received
from formlos.exchange.operations import delivery, directories, inbox
from formlos.exchange.tests.keys import message


@dataclass
class Towns:
    """What tests do with the two towns of the node."""

    stuttgart: Municipality
    munich: Municipality
    address: str
    outcomes: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    handled: list[Incoming] = field(default_factory=list)

    def renew_directory(self, *, lifetime: timedelta = timedelta(days=30)) -> Directory:
        return directories.renew(
            root=roots.own_root(),
            municipalities=[self.stuttgart, self.munich],
            address=self.address,
            lifetime=lifetime,
        )

    def send(self, sender: Municipality, receiver: Municipality, **changes: Any) -> UUID:
        usual = {"kind": "xmeld:0201", "body": {"ort": "Köln"}, "purpose": "Rückmeldung", "norm": "§ 33 Abs. 1 BMG"}
        with within(sender):
            return messages.send(receiver_ags=receiver.ags, **(usual | changes))

    def deliver(self, sender: Municipality, message: UUID) -> Outgoing:
        """Try to deliver now, and say how the message stands."""
        with acting_for(sender):
            delivery.deliver_due(outgoing_id=message)
        return self.outgoing(sender, message)

    def seal(self, sender: Municipality, receiver: Municipality, /, **changes: Any) -> bytes:
        """An envelope as the sender would make it now, with changes to content or circumstances."""
        now = clock.now()
        with within(sender):
            directory = queries.current_directory()
            ours, theirs = directory.entries[sender.ags], directory.entries[receiver.ags]
            key, encryption = queries.signing_key(ours, now), theirs.key(use="enc", moment=now)
        assert encryption is not None
        circumstances = {
            "key": key,
            "receiver_kid": encryption.kid,
            "receiver_jwk": encryption.jwk,
            "directory_entry": theirs.digest,
            "issued": now,
            "lifetime": timedelta(hours=1),
        }
        content = {name: changes.pop(name) for name in list(changes) if name not in circumstances}
        usual = {"id": new_id(), "sender": sender.ags, "receiver": receiver.ags, "kind": "xmeld:0201"}
        return seal(message(**(usual | content)), **(circumstances | changes))

    def post(self, receiver: Municipality | str, envelope: bytes) -> httpx.Response:
        ags = receiver if isinstance(receiver, str) else receiver.ags
        return httpx.post(f"{self.address}/exchange/{ags}", content=envelope, trust_env=False)

    def outgoing(self, sender: Municipality, message: UUID) -> Outgoing:
        with within(sender):
            found: Outgoing = Outgoing.objects.get(id=message)
            return found

    def received(self, receiver: Municipality) -> list[Received]:
        with within(receiver):
            return list(Received.objects.order_by("received_at"))

    def process(self, receiver: Municipality) -> None:
        for row in self.received(receiver):
            with acting_for(receiver):
                inbox.process(received_id=row.id)


def two_towns(stuttgart: Municipality, munich: Municipality) -> Towns:
    """Two towns with keys, in a directory."""
    for town in (stuttgart, munich):
        with within(town):
            for purpose in ("sign", "encrypt"):
                keys.create(purpose=purpose)
    node = Towns(stuttgart, munich, f"http://127.0.0.1:{free_port()}")
    node.renew_directory()
    return node


@contextmanager
def serving(address: str) -> Iterator[str]:
    host, port = address.removeprefix("http://").split(":")
    with override_settings(ROOT_URLCONF="formlos.config.urls_exchange"):
        server = make_server(host, int(port), get_wsgi_application(), WSGIServer, _Quiet)
        thread = threading.Thread(target=_serve, args=[server])
        thread.start()
        try:
            yield address
        finally:
            server.shutdown()
            thread.join()
            server.server_close()


def _serve(server: WSGIServer) -> None:
    server.serve_forever(poll_interval=0.02)
    connections.close_all()


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_: Any) -> None:
        pass


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
