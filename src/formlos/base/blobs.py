"""Content by hash. Kept in PostgreSQL until an installation needs another store behind this port."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from formlos.base.models import Blob
from formlos.base.tenancy import current_municipality_id


class BlobMissing(LookupError):
    """No content is stored under this digest in this municipality."""

    code = "blob_missing"


def put(content: bytes) -> str:
    """Store ``content`` and return its digest (``sha256:…``); storing twice keeps one copy."""
    digest = "sha256:" + hashlib.sha256(content).hexdigest()
    Blob.objects.bulk_create(  # the row is locked, also one that is there, so that nobody forgets it meanwhile
        [Blob(digest=digest, content=content)],
        update_conflicts=True,
        unique_fields=["municipality", "digest"],
        update_fields=["digest"],
    )
    return digest


def forget(digest: str, *, unless: Callable[[], bool]) -> None:
    """Delete the content of this digest; ``unless`` tells, once nobody can take it up any more, whether it is used."""
    found = Blob.objects.filter(municipality_id=current_municipality_id(), digest=digest)
    if found.select_for_update().values_list("id", flat=True).first() is not None and not unless():
        found.delete()


def get(digest: str) -> bytes:
    found = Blob.objects.filter(municipality_id=current_municipality_id(), digest=digest).first()
    if found is None:
        raise BlobMissing(digest)
    return bytes(found.content)
