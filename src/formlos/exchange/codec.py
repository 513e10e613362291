"""The wire format of what is signed: a port. JSON now; XMeld XML is another ``Codec``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NoReturn, Protocol

from formlos.exchange.refusals import Malformed
from formlos.law.canonical import canonical_bytes


class Codec(Protocol):
    """Turns the signed content of a message into bytes and back; ``decode`` raises ``Malformed``."""

    name: str

    def encode(self, content: Mapping[str, Any]) -> bytes: ...

    def decode(self, data: bytes) -> dict[str, Any]: ...


class JsonCodec:
    """Canonical JSON out. In comes only JSON that every parser reads alike: no key twice, no float, no NaN."""

    name = "json"

    def encode(self, content: Mapping[str, Any]) -> bytes:
        return canonical_bytes(content)

    def decode(self, data: bytes) -> dict[str, Any]:
        try:
            content = json.loads(
                data, object_pairs_hook=_without_duplicates, parse_float=_refused, parse_constant=_refused
            )
        except (ValueError, RecursionError) as error:
            raise Malformed(f"not readable as JSON: {error}") from error
        if not isinstance(content, dict):
            raise Malformed("a message is a JSON object")
        return content


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key appears twice")
    return found


def _refused(text: str) -> NoReturn:
    raise ValueError(f"{text} is not exact; amounts travel as text")


JSON = JsonCodec()
