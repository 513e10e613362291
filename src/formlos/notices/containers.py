"""The signature container (CMS SignedData) of a seal: PAdES attributes, one signer, one certificate.

pyHanko lays it out once per certificate. Between two seals of a certificate only the document's digest and the
signature differ, so the rest is kept as bytes: assembling it anew costs more than all else about a seal. And a
seal under test can be compared with the container as it must be, byte for byte.
"""

from __future__ import annotations

import asyncio
from functools import lru_cache
from hashlib import sha256

from asn1crypto import pem
from asn1crypto.algos import SignedDigestAlgorithm
from asn1crypto.x509 import Certificate
from pyhanko.sign.signers.pdf_cms import Signer

DIGEST = "sha256"
SEQUENCE, SET, OCTETS, EXPLICIT_0 = b"\x30", b"\x31", b"\x04", b"\xa0"
LONGEST_SIGNATURE = 72  # bytes of ECDSA over P-256 in DER
SOME_DIGEST = sha256(b"stands for the digest of a document").digest()


class CertificateRefused(ValueError):
    """This is no seal certificate in PEM form."""

    code = "certificate_refused"


class Container:
    """``size`` is the most bytes it can take; ``name`` the certificate's common name."""

    def __init__(self, certificate_pem: str) -> None:
        self.certificate = _certificate(certificate_pem)
        model = asyncio.run(_Layout(self.certificate).async_sign(SOME_DIGEST, DIGEST, use_pades=True))
        signed, (info,) = model["content"], model["content"]["signer_infos"]
        parts = ("version", "digest_algorithms", "encap_content_info", "certificates")
        self._kind = model["content_type"].dump()
        self._head = b"".join(signed[part].dump() for part in parts)
        self._signer = b"".join(info[part].dump() for part in ("version", "sid", "digest_algorithm"))
        self._algorithm = info["signature_algorithm"].dump()
        self._attributes = info["signed_attrs"].dump()
        self.name = self.certificate.subject.native["common_name"]
        self.size = len(self.around(self._attributes, bytes(LONGEST_SIGNATURE)))

    def attributes(self, document_digest: bytes) -> bytes:
        """The signed attributes for a document, as they stand in the container."""
        return self._attributes.replace(SOME_DIGEST, document_digest)

    def around(self, attributes: bytes, signature: bytes) -> bytes:
        """The whole container, DER."""
        info = self._signer + attributes + self._algorithm + _tlv(OCTETS, signature)
        signed = _tlv(SEQUENCE, self._head + _tlv(SET, _tlv(SEQUENCE, info)))
        return _tlv(SEQUENCE, self._kind + _tlv(EXPLICIT_0, signed))


@lru_cache(maxsize=512)
def container_of(certificate_pem: str) -> Container:
    return Container(certificate_pem)


def _certificate(certificate_pem: str) -> Certificate:
    try:
        certificate = Certificate.load(pem.unarmor(certificate_pem.encode())[2], strict=True)
        certificate.native  # noqa: B018  parses it, so that it is refused here if it is damaged
    except ValueError as error:
        raise CertificateRefused("not a seal certificate in PEM form") from error
    return certificate


def to_be_signed(attributes: bytes) -> bytes:
    """Attributes are signed as a SET, though they stand in the container under a tag of their own (RFC 5652, 5.4)."""
    return SET + attributes[1:]


class _Layout(Signer):
    """Lets pyHanko lay out a container around an empty signature."""

    def __init__(self, certificate: Certificate) -> None:
        mechanism = SignedDigestAlgorithm({"algorithm": "sha256_ecdsa"})
        super().__init__(signing_cert=certificate, signature_mechanism=mechanism)

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        return bytes(LONGEST_SIGNATURE)


def _tlv(tag: bytes, value: bytes) -> bytes:
    """DER: tag, length, value."""
    length = len(value)
    if length < 128:
        return tag + bytes([length]) + value
    size = (length.bit_length() + 7) // 8
    return tag + bytes([0x80 | size]) + length.to_bytes(size, "big") + value
