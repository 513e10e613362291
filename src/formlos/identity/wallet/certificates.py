"""Certificates on both sides: the chain with which an issuer signs, and the one with which this node asks. Pure."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from joserfc.jwk import ECKey

from formlos.identity.wallet.refusals import MalformedAnswer, UntrustedIssuer

LONGEST_CHAIN = 4
SELF_MADE_FOR = timedelta(days=3 * 365)


def key_of_chain(x5c: Any, *, anchors: Sequence[str], now: datetime) -> dict[str, Any]:
    """The public JWK of the first certificate of a JWS header ``x5c``, once it leads to one of ``anchors`` (PEM).

    Raises ``UntrustedIssuer``, or ``MalformedAnswer`` for what are no certificates on P-256.
    """
    chain = _read(x5c)
    trusted = [x509.load_pem_x509_certificate(pem.encode()) for pem in anchors]
    for lower, upper in zip(chain, chain[1:], strict=False):
        if not _issued_by(lower, upper):
            raise UntrustedIssuer("the certificates do not form a chain")
    if not all(one.not_valid_before_utc <= now <= one.not_valid_after_utc for one in chain):
        raise UntrustedIssuer("a certificate of the issuer is not valid now")
    if not any(chain[-1] == one or _issued_by(chain[-1], one) and _is_valid(one, now) for one in trusted):
        raise UntrustedIssuer("the certificates lead to nobody whom this node trusts")
    return public_jwk(chain[0])


def public_jwk(certificate: x509.Certificate) -> dict[str, Any]:
    """The public key of a certificate; raises ``MalformedAnswer`` unless it is on P-256."""
    key = certificate.public_key()
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise MalformedAnswer("a certificate whose key is not on P-256")
    pem = key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    return dict(ECKey.import_key(pem).as_dict(private=False))


def x5c_of(pem_chain: str) -> list[str]:
    """The header ``x5c`` of a chain in PEM, the signer's own certificate first."""
    chain = x509.load_pem_x509_certificates(pem_chain.encode())
    return [base64.b64encode(one.public_bytes(serialization.Encoding.DER)).decode() for one in chain]


def self_made(host: str, key: ECKey, *, now: datetime) -> str:
    """A certificate (PEM) for ``host`` by the key itself: enough for the simulated wallet, for no real one."""
    private = key.private_key
    assert isinstance(private, ec.EllipticCurvePrivateKey)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host[:64])])
    builder = (
        x509.CertificateBuilder(
            name, name, private.public_key(), x509.random_serial_number(), now - timedelta(hours=1), now + SELF_MADE_FOR
        )
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    )
    return builder.sign(private, hashes.SHA256()).public_bytes(serialization.Encoding.PEM).decode()


def hosts_of(certificate: x509.Certificate) -> list[str]:
    """The DNS names for which a certificate was made."""
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return []
    return names.get_values_for_type(x509.DNSName)


def first_of(x5c: Any) -> x509.Certificate:
    """The signer's own certificate of a header ``x5c``, not verified; raises ``MalformedAnswer``."""
    return _read(x5c)[0]


def _read(x5c: Any) -> list[x509.Certificate]:
    if not isinstance(x5c, list) or not 0 < len(x5c) <= LONGEST_CHAIN:
        raise MalformedAnswer(f"x5c holds one to {LONGEST_CHAIN} certificates")
    try:
        return [x509.load_der_x509_certificate(base64.b64decode(one, validate=True)) for one in x5c]
    except (ValueError, TypeError) as error:
        raise MalformedAnswer("x5c holds something else than certificates") from error


def _issued_by(lower: x509.Certificate, upper: x509.Certificate) -> bool:
    try:
        lower.verify_directly_issued_by(upper)
        return upper.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except (ValueError, TypeError, InvalidSignature, x509.ExtensionNotFound):
        return False


def _is_valid(certificate: x509.Certificate, now: datetime) -> bool:
    return certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc
