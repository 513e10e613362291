"""A client of the machine API: what an app of a citizen would do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx


class PortalRefused(Exception):
    """The portal answered with a problem; ``found`` is the problem as it came (RFC 9457)."""

    code = "portal_refused"

    def __init__(self, found: Mapping[str, Any]) -> None:
        errors = [f"{path}: {error['message']}" for path, error in found.get("errors", {}).items()]
        super().__init__("; ".join([str(found.get("title", found)), *errors]))
        self.found = found


class Portal:
    """One person at one town's portal."""

    def __init__(self, *, url: str, ags: str) -> None:
        self._http = httpx.Client(base_url=f"{url}/api/v1", timeout=20)
        self._ags = ags

    def identify(self, assertion: str) -> None:
        """Begin a session with a signed assertion."""
        session = self._call("POST", "/sessions", {"assertion": assertion})
        self._http.headers["Authorization"] = f"Bearer {session['token']}"

    def open(self, service: str) -> dict[str, Any]:
        return self._call("POST", f"/{self._ags}/cases", {"service": service})

    def read(self, case: str) -> dict[str, Any]:
        return self._call("GET", f"/{self._ags}/cases/{case}")

    def answer(self, case: str, values: Mapping[str, Any]) -> dict[str, Any]:
        return self._call("POST", f"/{self._ags}/cases/{case}/answers", {"values": dict(values)})

    def hand_in(self, case: str, *, name: str, content: bytes) -> str:
        """Hand in a file; returns what to answer the question for it with."""
        answer = self._http.post(f"/{self._ags}/cases/{case}/files", files={"file": (name, content)})
        handed_in: str = answer.raise_for_status().json()["answer"]
        return handed_in

    def send(self, case: str) -> dict[str, Any]:
        """Send the reviewed declaration."""
        return self._call("POST", f"/{self._ags}/cases/{case}/review")

    def decision(self, case: str) -> dict[str, Any]:
        return self._call("GET", f"/{self._ags}/cases/{case}/decision")

    def document(self, case: str, notice: str) -> bytes:
        """The sealed PDF of a notice."""
        return self._http.get(f"/{self._ags}/cases/{case}/documents/{notice}.pdf").raise_for_status().content

    def _call(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> dict[str, Any]:
        answer = self._http.request(method, path, json=body)
        if answer.is_error:
            problem = answer.headers.get("content-type", "").startswith("application/problem+json")
            raise PortalRefused(answer.json() if problem else {"title": f"HTTP {answer.status_code} for {path}"})
        found: dict[str, Any] = answer.json()
        return found
