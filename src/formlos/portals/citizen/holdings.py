"""What a town holds about a person: facts with their origin, what was asked, answered and passed on, who looked."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from formlos.base import clock
from formlos.base.tenancy import within
from formlos.cases import queries
from formlos.cases.access import LevelTooLow
from formlos.cases.queries import CaseView, Known
from formlos.cases.trail import Exchange, Look, looks, own_residents, trail
from formlos.cases.work import Work
from formlos.catalogue.finder.finding import office_in_words
from formlos.identity.queries import Identity
from formlos.law import Law
from formlos.notices import consents
from formlos.notices import queries as notices
from formlos.notices.consents import Consent, Said
from formlos.notices.queries import Document
from formlos.portals.citizen import languages
from formlos.portals.citizen.towns import Town
from formlos.registers.queries.records import Access, accesses_told

OBJECTIONS = "uebermittlungssperren"


@dataclass(frozen=True)
class Holding:
    """One own case. ``objections`` are the facts by which the person objected or consented."""

    view: CaseView
    law: Law
    exchanges: list[Exchange]
    documents: list[Document]
    decision: dict[str, object]

    @property
    def objections(self) -> list[Known]:
        return [known for known in self.view.known if known.path == OBJECTIONS]


@dataclass(frozen=True)
class TownHolding:
    """All that a town holds. ``unread`` counts cases that need a stronger identification; ``in_register``: whether the
    person's own entry in the town's register is known for certain, so that ``accesses`` could be looked up. ``retrieval``:
    the consent to retrieve acts here as it holds, ``said`` all that the person said of it.
    """

    town: Town
    cases: list[Holding]
    unread: int
    in_register: bool
    accesses: list[Access]
    retrieval: Consent
    said: list[Said]


def held_by(person: Identity, town: Town) -> TownHolding | None:
    """None for a town that holds nothing."""
    found, unread, opened = [], 0, list[Access]()
    residents: set[UUID] = set()
    with within(town.id):
        subject = person.subject_for(town.id)
        own = queries.own_cases(subject=subject)
        if not own:
            return None
        for case in own:
            try:
                work = queries.own_case(case.id, subject=subject, level=person.level)
            except LevelTooLow:
                unread += 1
                continue
            if not case.child:  # a child's entry in the register may tell of people who must stay unmentioned
                residents |= own_residents(work)
            opened += [_at_counter(work, look) for look in looks(work)]
            view = queries.view(work, languages.current())
            documents = notices.notices_of(case.id)
            found.append(Holding(view, work.law, trail(work), documents, queries.decision(work)))
        files, today = [case.id for case in own], clock.today()
        accesses = [found for one in residents for found in accesses_told(resident_id=one, own=files, today=today)]
        accesses += opened
        said = consents.said_by(subject)
        retrieval = consents.standing(subject, said)
    accesses.sort(key=lambda access: access.at, reverse=True)
    return TownHolding(town, found, unread, bool(residents), accesses, retrieval, said)


def _at_counter(work: Work, look: Look) -> Access:
    """A clerk's look at an own case, told like one at the register: by office, because a name is the city's affair."""
    accessor = _("%(office)s, am Schalter") % {"office": office_in_words(look.office, languages.current())}
    purpose = _("Vorgang %(reference)s am Schalter geöffnet, Ausweis geprüft") % {"reference": work.case.reference}
    return Access(look.at, accessor, purpose, look.norm, work.case.id, [])
