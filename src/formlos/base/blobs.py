"""Content by hash. Kept in PostgreSQL until an installation needs another store behind this port."""

from __future__ import annotations

import hashlib

from formlos.base.models import Blob
from formlos.base.tenancy import current_municipality_id


class BlobMissing(LookupError):
    """No content is stored under this digest in this municipality."""

    code = "blob_missing"


def put(content: bytes) -> str:
    """Store ``content`` and return its digest (``sha256:…``); storing twice keeps one copy."""
    digest = "sha256:" + hashlib.sha256(content).hexdigest()
    Blob.objects.bulk_create([Blob(digest=digest, content=content)], ignore_conflicts=True)
    return digest


def get(digest: str) -> bytes:
    found = Blob.objects.filter(municipality_id=current_municipality_id(), digest=digest).first()
    if found is None:
        raise BlobMissing(digest)
    return bytes(found.content)
