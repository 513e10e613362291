"""The other side: what an issuer and a wallet do. For tests and for the simulated wallet of demo nodes.

Random salts come from the system; apart from that pure.
"""

from __future__ import annotations

import json
import random
import secrets
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from joserfc.jwk import ECKey

from formlos.identity.signed import Claims
from formlos.identity.wallet import compact, sdjwt
from formlos.identity.wallet.compact import base64url
from formlos.identity.wallet.sdjwt import Path

_shuffle = random.SystemRandom().shuffle
DECOYS = 2


@dataclass(frozen=True)
class Issued:
    """A credential as the holder keeps it: the issuer's JWS and every disclosure by its path."""

    credential: str
    disclosures: Mapping[Path, str]


def issue(
    claims: Mapping[str, Any],
    *,
    open_claims: Mapping[str, Any],
    holder: Mapping[str, Any],
    key: ECKey,
    header: Mapping[str, Any] = {},
) -> Issued:
    """Issue a credential in which every one of ``claims``, nested ones and elements too, is disclosed by choice.

    ``open_claims`` (iss, vct, exp …) are always seen. Each object also gets decoys.
    """
    hider = _Hider()
    payload = hider.hidden(claims, ()) | {"_sd_alg": sdjwt.HASH, "cnf": {"jwk": dict(holder)}} | dict(open_claims)
    return Issued(compact.sign(payload, key=key, typ=sdjwt.CREDENTIAL_TYPE, **header), hider.disclosures)


class _Hider:
    def __init__(self) -> None:
        self.disclosures: dict[Path, str] = {}

    def hidden(self, value: Any, path: Path) -> Any:
        if isinstance(value, Mapping):
            digests = [
                self._hide([name, self.hidden(inner, (*path, name))], (*path, name)) for name, inner in value.items()
            ]
            digests += [sdjwt.digest_of(secrets.token_hex()) for _ in range(DECOYS)]
            _shuffle(digests)
            return {"_sd": digests}
        if isinstance(value, list):
            return [{"...": self._hide([self.hidden(one, (*path, at))], (*path, at))} for at, one in enumerate(value)]
        return value

    def _hide(self, content: list[Any], path: Path) -> str:
        text = json.dumps([secrets.token_urlsafe(16), *content], ensure_ascii=False)
        self.disclosures[path] = base64url(text.encode())
        return sdjwt.digest_of(self.disclosures[path])


def disclosures_for(issued: Issued, paths: Iterable[Sequence[str | int | None]]) -> list[str]:
    """The disclosures that show these claims, with what leads to them and what lies within."""
    wanted = list(paths)
    return [text for path, text in issued.disclosures.items() if any(_leads(path, one) for one in wanted)]


def _leads(path: Path, wanted: Sequence[str | int | None]) -> bool:
    return all(step is None or step == given for given, step in zip(path, wanted, strict=False))


def present(
    issued: Issued, disclosures: Collection[str], *, key: ECKey, audience: str, nonce: str, now: datetime
) -> str:
    """A presentation with these disclosures and the proof that the holder's key is at hand."""
    signed = "~".join([issued.credential, *disclosures, ""])
    proof = {"aud": audience, "nonce": nonce, "iat": int(now.timestamp()), "sd_hash": sdjwt.digest_of(signed)}
    return signed + compact.sign(proof, key=key, typ=sdjwt.KEY_BINDING_TYPE)


def held_claims(issued: Issued) -> Claims:
    """All that the credential says, for its holder."""
    claims, _ = sdjwt.disclose(_payload(issued.credential), list(issued.disclosures.values()))
    return claims


def _payload(token: str) -> Claims:
    found: Claims = json.loads(compact.from_base64url(token.split(".")[1]))
    return found
