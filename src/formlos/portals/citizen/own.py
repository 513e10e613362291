"""A person's own cases and documents in all towns of the node, as lists show them. Each town is read on its own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TypeVar

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from formlos.base import clock
from formlos.base.tenancy import within
from formlos.cases import queries
from formlos.cases.access import LevelTooLow
from formlos.cases.queries import OwnCase
from formlos.cases.wording import Question, title_in
from formlos.cases.work import Work
from formlos.catalogue.queries import law
from formlos.identity.queries import Identity
from formlos.notices import queries as notices
from formlos.portals.citizen import languages, prepared, progress, visits
from formlos.portals.citizen.received import Received, received
from formlos.portals.citizen.towns import Town

MOST_OPEN = 5
MOST_TOWNS_LOOKED_INTO = 20
Listed = TypeVar("Listed", "Line", "Letter")


@dataclass(frozen=True)
class Line:
    """A case in a list. ``erase_on``: the day on which a draft is erased; ``readable`` with the level of this visit;
    ``child``: for whom the person acts; ``tap``: the one question that a yes answers; ``discard``: where to erase what
    was prepared without identifying.
    """

    town: Town
    title: str
    sentence: str
    reference: str
    address: str
    over: bool
    at: datetime
    erase_on: date | None = None
    readable: bool = True
    child: str = ""
    tap: Question | None = None
    discard: str = ""


@dataclass(frozen=True)
class Letter:
    """A document of an own case in the inbox. ``address`` is empty while it cannot be retrieved."""

    town: Town
    title: str
    concerns: str
    case: str
    address: str
    pdf: str
    at: datetime
    revoked: bool
    received: Received
    remedy: str


def lines_of(person: Identity, town: Town) -> tuple[list[Line], list[Letter]]:
    """All own cases of a town and their documents, each newest first. Journals are read of cases under way only."""
    with within(town.id):
        cases = queries.own_cases(subject=person.subject_for(town.id))
        lines = [_line(person, town, case) for case in cases]
        named = {case.id: line.title for case, line in zip(cases, lines, strict=True) if line.readable}
        letters = [
            Letter(
                town=town,
                title=found.title,
                concerns=found.concerns,
                case=named[found.case_id],
                address="" if found.withheld else reverse("citizen:notice", args=[town.slug, found.case_id, found.id]),
                pdf=reverse("citizen:document", args=[town.slug, found.case_id, found.id]),
                at=found.sealed_at,
                revoked=found.revoked_at is not None,
                received=received(found, today=clock.today()),
                remedy=reverse("citizen:objection", args=[town.slug, found.case_id, found.id]),
            )
            for found in (notices.notices_of_cases(named) if named else [])
        ]
    return lines, letters


def open_lines(request: HttpRequest, towns: Sequence[Town]) -> list[Line]:
    """“Go on where you were”: what was prepared in this browser, and of who has identified the newest cases under way in
    these towns, by one query each, unless there are too many of them.
    """
    person = visits.visitor(request)
    found: list[Line] = []
    for town in towns if person and len(towns) <= MOST_TOWNS_LOOKED_INTO else ():
        assert person is not None
        with within(town.id):
            own = queries.own_cases(subject=person.subject_for(town.id))
            found += [_short_line(town, case) for case in own if not case.over][:MOST_OPEN]
    return prepared_lines(request, towns) + newest(found)[:MOST_OPEN]


def prepared_lines(request: HttpRequest, towns: Iterable[Town], *, service: str = "") -> list[Line]:
    """What somebody has prepared in this browser without identifying, of one service or of all."""
    held = [(town, work) for town in towns for work in prepared.drafts_held(request, town)]
    return [prepared_line(town, work) for town, work in held if service in ("", work.case.service)]


def prepared_line(town: Town, work: Work) -> Line:
    """With the day on which it is erased, because nobody can be told otherwise."""
    return Line(
        town=town,
        title=title_in(work.law.document, languages.current()),
        sentence=_("In diesem Browser vorbereitet, noch nicht abgesendet."),
        reference=work.case.reference,
        address=reverse("citizen:question", args=[town.slug, work.case.id]),
        over=False,
        at=work.case.opened_at,
        erase_on=prepared.kept_until(work),
        discard=reverse("citizen:discard", args=[town.slug, work.case.id]),
    )


def newest(found: Sequence[Listed]) -> list[Listed]:
    return sorted(found, key=lambda one: one.at, reverse=True)


def _line(person: Identity, town: Town, case: OwnCase) -> Line:
    """The case with its state in one sentence; in general words where the visit's level is too low for more."""
    if case.over:
        return _short_line(town, case, readable=_may_read(person, town, case))
    try:
        work = queries.own_case(case.id, subject=person.subject_for(town.id), level=person.level)
    except LevelTooLow:
        return _short_line(town, case, readable=False)
    view = queries.view(work, languages.current())
    line = _short_line(town, case, said=progress.state_in_words(view), erase_on=work.state.erase_on)
    return replace(line, tap=view.tap if view.state == "open" else None)


def _may_read(person: Identity, town: Town, case: OwnCase) -> bool:
    """Whether the person identified strongly enough for the case; its journal is not read."""
    try:
        queries.require_own(case.id, subject=person.subject_for(town.id), level=person.level)
    except LevelTooLow:
        return False
    return True


def _short_line(
    town: Town,
    case: OwnCase,
    *,
    said: str = "",
    erase_on: date | None = None,
    readable: bool = True,
) -> Line:
    document = law(document=case.document, parameters=case.parameters).document
    goes_on = case.state == "open"
    return Line(
        town=town,
        title=title_in(document, languages.current()),
        sentence=said or state_in_short(case.state),
        reference=case.reference,
        address=reverse("citizen:question" if goes_on else "citizen:case", args=[town.slug, case.id]),
        over=case.over,
        at=case.decided_at or case.opened_at,
        erase_on=erase_on,
        readable=readable,
        child=case.child,
    )


def state_in_short(state: str) -> str:
    """Where a case stands, without its journal."""
    return {
        "open": _("Sie sind dran."),
        "clerk": _("Ein Mensch im Amt sieht sich Ihren Vorgang an."),
        "waiting": _("Wir warten."),
        "decided": _("Es ist entschieden; was daraus folgt, läuft noch."),
        "closed": _("Erledigt."),
        "withdrawn": _("Zurückgenommen."),
        "reversed": _("Die Entscheidung wurde rückgängig gemacht."),
    }[state]
