"""Beginning a case on a page: whoever presses twice has begun once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import connection

from formlos.base import clock, journal
from formlos.base.tenancy import current_municipality_id, within
from formlos.cases import operations
from formlos.cases.access import Person
from formlos.cases.advance import GIVEN_AT_THE_START
from formlos.cases.models import Case
from formlos.cases.representation import Represented, own_identity
from formlos.cases.state import ASSERTED, OPENED
from formlos.cases.values import values_from
from formlos.cases.work import Work, whose
from formlos.catalogue.queries import adopted, law
from formlos.law.canonical import canonical_bytes

ONE_PRESS = timedelta(minutes=1)


def begin_case(*, service: str, person: Person, child: Represented | None = None) -> Work:
    """As ``operations.open_case``; but a case of this service that the person opened within the last minute, for
    themselves or for this child, and has not touched since, is theirs again. It is for reading. Raises what that raises.
    """
    with within():
        lock(f"begin {current_municipality_id()} {person.subject} {service}")
        pinned = adopted(service)
        rows = Case.objects.filter(
            municipality_id=current_municipality_id(),
            **whose(person.subject, child),
            service=service,
            document=pinned.document,
            parameters=pinned.parameters,
            channel="portal",
            state__in=(Case.State.OPEN, Case.State.WAITING),
            sent_at__isnull=True,
            opened_at__gt=clock.now() - ONE_PRESS,
        )
        for row in rows.order_by("-opened_at"):
            work = Work(row, journal.load(row.id), law(document=row.document, parameters=row.parameters))
            own = own_identity(work.service, person.identity) if child else person.identity
            if is_untouched(work) and work.state.opened.get("level") == person.level and _is_known(work, own):
                return work
        return operations.open_case(service=service, person=person, child=child)


def is_untouched(work: Work) -> bool:
    """Opened by nothing but the press of a button, and not gone on with by anybody."""
    if {"follows", "invitation"} & work.state.opened.keys():
        return False
    people = (entry for entry in work.chain.entries if entry.actor.partition(":")[0] in ("person", "clerk", "counter"))
    sources = work.service["sources"]
    return all(
        entry.kind == OPENED
        or (entry.kind == ASSERTED and sources[(entry.payload or {})["source"]]["kind"] in GIVEN_AT_THE_START)
        for entry in people
    )


def _is_known(work: Work, identity: Mapping[str, Any]) -> bool:
    """Whether the case was opened with the same identity facts: a card with a new address begins another case."""
    sources = {name for name, source in work.service["sources"].items() if source["kind"] == "identity"}
    told = [entry.payload or {} for entry in work.chain.of_kind(ASSERTED)]
    held = {path: value for one in told if one["source"] in sources for path, value in one["values"].items()}
    now = {path: value for name in sources for path, value in values_from(work.law.document, name, identity).items()}
    return canonical_bytes(held) == canonical_bytes(now)


def lock(what: str) -> None:
    """Until the transaction ends; who comes second waits and then sees what the first has made."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [what])
