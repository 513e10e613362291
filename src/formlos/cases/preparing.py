"""Cases that people prepare before they have identified: everything is asked, nothing is fetched, nothing can be sent.

Whoever holds the key in their browser goes on. With the check of an identity document at the counter, or once its person
has identified online (``adopting``), the key is void: from then on the case holds what only its person may see.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from uuid import UUID

from formlos.base.tenancy import current_municipality_id, within
from formlos.cases import drafts
from formlos.cases.advance import advance
from formlos.cases.beginning import lock
from formlos.cases.models import Preparation
from formlos.cases.operations import pins
from formlos.cases.queries import for_reading
from formlos.cases.state import OPENED
from formlos.cases.work import NoSuchCase, Work, opening
from formlos.catalogue.queries import Adopted, ServiceNotAdopted, adopted, law

PREPARER = "person:vorbereitung"


def new_key() -> str:
    return secrets.token_urlsafe(32)


def prepare_case(*, service: str, key: str) -> Work:
    """Open a case for somebody unknown, to whom this is the key. One that an earlier press of the same button has opened
    with the key is theirs again. It is for reading. Raises ``ServiceNotAdopted``.
    """
    pinned = adopted(service)
    declared = law(document=pinned.document, parameters=pinned.parameters).document.data
    if declared["service"]["trigger"] != "portal":
        raise ServiceNotAdopted(service)
    with within():
        lock(f"prepare {current_municipality_id()} {_digest(key)}")
        rows = Preparation.objects.filter(municipality_id=current_municipality_id(), key_digest=_digest(key))
        found = rows.filter(case__service=service).first()
        return for_reading(found.case_id) if found else _prepare(pinned, key)


def _prepare(pinned: Adopted, key: str) -> Work:
    with opening(pinned, channel="portal") as work:
        work.add(OPENED, pins(pinned, channel="portal") | {"level": "none", "prepared": True}, actor=PREPARER)
        advance(work)
        Preparation.objects.create(case=work.case, key_digest=_digest(key))
    return work


def prepared_case(case_id: UUID, *, key: str) -> Work:
    """The prepared case to which this is the key, for reading. Raises ``NoSuchCase``, also once it is somebody's."""
    with within():
        require_key(case_id, key=key)
        return for_reading(case_id)


def require_key(case_id: UUID, *, key: str) -> None:
    """Raises ``NoSuchCase`` unless this opens the case now."""
    found = Preparation.objects.filter(municipality_id=current_municipality_id(), case_id=case_id).first()
    if found is None or not hmac.compare_digest(found.key_digest, _digest(key)):
        raise NoSuchCase(str(case_id))


def discard_prepared(case_id: UUID, *, key: str) -> None:
    """Who prepares the case wants none of it kept. Raises ``NoSuchCase``, ``CaseIsOver``."""
    with within():
        require_key(case_id, key=key)
        reason = "von der Person verworfen"
        drafts.discard(case_id=case_id, reason=reason, norm=drafts.NO_LONGER_NEEDED, actor=PREPARER)


def _digest(key: str) -> str:
    return "sha256:" + hashlib.sha256(key.encode()).hexdigest()
