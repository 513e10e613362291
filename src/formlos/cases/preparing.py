"""Cases that people prepare before they have identified: everything is asked, nothing is fetched, nothing can be sent.

Whoever holds the key in their browser goes on; with the check of an identity document at the counter the key is void,
because from then on the case holds what only its person may see.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from uuid import UUID

from formlos.base.tenancy import current_municipality_id, within
from formlos.cases.advance import advance
from formlos.cases.models import Preparation
from formlos.cases.operations import pins
from formlos.cases.queries import for_reading
from formlos.cases.state import OPENED
from formlos.cases.work import NoSuchCase, Work, opening
from formlos.catalogue.queries import ServiceNotAdopted, adopted, law

PREPARER = "person:vorbereitung"


def prepare_case(*, service: str) -> tuple[Work, str]:
    """Open a case for somebody unknown, and the key to it. Raises ``ServiceNotAdopted``."""
    pinned, key = adopted(service), secrets.token_urlsafe(32)
    declared = law(document=pinned.document, parameters=pinned.parameters).document.data
    if declared["service"]["trigger"] != "portal":
        raise ServiceNotAdopted(service)
    with opening(pinned, channel="portal") as work:
        work.add(OPENED, pins(pinned, channel="portal") | {"level": "none", "prepared": True}, actor=PREPARER)
        advance(work)
        Preparation.objects.create(case=work.case, key_digest=_digest(key))
    return work, key


def prepared_case(case_id: UUID, *, key: str) -> Work:
    """The prepared case to which this is the key, for reading. Raises ``NoSuchCase``, also once a clerk took over."""
    with within():
        found = Preparation.objects.filter(municipality_id=current_municipality_id(), case_id=case_id).first()
        if found is None or not hmac.compare_digest(found.key_digest, _digest(key)):
            raise NoSuchCase(str(case_id))
        return for_reading(case_id)


def _digest(key: str) -> str:
    return "sha256:" + hashlib.sha256(key.encode()).hexdigest()
