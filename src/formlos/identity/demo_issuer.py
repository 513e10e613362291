"""SIMULATED identity provider for demo nodes: signs assertions for invented people. Never for real ones.

It stands where an eID server will stand. Refuses to exist unless the node is a demo (``FORMLOS_DEMO``), and
such a node is the only one that accepts its assertions.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.conf import settings
from joserfc import jws
from joserfc.jwk import ECKey

from formlos.base import clock
from formlos.base.ids import new_id
from formlos.base.secret_files import read_or_create, secret_folder
from formlos.identity import operations
from formlos.identity.assertions import TYPE

ISSUER = "urn:formlos:demo-issuer"
LIFETIME = timedelta(minutes=5)


class DemoOnly(Exception):
    """This node is no demo; set FORMLOS_DEMO=1 to let invented people identify themselves."""

    code = "demo_only"


def enable() -> None:
    """Make the issuer's key if need be and trust it on this node; raises ``DemoOnly``."""
    public = _key().as_dict(private=False)
    operations.trust_issuer(issuer=ISSUER, name="Simulierter Online-Ausweis", keys=[public], simulated=True)


def issue(*, person: Mapping[str, Any], subject: str, level: str = "high") -> str:
    """A signed assertion about an invented person (claim ``person`` as in ``assertions``); raises ``DemoOnly``.

    ``subject`` names the person's card: the same person, the same account.
    """
    key, now = _key(), clock.now()
    claims = {
        "iss": ISSUER,
        "aud": settings.PUBLIC_URL,
        "sub": subject,
        "jti": str(new_id()),
        "iat": int(now.timestamp()),
        "exp": int((now + LIFETIME).timestamp()),
        "acr": level,
        "person": dict(person),
    }
    header = {"alg": "ES256", "kid": key.kid, "typ": TYPE}
    return jws.serialize_compact(header, json.dumps(claims), key, algorithms=["ES256"])


def _key() -> ECKey:
    if not settings.DEMO:
        raise DemoOnly(DemoOnly.__doc__)
    return ECKey.import_key(json.loads(read_or_create(secret_folder(settings.HOME) / "demo-issuer.json", _new_key)))


def _new_key() -> str:
    return json.dumps(ECKey.generate_key("P-256", auto_kid=True).as_dict(private=True))
