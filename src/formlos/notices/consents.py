"""Whether a person retrieves administrative acts here (§ 41 Abs. 2a VwVfG): what they said, when, and what holds.

Each municipality keeps a journal of its own for each person; it is the only place where this consent stands. The law's
clock starts with a message, so the consent works only while the person can be told of what is new.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import connection

from formlos.base import journal, people
from formlos.base.tenancy import current_municipality_id, within

NORM = "§ 41 Abs. 2a VwVfG"
GIVEN, WITHDRAWN = "consent.given", "consent.withdrawn"


class NotReachable(Exception):
    """The person cannot be told that there is an act to retrieve: no confirmed address, or no messages wanted."""

    code = "not_reachable"


@dataclass(frozen=True)
class Consent:
    """``given`` since ``since`` (None: never said). ``works``: given, and the person can be told of new acts."""

    given: bool = False
    since: datetime | None = None
    works: bool = False


@dataclass(frozen=True)
class Said:
    """What the person once said: ``given`` or withdrawn, ``at`` which moment, on which ``norm``."""

    given: bool
    at: datetime
    norm: str


def said_by(subject: str) -> list[Said]:
    """All that the person said of it in the municipality of the context, oldest first."""
    with within():
        return [Said(entry.kind == GIVEN, entry.at, NORM) for entry in journal.load(_chain(subject)).entries]


def consent_of(subject: str) -> Consent:
    """How it stands in the municipality of the context."""
    return standing(subject, said_by(subject)) if subject else Consent()


def standing(subject: str, said: list[Said]) -> Consent:
    """How it stands after all that the person said."""
    if not said:
        return Consent()
    given = said[-1].given
    return Consent(given, said[-1].at, given and people.can_be_told(subject))


def set_consent(*, subject: str, given: bool) -> None:
    """Give or withdraw, from now on; what was notified before stays so. Saying the same again changes nothing.

    Raises ``NotReachable`` when it is given and could not work.
    """
    if given and not people.can_be_told(subject):
        raise NotReachable(NORM)
    with within():
        chain_id = _chain(subject)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [chain_id.int >> 65])
        if consent_of(subject).given == given:
            return
        chain = journal.load(chain_id)
        chain.append(GIVEN if given else WITHDRAWN, {"norm": NORM}, actor=f"person:{subject}")
        chain.save()


def _chain(subject: str) -> UUID:
    """The journal of a person's consent in the municipality of the context."""
    return uuid5(NAMESPACE_URL, f"formlos:consents:{current_municipality_id()}:{subject}")
