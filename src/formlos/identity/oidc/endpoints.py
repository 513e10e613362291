"""Asking a provider over HTTP. Only jobs and commands do: a web process never calls out.

An endpoint is https, or on this machine. Redirects are not followed, answers are bounded, nothing of them is logged.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import quote_plus, urlsplit

import httpx
from django.conf import settings

from formlos.base.hosts import is_loopback
from formlos.identity.refusals import ProviderDown, ProviderRefused

TIMEOUT_SECONDS = 10
LARGEST_ANSWER = 256 * 1024
DISCOVERY = "/.well-known/openid-configuration"
NEEDED = ("authorization_endpoint", "token_endpoint", "jwks_uri")


@lru_cache(maxsize=1)
def _client() -> httpx.Client:
    return httpx.Client(
        timeout=TIMEOUT_SECONDS,
        trust_env=False,
        follow_redirects=False,
        transport=httpx.HTTPTransport(retries=2),  # only where no connection came about: nothing is sent twice
    )


os.register_at_fork(after_in_child=_client.cache_clear)


def discover(issuer: str) -> dict[str, Any]:
    """The provider's metadata (OpenID Connect Discovery 1.0). Raises ``ProviderDown``."""
    found = _answer("GET", issuer.rstrip("/") + DISCOVERY)
    if found.get("issuer") != issuer:
        raise ProviderDown(f"the discovery document there is of {found.get('issuer')!r}, not of {issuer!r}")
    for name in NEEDED:
        if not (isinstance(found.get(name), str) and is_safe(found[name])):
            raise ProviderDown(f"the discovery document has no usable {name}")
    if "S256" not in found.get("code_challenge_methods_supported", ["S256"]):
        raise ProviderDown("the provider knows no PKCE with S256")
    return found


def fetch_keys(metadata: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The provider's public keys. Raises ``ProviderDown``."""
    keys = _answer("GET", metadata["jwks_uri"]).get("keys")
    if not (isinstance(keys, list) and keys and all(isinstance(key, dict) for key in keys)):
        raise ProviderDown("the provider publishes no keys")
    return keys


def redeem(
    metadata: Mapping[str, Any], *, client_id: str, secret: str, code: str, verifier: str, redirect_uri: str
) -> dict[str, Any]:
    """Exchange a code for tokens. Raises ``ProviderRefused``, ``ProviderDown``."""
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect_uri, "code_verifier": verifier}
    methods = metadata.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
    if secret and "client_secret_basic" in methods:
        found = _answer(
            "POST", metadata["token_endpoint"], data=form, auth=httpx.BasicAuth(_quoted(client_id), _quoted(secret))
        )
    else:
        form |= {"client_id": client_id} | ({"client_secret": secret} if secret else {})
        found = _answer("POST", metadata["token_endpoint"], data=form)
    if not (isinstance(found.get("id_token"), str) and isinstance(found.get("access_token"), str)):
        raise ProviderDown("the token endpoint gave no ID token")
    return found


def userinfo(metadata: Mapping[str, Any], *, access_token: str) -> dict[str, Any]:
    """What the provider tells of the person beside the ID token. Raises ``ProviderRefused``, ``ProviderDown``."""
    headers = {"Authorization": f"Bearer {access_token}"}
    return _answer("GET", metadata["userinfo_endpoint"], headers=headers)


def is_safe(address: str) -> bool:
    """Whether an endpoint may be called and people sent there: encrypted, or on this machine.

    A demo node's own simulated provider may also be reached over its local network, for invented people only.
    """
    parts = urlsplit(address)
    if settings.DEMO and f"{parts.scheme}://{parts.netloc}" == settings.IDP_URL:
        return True
    return bool(parts.hostname) and (
        parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname))
    )


def _answer(method: str, address: str, **request: Any) -> dict[str, Any]:
    if not is_safe(address):
        raise ProviderDown(f"{address} is not https")
    try:
        with _client().stream(method, address, **request) as response:
            content = b""
            for part in response.iter_bytes():
                content += part
                if len(content) > LARGEST_ANSWER:
                    raise ProviderDown(f"{address} answers more than {LARGEST_ANSWER} bytes")
    except httpx.HTTPError as error:
        raise ProviderDown(f"{address} does not answer: {type(error).__name__}") from None
    if response.status_code in (400, 401, 403):
        raise ProviderRefused(f"{address} refuses: HTTP {response.status_code}")
    try:
        found = json.loads(content) if response.status_code == httpx.codes.OK else None
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise ProviderDown(f"{address} answers HTTP {response.status_code} without a JSON object")
    return found


def _quoted(value: str) -> str:
    """RFC 6749, 2.3.1: id and secret are form-encoded before they go into the header."""
    return quote_plus(value)
