"""What the endpoint takes and what it refuses, over real HTTP."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from formlos.base import clock
from formlos.base.tenancy import Municipality
from formlos.exchange.envelope import LARGEST_ENVELOPE
from formlos.exchange.jose import Signed
from formlos.exchange.receipts import SIGNED
from formlos.exchange.tests.keys import ULM, pair
from formlos.exchange.tests.towns import Towns

STRANGER = pair("stranger")
HOUR = timedelta(hours=1)
MESSAGE_ID = UUID("0195f000-0000-7000-8000-00000000000a")


def code_of(response: httpx.Response) -> str:
    assert response.headers["Content-Type"] == "application/problem+json"
    problem = response.json()
    assert problem["status"] == response.status_code
    assert problem["title"] and problem["detail"] and problem["type"].endswith(problem["code"])
    return str(problem["code"])


def receipt_of(response: httpx.Response) -> dict[str, Any]:
    assert response.status_code == 200, response.text
    receipt: dict[str, Any] = json.loads(Signed(response.text, typ=SIGNED).payload)
    return receipt


def test_a_message_arrives_and_is_processed_once(towns: Towns, endpoint: str) -> None:
    sent = towns.send(towns.stuttgart, towns.munich, reference="case-1")
    assert towns.deliver(towns.stuttgart, sent).state == "delivered"
    towns.process(towns.munich)
    towns.process(towns.munich)
    [incoming] = towns.handled
    assert (incoming.id, incoming.sender_ags, incoming.sender_name) == (sent, "08111000", "Stuttgart")
    assert (incoming.body, incoming.norm) == ({"ort": "Köln"}, "§ 33 Abs. 1 BMG")
    assert [state for state, _ in towns.outcomes] == ["delivered"]


def test_a_replayed_envelope_gets_its_receipt_again_and_is_processed_once(towns: Towns, endpoint: str) -> None:
    envelope = towns.seal(towns.stuttgart, towns.munich)
    first, second = (receipt_of(towns.post(towns.munich, envelope)) for _ in range(2))
    assert (first.pop("state"), second.pop("state")) == ("accepted", "duplicate")
    assert first == second
    towns.process(towns.munich)
    assert len(towns.handled) == 1


def test_a_retry_with_a_new_time_is_known_by_its_id(towns: Towns, endpoint: str) -> None:
    for minutes in (2, 1):
        issued = clock.now() - timedelta(minutes=minutes)
        receipt_of(towns.post(towns.munich, towns.seal(towns.stuttgart, towns.munich, id=MESSAGE_ID, issued=issued)))
    assert len(towns.received(towns.munich)) == 1


def test_a_known_id_with_other_content_is_an_alarm(towns: Towns, endpoint: str) -> None:
    receipt_of(towns.post(towns.munich, towns.seal(towns.stuttgart, towns.munich, id=MESSAGE_ID, body={"a": "1"})))
    other = towns.seal(towns.stuttgart, towns.munich, id=MESSAGE_ID, body={"a": "2"})
    assert code_of(towns.post(towns.munich, other)) == "replay_conflict"
    [kept] = towns.received(towns.munich)
    assert kept.conflicts == 1
    towns.process(towns.munich)
    assert [incoming.body for incoming in towns.handled] == [{"a": "1"}]


def test_the_same_id_from_two_senders_is_two_messages(towns: Towns, endpoint: str) -> None:
    for sender in (towns.munich, towns.stuttgart):
        receipt_of(towns.post(towns.munich, towns.seal(sender, towns.munich, id=MESSAGE_ID)))
    assert len(towns.received(towns.munich)) == 2


REFUSED: dict[str, tuple[str, Callable[[Towns], dict[str, Any]]]] = {
    "signed by a stranger": ("bad_signature", lambda _: {"key": STRANGER.signing}),
    "from a sender that nobody knows": ("unknown_sender", lambda _: {"sender": ULM}),
    "in another town's name": ("bad_signature", lambda towns: {"sender": towns.munich.ags}),
    "encrypted to a wrong key": (
        "wrong_key",
        lambda _: {"receiver_kid": STRANGER.kid, "receiver_jwk": STRANGER.jwk},
    ),
    "addressed to somebody else": ("not_for_us", lambda towns: {"receiver": towns.stuttgart.ags}),
    "expired": ("expired", lambda _: {"issued": clock.now() - 2 * HOUR}),
    "from the future": ("not_yet_valid", lambda _: {"issued": clock.now() + timedelta(minutes=6)}),
    "with a directory entry that nobody signed": ("directory_mismatch", lambda _: {"directory_entry": "sha256:0"}),
    "of an unknown kind": ("unknown_kind", lambda _: {"kind": "xmeld:9999"}),
}


@pytest.mark.parametrize("what", REFUSED)
def test_a_message_is_refused_that_is(what: str, towns: Towns, endpoint: str) -> None:
    code, changes = REFUSED[what]
    assert code_of(towns.post(towns.munich, towns.seal(towns.stuttgart, towns.munich, **changes(towns)))) == code
    assert towns.received(towns.munich) == []


def test_four_minutes_between_two_clocks_do_no_harm(towns: Towns, endpoint: str) -> None:
    ahead = clock.now() + timedelta(minutes=4)
    assert receipt_of(towns.post(towns.munich, towns.seal(towns.stuttgart, towns.munich, issued=ahead)))


def test_an_altered_message_is_refused(towns: Towns, endpoint: str) -> None:
    envelope = bytearray(towns.seal(towns.stuttgart, towns.munich))
    middle = len(envelope) // 2
    envelope[middle] = ord("A") if envelope[middle] != ord("A") else ord("B")
    assert code_of(towns.post(towns.munich, bytes(envelope))) == "altered"


def test_what_is_no_message_is_malformed(towns: Towns, endpoint: str) -> None:
    for content in (b"", b"hello", b"a.b.c.d.e", b'{"protected": ""}'):
        assert code_of(towns.post(towns.munich, content)) == "malformed"


def test_a_message_for_a_town_elsewhere_is_refused(towns: Towns, endpoint: str) -> None:
    assert code_of(towns.post(ULM, towns.seal(towns.stuttgart, towns.munich))) == "not_for_us"


def test_a_huge_message_is_refused_before_it_is_read(towns: Towns, endpoint: str) -> None:
    host, port = endpoint.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=5) as connection:
        head = f"POST /exchange/{towns.munich.ags} HTTP/1.1\r\nHost: {host}\r\nContent-Length: {LARGEST_ENVELOPE + 1}"
        connection.sendall(f"{head}\r\n\r\n".encode())
        assert b" 413 " in connection.recv(100)


def test_five_mebibytes_arrive(towns: Towns, endpoint: str) -> None:
    body = {"anlage": "x" * (5 * 1024 * 1024)}
    receipt_of(towns.post(towns.munich, towns.seal(towns.stuttgart, towns.munich, body=body)))
    towns.process(towns.munich)
    assert towns.handled[0].body == body


def test_an_offline_town_says_when_to_come_back(towns: Towns, endpoint: str) -> None:
    set_offline(towns.munich, True)
    response = towns.post(towns.munich, towns.seal(towns.stuttgart, towns.munich))
    assert (response.status_code, code_of(response)) == (503, "unavailable")
    assert int(response.headers["Retry-After"]) > 0


def test_the_endpoint_is_for_posting_only(towns: Towns, endpoint: str) -> None:
    assert httpx.get(f"{endpoint}/exchange/{towns.munich.ags}", trust_env=False).status_code == 405
    assert httpx.get(f"{endpoint}/health", trust_env=False).json()["status"] == "ok"


def set_offline(town: Municipality, offline: bool) -> None:
    town.settings["offline"] = offline
    town.save()
