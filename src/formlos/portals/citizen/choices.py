"""What a person allows and refuses in a town: objections in its register, and how notices reach them. In words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from formlos.base import clock, people
from formlos.base.tenancy import within
from formlos.cases import queries
from formlos.cases.access import LevelTooLow
from formlos.cases.trail import own_residents
from formlos.catalogue.queries import ServiceNotAdopted, adopted
from formlos.dialogue.words import day_in_words
from formlos.identity.queries import Identity
from formlos.notices import consents
from formlos.notices.consents import NORM, Consent
from formlos.portals.citizen.towns import Town
from formlos.registers.queries.objections import KINDS, Objection, objections_of

SERVICE = "uebermittlungssperren"


@dataclass(frozen=True)
class Choice:
    """One thing to allow or refuse: how it stands, since when, and what follows."""

    name: str
    title: str
    state: str
    follows: str
    norm: str
    given: bool


@dataclass(frozen=True)
class TownChoices:
    """``objections`` is None where the person's entry in the register is not known for certain; ``several``: because
    more than one fits. ``service``: whether objections can be changed online here. ``reachable``: whether the consent
    to retrieve acts could work now.
    """

    town: Town
    objections: list[Choice] | None
    several: bool
    retrieval: Choice
    reachable: bool
    service: bool


def choices_in(town: Town, person: Identity) -> TownChoices | None:
    """None for a town that has no case of this person."""
    subject = person.subject_for(town.id)
    with within(town.id):
        own = queries.own_cases(subject=subject)
        if not own:
            return None
        residents: set[UUID] = set()
        for case in own:
            try:
                residents |= own_residents(queries.own_case(case.id, subject=subject, level=person.level))
            except LevelTooLow:
                continue
        found = objections_of(resident_id=next(iter(residents)), today=clock.today()) if len(residents) == 1 else None
        return TownChoices(
            town,
            objections=None if found is None else _objections(found),
            several=len(residents) > 1,
            retrieval=_retrieval(consents.consent_of(subject)),
            reachable=people.can_be_told(subject),
            service=_offers_service(),
        )


def _offers_service() -> bool:
    try:
        adopted(SERVICE)
    except ServiceNotAdopted:
        return False
    return True


def _objections(found: list[Objection]) -> list[Choice]:
    words = {
        "religionsgesellschaft": (
            _("Religionsgesellschaft eines Familienmitglieds"),
            _("Sie bekommt Ihre Daten nicht, außer für die Kirchensteuer."),
            "§ 42 Abs. 3 BMG",
        ),
        "parteien": (
            _("Parteien vor Wahlen und Abstimmungen"),
            _("Sie bekommen Ihre Anschrift nicht für Wahlwerbung."),
            "§ 50 Abs. 1 und 5 BMG",
        ),
        "jubilaeen": (
            _("Presse, Rundfunk und Mandatsträger bei Jubiläen"),
            _("Ihr 70. Geburtstag oder Ihre goldene Hochzeit wird nicht mitgeteilt."),
            "§ 50 Abs. 2 und 5 BMG",
        ),
    }
    held, today = {one.kind: one for one in found}, clock.today()
    return [_objection(name, *words[name], held.get(name), today) for name in KINDS]


def _objection(name: str, title: str, follows: str, norm: str, held: Objection | None, today: date) -> Choice:
    if held is None:
        return Choice(name, title, _("Die Weitergabe ist erlaubt."), "", norm, given=False)
    if held.since and held.since > today:
        state = _("Sie haben widersprochen. Es gilt ab %(day)s.") % {"day": day_in_words(held.since)}
    elif held.since:
        state = _("Sie haben widersprochen. Es gilt seit %(day)s.") % {"day": day_in_words(held.since)}
    else:
        state = _("Sie haben widersprochen.")
    if held.until:
        state += " " + _("Es endet am %(day)s.") % {"day": day_in_words(held.until)}
    return Choice(name, title, state, follows, norm, given=True)


def _retrieval(found: Consent) -> Choice:
    """The one switch: acts are opened here, or come by letter."""
    if found.works:
        follows = _(
            "Bescheide liegen hier für Sie bereit; wir schreiben Ihnen eine E-Mail. Am Tag nach dem Öffnen gilt ein Bescheid "
            "als bekannt gegeben, und seine Fristen laufen. Öffnen Sie ihn nicht innerhalb von zehn Tagen nach der E-Mail, "
            "kommt er mit der Post."
        )
    elif found.given:
        follows = _("Zurzeit kommt trotzdem jeder Bescheid mit der Post, weil Sie keine Hinweise per E-Mail bekommen.")
    else:
        follows = _("Bescheide kommen mit der Post. Lesen können Sie sie hier auch; dadurch läuft keine Frist.")
    return Choice("abruf", _("Bescheide hier öffnen statt Brief"), _state(found), follows, NORM, found.given)


def _state(found: Consent) -> str:
    if found.since is None:
        return _("Sie haben nicht eingewilligt.")
    day = {"day": day_in_words(localtime(found.since).date())}
    return _("Eingewilligt am %(day)s.") % day if found.given else _("Einwilligung zurückgenommen am %(day)s.") % day
