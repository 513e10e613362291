"""This node as a verifier: its name, key and certificate, its addresses, and what it keeps sealed while it waits."""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from joserfc.jwk import ECKey

from formlos.base import clock
from formlos.base.secret_files import read_or_create, secret_folder
from formlos.identity import tokens
from formlos.identity.models import WalletRequest
from formlos.identity.wallet import certificates, pid
from formlos.identity.wallet.requests import Asked, Verifier

NAME = "Formlos"
REQUEST_PATH = "wallet/anfrage/"
ANSWER_PATH = "wallet/antwort/"
RETURN_PATH = "anmelden/wallet/zurueck/"


def own_verifier() -> Verifier:
    """Who this node is for wallets, as set by the operator; key and certificate are made where none are set."""
    chosen = settings.VERIFIER
    return _verifier(
        settings.PUBLIC_URL, chosen["prefix"], chosen["key_file"], chosen["certificate_file"], settings.HOME
    )


@lru_cache(maxsize=8)
def _verifier(url: str, prefix: str, key_file: str, certificate_file: str, home: Path) -> Verifier:
    if key_file:
        key, chain = ECKey.import_key(Path(key_file).read_bytes()), Path(certificate_file).read_text()
        return Verifier(NAME, url, prefix, key, chain)
    folder, host = secret_folder(home), urlsplit(url).hostname or ""
    key = ECKey.import_key(json.loads(read_or_create(folder / "verifier.json", new_key)))
    made = folder / f"verifier-{host}.pem"
    chain = read_or_create(made, lambda: certificates.self_made(host, key, now=clock.now()))
    return Verifier(NAME, url, prefix, key, chain)


def asked(row: WalletRequest) -> Asked:
    """A stored request as it is put to the wallet."""
    return Asked(
        state=row.id,
        nonce=row.nonce,
        mode=row.mode,
        response_uri=f"{settings.PUBLIC_URL}/{ANSWER_PATH}{row.id}",
        request_uri=f"{settings.PUBLIC_URL}/{REQUEST_PATH}{row.id}",
        query=pid.query(),
        encryption_key=answer_key(row).as_dict(private=False) | {"kid": "1"},
        expires=row.expires_at,
    )


def new_key() -> str:
    """A new private key on P-256, as JSON."""
    return json.dumps(ECKey.generate_key("P-256").as_dict(private=True))


def answer_key(row: WalletRequest) -> ECKey:
    """The key to which the wallet encrypts its answer to this request."""
    return ECKey.import_key(unsealed(row.id, bytes(row.sealed_key)))


def sealed(id: str, content: Mapping[str, Any]) -> bytes:
    """Encrypt for the time of a request, with a secret that the database does not have."""
    return tokens.seal_facts(_seal_of(id), content)


def unsealed(id: str, content: bytes) -> dict[str, Any]:
    return tokens.open_facts(_seal_of(id), content)


def subject_secret() -> bytes:
    """The key of the names under which accounts are found; it must outlive every other secret but the node key."""
    return read_or_create(secret_folder(settings.HOME) / "wallet-subjects").encode()


def _seal_of(id: str) -> str:
    return hmac.digest(settings.SECRET_KEY.encode(), f"wallet request {id}".encode(), "sha256").hex()
