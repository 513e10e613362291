"""Claims that somebody signed (a compact JWS over a JSON object). Whose key it must be, the caller says. No database, no clock."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from joserfc import jws
from joserfc.errors import BadSignatureError, JoseError

UNREADABLE = (JoseError, ValueError, TypeError, LookupError, AttributeError, AssertionError, RecursionError)
Claims = dict[str, Any]


class NotByThisKey(Exception):
    """The signature is by another key, or over another text."""


class NotClaims(Exception):
    """No compact JWS over a JSON object, or signed in a way that the registry does not allow."""


def signed_claims(
    token: str, *, registry: jws.JWSRegistry, choose: Callable[[Claims, Mapping[str, Any]], Any]
) -> Claims:
    """The claims, once it is proved that the key ``choose(claims, header)`` has signed them.

    What ``choose`` sees is not yet verified. Raises ``NotByThisKey``, ``NotClaims`` and what ``choose`` raises.
    """

    def find(parts: Any) -> Any:
        claims = json.loads(parts.payload)
        if not isinstance(claims, dict):
            raise NotClaims("claims are an object")
        return choose(claims, parts.headers())

    try:
        verified: Claims = json.loads(jws.deserialize_compact(token, find, registry=registry).payload)
    except BadSignatureError as error:
        raise NotByThisKey from error
    except UNREADABLE as error:
        raise NotClaims from error
    return verified
