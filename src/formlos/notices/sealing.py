"""Seals a PDF as PAdES-B-B: a certification signature that allows no later change, in an invisible field.

In memory and without network. The seal is appended as an incremental update that leaves the page and its
metadata alone; the field has no area. So the file stays what it was by PDF/UA and PDF/A.
"""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers.cms_embedder import PdfCMSEmbedder, SigIOSetup, SigMDPSetup, SigObjSetup
from pyhanko.sign.signers.pdf_byterange import SignatureObject

from formlos.notices.containers import DIGEST, container_of, to_be_signed

FIELD = SigFieldSpec("Siegel", readable_field_name="Elektronisches Siegel")
FINAL = SigMDPSetup(md_algorithm=DIGEST, certify=True, docmdp_perms=MDPPerm.NO_CHANGES)


class Appending(IncrementalPdfFileWriter):
    """Adds the seal and nothing else; pyHanko would also rewrite the date of change and the XMP metadata."""

    def _update_meta(self) -> None:
        pass


def seal(pdf: bytes, *, key: ec.EllipticCurvePrivateKey, certificate_pem: str, at: datetime) -> bytes:
    """Return ``pdf`` with the seal of the certificate's holder, dated ``at`` (aware)."""
    container = container_of(certificate_pem)
    embedding = PdfCMSEmbedder(new_field_spec=FIELD).write_cms(FIELD.sig_field_name, Appending(BytesIO(pdf)))
    next(embedding)
    place = SignatureObject(
        timestamp=at.astimezone(UTC),
        subfilter=SigSeedSubFilter.PADES,
        name=container.name,
        bytes_reserved=2 * container.size,
    )
    embedding.send(SigObjSetup(sig_placeholder=place, mdp_setup=FINAL))
    prepared, sealed = embedding.send(SigIOSetup(md_algorithm=DIGEST, in_place=True))
    attributes = container.attributes(prepared.document_digest)
    signature = key.sign(to_be_signed(attributes), ec.ECDSA(SHA256()))
    embedding.send(container.around(attributes, signature))
    return sealed.getvalue()
