"""The root key that signs directories: made once, kept offline; nodes hold its public part in a pinned file."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from joserfc.jwk import ECKey

from formlos.base.secret_files import read_or_create, secret_folder, write_once
from formlos.exchange import jose
from formlos.exchange.jose import SigningKey
from formlos.exchange.refusals import NoDirectory, Refusal


class NotThisRoot(Refusal):
    """Another root key is pinned already. Changing it changes whom this node trusts: remove the file by hand."""

    code, lasting = "other_root_pinned", True


def create_root(path: Path) -> dict[str, Any]:
    """Write a new private root key (readable by its owner only) and return the public JWK.

    Raises ``FileExistsError``.
    """
    key = ECKey.generate_key("P-256")
    private = dict(key.as_dict(private=True))
    private["kid"] = f"root-{key.thumbprint()[:16]}"
    if not write_once(path, json.dumps(private, indent=1) + "\n"):
        raise FileExistsError(f"{path} exists; a root key is never overwritten")
    return public_part(private)


def load_root(path: Path) -> SigningKey:
    """The private root key, for signing on the offline machine."""
    private = json.loads(path.read_text())
    raw = ECKey.import_key(private).private_key
    assert isinstance(raw, ec.EllipticCurvePrivateKey)
    return SigningKey(private["kid"], raw)


def own_root() -> SigningKey:
    """A root key that lies on this node itself and is trusted here: for demos and tests, where nothing is offline."""
    path = secret_folder(settings.HOME) / "directory-root-key.json"
    with contextlib.suppress(FileExistsError):
        create_root(path)
    pin_root(public_part(json.loads(path.read_text())))
    return load_root(path)


def public_part(jwk: dict[str, Any]) -> dict[str, Any]:
    return {name: jwk[name] for name in ("kty", "crv", "x", "y", "kid") if name in jwk}


def pinned_file() -> Path:
    """Where this node keeps the public part of the root key it trusts."""
    return secret_folder(settings.HOME) / "directory-root.json"


def pin_root(jwk: dict[str, Any]) -> None:
    """Trust directories by this key from now on; raises ``NotThisRoot`` when another one is pinned."""
    path = pinned_file()
    pinned = json.loads(read_or_create(path, lambda: json.dumps(public_part(jwk), indent=1) + "\n"))
    if jose.thumbprint(pinned) != jose.thumbprint(jwk):
        raise NotThisRoot(f"{path} holds another root key; remove it by hand if that is what you want")


def pinned_root() -> dict[str, Any]:
    """The public JWK of the pinned root; raises ``NoDirectory`` when none is pinned."""
    path = pinned_file()
    if not path.exists():
        raise NoDirectory(f"no root key is pinned ({path} is missing): formlos exchange directory pin FILE")
    found: dict[str, Any] = json.loads(path.read_text())
    return found
