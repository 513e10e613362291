"""Whether a person wants notices electronically: what they said, when, and what holds; a journal of its own each.

Two ways with two laws: to be fetched here needs consent (§ 41 Abs. 2a VwVfG); for the mailbox of a user account consent
counts as given until the person excludes it (§ 9 Abs. 1 Satz 2 OZG).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import connection

from formlos.base import journal
from formlos.base.tenancy import current_municipality_id, within

FETCH, MAILBOX = "abruf", "postfach"
DEEMED = {FETCH: False, MAILBOX: True}
NORMS = {FETCH: "§ 41 Abs. 2a VwVfG", MAILBOX: "§ 9 Abs. 1 OZG"}
GIVEN, WITHDRAWN = "consent.given", "consent.withdrawn"


class UnknownConsent(ValueError):
    """There is no such way of being notified."""

    code = "unknown_consent"


@dataclass(frozen=True)
class Consent:
    """What holds for a way of being notified. ``since`` is None as long as the person has said nothing about it."""

    way: str
    given: bool
    since: datetime | None
    norm: str


def consents_of(*, subject: str) -> list[Consent]:
    """Both ways, as this municipality may use them for the person."""
    with within():
        entries = journal.load(_chain(subject)).entries
    found = []
    for way, deemed in DEEMED.items():
        said = [entry for entry in entries if entry.payload and entry.payload["way"] == way]
        given = said[-1].kind == GIVEN if said else deemed
        found.append(Consent(way, given, said[-1].at if said else None, NORMS[way]))
    return found


def set_consent(*, subject: str, way: str, given: bool) -> None:
    """Give or withdraw, from now on; what was notified before stays so. Saying the same again changes nothing.

    Raises ``UnknownConsent``.
    """
    if way not in DEEMED:
        raise UnknownConsent(way)
    with within():
        chain_id = _chain(subject)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [chain_id.int >> 65])
        if next(one for one in consents_of(subject=subject) if one.way == way).given == given:
            return
        chain = journal.load(chain_id)
        chain.append(GIVEN if given else WITHDRAWN, {"way": way, "norm": NORMS[way]}, actor=f"person:{subject}")
        chain.save()


def _chain(subject: str) -> UUID:
    """The journal of a person's consents in the municipality of the context."""
    return uuid5(NAMESPACE_URL, f"formlos:consents:{current_municipality_id()}:{subject}")
