"""What a verifier asks: fetched, verified as a wallet must, and compared with what a card can say."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx
from cryptography.hazmat.primitives import serialization
from django.conf import settings

from formlos.identity.wallet import certificates, compact, dcql
from formlos.identity.wallet.refusals import MalformedAnswer
from formlos.identity.wallet.requests import MODES, TYPE

TIMEOUT = httpx.Timeout(10)


class NotAQuestion(Exception):
    """No request that this wallet answers; the message says why."""

    code = "not_a_question"


@dataclass(frozen=True)
class Question:
    """A verified request. ``name`` is what the verifier calls itself, ``host`` what its certificate proves."""

    client_id: str
    name: str
    host: str
    response_uri: str
    nonce: str
    state: str
    mode: str
    query: dcql.Query
    keys: list[Mapping[str, Any]]

    def claims_of(self, credential: dcql.Credential) -> tuple[dcql.ClaimQuery, ...] | None:
        """What of a credential answers the question; None if it cannot."""
        found = dcql.answer_with(self.query, {"card": credential})
        return None if found is None else tuple(claim for _, claims in found.values() for claim in claims)


def fetch(given: Mapping[str, str]) -> str:
    """The signed request that a link names, "" where the link holds the request itself. Raises ``NotAQuestion``."""
    if "request_uri" not in given:
        return ""
    address, nonce = _own(given["request_uri"]), secrets.token_urlsafe(16)
    try:
        answer = httpx.post(address, data={"wallet_nonce": nonce}, timeout=TIMEOUT)
    except httpx.HTTPError as error:
        raise NotAQuestion("the verifier cannot be reached") from error
    if answer.status_code != httpx.codes.OK:
        raise NotAQuestion("the verifier does not know this request any more")
    if _verified(answer.text).get("wallet_nonce") != nonce:
        raise NotAQuestion("the request was made for another wallet")
    return answer.text


def understand(given: Mapping[str, str], token: str) -> Question:
    """The question behind a link and what was fetched for it. Raises ``NotAQuestion``."""
    claims = _verified(token) if token else _from_link(given)
    try:
        if claims["client_id"] != given["client_id"] or claims["response_type"] != "vp_token":
            raise NotAQuestion("the link and the request do not belong together")
        metadata = claims["client_metadata"]
        question = Question(
            client_id=str(claims["client_id"]),
            name=str(metadata.get("client_name", "")),
            host=urlsplit(_own(claims["response_uri"])).netloc,
            response_uri=claims["response_uri"],
            nonce=str(claims["nonce"]),
            state=str(claims["state"]),
            mode=claims["response_mode"],
            query=dcql.read(claims["dcql_query"]),
            keys=list(metadata.get("jwks", {}).get("keys", [])),
        )
    except (KeyError, TypeError, AttributeError, dcql.QueryRefused) as error:
        raise NotAQuestion("the request is incomplete") from error
    if question.mode not in MODES:
        raise NotAQuestion("the request wants an answer in a way that this wallet does not know")
    return question


def _verified(token: str) -> compact.Claims:
    """The claims of a signed request whose certificate is that of its client_id. Raises ``NotAQuestion``."""
    try:
        return compact.verified(token, typ=TYPE, choose=_signer)
    except (compact.NotByThisKey, MalformedAnswer) as error:
        raise NotAQuestion("the request is not signed by the one who asks") from error


def _signer(claims: Mapping[str, Any], header: Mapping[str, Any]) -> Mapping[str, Any]:
    leaf = certificates.first_of(header.get("x5c"))
    prefix, _, name = str(claims.get("client_id")).partition(":")
    host = urlsplit(str(claims.get("response_uri"))).hostname
    der = leaf.public_bytes(serialization.Encoding.DER)
    by_name = prefix == "x509_san_dns" and name == host and name in certificates.hosts_of(leaf)
    if not by_name and (prefix, name) != ("x509_hash", compact.base64url(hashlib.sha256(der).digest())):
        raise MalformedAnswer("the certificate is not that of the client_id")
    return certificates.public_jwk(leaf)


def _from_link(given: Mapping[str, str]) -> dict[str, Any]:
    """A request that stands in the link, unsigned: all that is known is where the answer goes."""
    if given.get("client_id") != f"redirect_uri:{given.get('response_uri')}":
        raise NotAQuestion("an unsigned request answers to its own address only")
    try:
        return dict(given) | {name: json.loads(given[name]) for name in ("dcql_query", "client_metadata")}
    except (KeyError, ValueError, RecursionError) as error:
        raise NotAQuestion("the request is incomplete") from error


def _own(address: Any) -> str:
    """This simulated wallet speaks to its own node only, so that nobody can make it call elsewhere."""
    if not isinstance(address, str) or not address.startswith(f"{settings.PUBLIC_URL}/"):
        raise NotAQuestion("this simulated wallet answers its own node only")
    return address
