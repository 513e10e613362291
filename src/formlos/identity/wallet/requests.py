"""Authorization requests of OpenID4VP 1.0: what this node asks a wallet, signed, and the link that begins it. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

from cryptography.hazmat.primitives import serialization
from joserfc.jwk import ECKey

from formlos.identity.wallet import certificates, compact

TYPE = "oauth-authz-req+jwt"
SCHEME = "openid4vp://"
AUDIENCE = "https://self-issued.me/v2"
PREFIXES = ("x509_san_dns", "x509_hash", "redirect_uri")
POST, ENCRYPTED_POST = MODES = ("direct_post", "direct_post.jwt")
FORMATS = {"dc+sd-jwt": {"sd-jwt_alg_values": [compact.ALGORITHM], "kb-jwt_alg_values": [compact.ALGORITHM]}}


@dataclass(frozen=True)
class Verifier:
    """Who asks. ``url`` without a path; ``chain`` (PEM) proves to wallets that ``key`` is of that address."""

    name: str
    url: str
    prefix: str
    key: ECKey
    chain: str

    def client_id(self, response_uri: str) -> str:
        """The name by which wallets know this node, and for which they bind their answer."""
        if self.prefix == "redirect_uri":
            return f"redirect_uri:{response_uri}"
        if self.prefix == "x509_san_dns":
            return f"x509_san_dns:{urlsplit(self.url).hostname}"
        leaf = certificates.first_of(certificates.x5c_of(self.chain)).public_bytes(serialization.Encoding.DER)
        return f"x509_hash:{compact.base64url(hashlib.sha256(leaf).digest())}"

    @property
    def signs(self) -> bool:
        """Requests under ``redirect_uri`` must not be signed; wallets then only know where the answer goes."""
        return self.prefix != "redirect_uri"


@dataclass(frozen=True)
class Asked:
    """One request. ``encryption_key``: public JWK to which the answer is encrypted, for ``direct_post.jwt``."""

    state: str
    nonce: str
    mode: str
    response_uri: str
    request_uri: str
    query: Mapping[str, Any]
    encryption_key: Mapping[str, Any]
    expires: datetime


def parameters(verifier: Verifier, asked: Asked) -> dict[str, Any]:
    """The parameters of the request, in JSON form."""
    metadata: dict[str, Any] = {"client_name": verifier.name, "vp_formats_supported": FORMATS}
    if asked.mode == ENCRYPTED_POST:
        use = {"use": "enc", "alg": compact.AGREEMENT}
        metadata["jwks"] = {"keys": [dict(asked.encryption_key) | use]}
        metadata["encrypted_response_enc_values_supported"] = list(compact.ENCRYPTIONS)
    return {
        "client_id": verifier.client_id(asked.response_uri),
        "response_type": "vp_token",
        "response_mode": asked.mode,
        "response_uri": asked.response_uri,
        "nonce": asked.nonce,
        "state": asked.state,
        "dcql_query": dict(asked.query),
        "client_metadata": metadata,
    }


def request_object(verifier: Verifier, asked: Asked, *, now: datetime, wallet_nonce: str = "") -> str:
    """The signed request (JWS) that a wallet fetches at ``request_uri``."""
    claims = parameters(verifier, asked) | {"aud": AUDIENCE}
    claims |= {"iat": int(now.timestamp()), "exp": int(asked.expires.timestamp())}
    if wallet_nonce:
        claims["wallet_nonce"] = wallet_nonce
    return compact.sign(claims, key=verifier.key, typ=TYPE, x5c=certificates.x5c_of(verifier.chain))


def link(verifier: Verifier, asked: Asked, *, wallet: str = SCHEME) -> str:
    """The address that opens a wallet with this request, on the same device or as a QR code."""
    if verifier.signs:
        given: dict[str, Any] = {
            "client_id": verifier.client_id(asked.response_uri),
            "request_uri": asked.request_uri,
            "request_uri_method": "post",
        }
    else:
        given = parameters(verifier, asked)
    return f"{wallet}?{urlencode({name: _in_link(value) for name, value in given.items()})}"


def _in_link(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))
