"""The transport: a port. HTTP POST of one envelope, answered by a receipt or a problem (RFC 9457)."""

from __future__ import annotations

import json
import os
from functools import lru_cache

import httpx

from formlos.exchange.policy import policy
from formlos.exchange.refusals import BY_CODE, BadReceipt, Refusal, Unavailable

MEDIA_TYPE = "application/jose"
LARGEST_ANSWER = 64 * 1024


class Postponed(Unavailable):
    """The receiver asked to come back later."""

    def __init__(self, message: str, *, retry_after: float = 0.0) -> None:
        super().__init__(message)
        self.retry_after = retry_after


@lru_cache(maxsize=1)
def _client() -> httpx.Client:
    """One client per process: making one costs 35 ms, and it keeps connections open."""
    return httpx.Client(timeout=policy().timeout, trust_env=False, follow_redirects=False)


os.register_at_fork(after_in_child=_client.cache_clear)


def post(endpoint: str, envelope: bytes) -> str:
    """Deliver one envelope and return the receipt, unverified; raises a ``Refusal``."""
    try:
        with _client().stream("POST", endpoint, content=envelope, headers={"Content-Type": MEDIA_TYPE}) as response:
            answer = _read(response)
    except httpx.HTTPError as error:
        raise Postponed(f"{endpoint} does not answer: {type(error).__name__}") from error
    if response.status_code == httpx.codes.OK:
        return answer
    raise _refusal(response, answer)


def _read(response: httpx.Response) -> str:
    answer = b""
    for part in response.iter_bytes():
        answer += part
        if len(answer) > LARGEST_ANSWER:
            raise BadReceipt(f"the answer is larger than {LARGEST_ANSWER} bytes")
    return answer.decode("utf-8", "replace")


def _refusal(response: httpx.Response, answer: str) -> Refusal:
    try:
        problem = json.loads(answer)
        kind, detail = (BY_CODE.get(problem["code"]), str(problem.get("detail", ""))[:500])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        kind, detail = None, f"HTTP {response.status_code}"
    if kind is None or kind is Unavailable:
        wait = response.headers.get("Retry-After", "")
        return Postponed(detail, retry_after=float(wait) if wait.isascii() and wait.isdigit() else 0.0)
    return kind(detail)
