"""The load: many people move at once, each through the machine API over real HTTP, none thinking between pages."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from formlos.config.bench.people import Mover

PATIENCE = 120.0


class MoveFailed(Exception):
    """A move of the measurement did not go as it should; figures would mean nothing."""

    code = "move_failed"


class Client:
    """One person's app: as little work as possible, so that the load takes little from what it measures."""

    def __init__(self, *, web: str, ags: str, session: str) -> None:
        self._address, self._base = urlsplit(web).netloc, f"/api/v1/{ags}/cases"
        self._headers = {"Authorization": f"Bearer {session}", "Content-Type": "application/json"}
        self.calls = 0

    def call(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Send one request. Raises ``MoveFailed`` for anything but success."""
        self.calls += 1
        connection = http.client.HTTPConnection(self._address, timeout=60)
        try:
            connection.request(method, self._base + path, json.dumps(body or {}), self._headers)
            answer = connection.getresponse()
            content = answer.read()
        finally:
            connection.close()
        if answer.status >= 300:
            raise MoveFailed(f"{method} {path}: {answer.status} {content[:500]!r}")
        found: dict[str, Any] = json.loads(content)
        return found


@dataclass(frozen=True)
class Played:
    """One move as its person saw it: moments in seconds since 1970, and how many requests it took."""

    case: str
    begun: float
    reviewed: float
    calls: int


def play(mover: Mover, *, web: str, ags: str, look_every: float) -> Played:
    """One move, from opening the case until nothing is left for the person to do."""
    client = Client(web=web, ags=ags, session=mover.session)
    begun = time.time()
    case = client.call("POST", "", {"service": "umzug"})
    while not case["reviewed"]:
        case = _go_on(client, case, mover, look_every)
        if time.time() > begun + PATIENCE:
            raise MoveFailed(f"case {case['reference']} is {case['state']} after {PATIENCE:.0f} s")
    return Played(case["id"], begun, time.time(), client.calls)


def _go_on(client: Client, case: Mapping[str, Any], mover: Mover, look_every: float) -> dict[str, Any]:
    place = f"/{case['id']}"
    if case["pages"]:
        asked = [question["path"] for question in case["pages"][0]]
        answers = {path: mover.answers[path.rpartition("/")[2]] for path in asked}
        return client.call("POST", f"{place}/answers", {"values": answers})
    if case["waiting"]:
        time.sleep(look_every)
        return client.call("GET", place)
    return client.call("POST", f"{place}/review")


def play_all(movers: Sequence[Mover], *, web: str, ags: str, at_once: int, look_every: float) -> list[Played]:
    """All moves, ``at_once`` at a time; the next person begins when one has nothing left to do."""
    with ThreadPoolExecutor(at_once) as pool:
        playing = [pool.submit(play, mover, web=web, ags=ags, look_every=look_every) for mover in movers]
        return [done.result() for done in playing]
