"""Keys of municipalities: P-256 for signing messages, for encryption and for seals.

Private parts lie in the database encrypted with the node key (AES-256-GCM, key id as associated data);
the node key is a file that ``formlos init`` creates. Opened keys are kept per process.
"""

from __future__ import annotations

import base64
import json
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.x509.oid import NameOID
from joserfc.jwk import ECKey

from formlos.base import clock, sealing
from formlos.base.models import KeyPair
from formlos.base.secret_files import write_once
from formlos.base.tenancy import current_municipality, current_municipality_id

PURPOSES = ("sign", "encrypt", "seal")
LIFETIME = timedelta(days=3 * 365)


class NoKey(LookupError):
    """The municipality has no usable key for this purpose; ``formlos municipality add AGS NAME``, run again, makes it."""

    code = "no_key"


@dataclass(frozen=True)
class Key:
    """A key pair as used. ``public_jwk`` is safe to publish; ``certificate_pem`` only for seals."""

    kid: str
    purpose: str
    public_jwk: dict[str, Any]
    sealed_private: bytes
    certificate_pem: str
    not_before: datetime
    not_after: datetime

    def private_key(self) -> ec.EllipticCurvePrivateKey:
        return _open(self.kid, self.sealed_private)


def create(*, purpose: str, not_after: datetime | None = None) -> Key:
    """Make and store a key for the municipality of the context."""
    if purpose not in PURPOSES:
        raise ValueError(f"purpose must be one of {PURPOSES}, not {purpose!r}")
    kid = f"{purpose}-{secrets.token_hex(8)}"
    private, start = ec.generate_private_key(ec.SECP256R1()), clock.now()
    end = not_after or start + LIFETIME
    row = KeyPair.objects.create(
        kid=kid,
        purpose=purpose,
        public_jwk=_public_jwk(private, kid),
        sealed_private=_seal(kid, private),
        certificate_pem=_certificate(private, start, end) if purpose == "seal" else "",
        not_before=start,
        not_after=end,
    )
    return _key(row)


def active(*, purpose: str) -> Key:
    """The newest key that may be used now; raises ``NoKey``."""
    found = usable(purpose=purpose)
    if not found:
        raise NoKey(f"no {purpose} key that is valid now; make one by running formlos municipality add AGS NAME again")
    return found[0]


def usable(*, purpose: str) -> list[Key]:
    """All keys valid now, newest first: during a change of keys there are two."""
    now = clock.now()
    rows = KeyPair.objects.filter(
        municipality_id=current_municipality_id(), purpose=purpose, not_before__lte=now, not_after__gt=now
    )
    return [_key(row) for row in rows.order_by("-not_before")]


def all_of(*, purpose: str) -> list[Key]:
    """Every key the municipality ever had for the purpose: old seals and messages stay readable."""
    rows = KeyPair.objects.filter(municipality_id=current_municipality_id(), purpose=purpose)
    return [_key(row) for row in rows.order_by("-not_before")]


def by_kid(kid: str) -> Key:
    row = KeyPair.objects.filter(municipality_id=current_municipality_id(), kid=kid).first()
    if row is None:
        raise NoKey(kid)
    return _key(row)


def create_node_key(path: Path) -> None:
    """Write a fresh 256-bit node key, readable by its owner only; an existing one is kept."""
    write_once(path, base64.b64encode(AESGCM.generate_key(bit_length=256)).decode() + "\n")


def _seal(kid: str, private: ec.EllipticCurvePrivateKey) -> bytes:
    plain = private.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return sealing.seal(plain, context=kid)


@lru_cache(maxsize=512)
def _open(kid: str, sealed: bytes) -> ec.EllipticCurvePrivateKey:
    key = serialization.load_der_private_key(sealing.unseal(sealed, context=kid), password=None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    return key


def _public_jwk(private: ec.EllipticCurvePrivateKey, kid: str) -> dict[str, Any]:
    pem = private.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    return json.loads(json.dumps(ECKey.import_key(pem).as_dict(private=False))) | {"kid": kid}


def _certificate(private: ec.EllipticCurvePrivateKey, start: datetime, end: datetime) -> str:
    """A self-signed certificate in the municipality's name; production puts a qualified one in its place."""
    municipality = current_municipality()
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "DE"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, municipality.name),
            x509.NameAttribute(NameOID.COMMON_NAME, f"Siegel {municipality.name}"[:64]),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, f"AGS {municipality.ags}"),
        ]
    )
    usage = x509.KeyUsage(True, True, False, False, False, False, False, False, False)
    builder = (
        x509.CertificateBuilder(name, name, private.public_key(), x509.random_serial_number(), start, end)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(private.public_key()), critical=False)
    )
    return builder.sign(private, hashes.SHA256()).public_bytes(serialization.Encoding.PEM).decode()


def _key(row: KeyPair) -> Key:
    return Key(
        kid=row.kid,
        purpose=row.purpose,
        public_jwk=row.public_jwk,
        sealed_private=bytes(row.sealed_private),
        certificate_pem=row.certificate_pem,
        not_before=row.not_before,
        not_after=row.not_after,
    )
