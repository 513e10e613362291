"""Who prepared a case without identity, and then identifies after all: it becomes a case of their account.

Only who holds the browser's key may take it over, once, and only while no clerk has: the case must belong to nobody yet.
"""

from __future__ import annotations

from uuid import UUID

from formlos.appointments import operations as appointments
from formlos.base import journal
from formlos.base.tenancy import current_municipality_id, within
from formlos.cases import drafts
from formlos.cases.access import Person, require_level
from formlos.cases.advance import advance
from formlos.cases.beginning import is_untouched, lock
from formlos.cases.identifying import marks_for
from formlos.cases.models import Case, Preparation
from formlos.cases.operations import assert_from
from formlos.cases.preparing import require_key
from formlos.cases.queries import for_reading
from formlos.cases.state import ADOPTED
from formlos.cases.work import NoSuchCase, Work, refuse_if_over, working_on
from formlos.catalogue.queries import law

UNDER_WAY = (Case.State.OPEN, Case.State.WAITING, Case.State.CLERK)


class OwnCaseUnderWay(Exception):
    """The person has a case of this service under way, in which something has been said; ``case`` is its id."""

    code = "own_case_under_way"

    def __init__(self, case: UUID) -> None:
        super().__init__(str(case))
        self.case = case


def adopt_case(*, case_id: UUID, key: str, person: Person, beside: bool = False) -> Work:
    """The prepared case is the person's from now on, with all that was answered; what their identity tells is added.

    An own draft of the same service in which nothing has been said is erased for it. The appointment is given back, and
    the key is void. beside: although another own case is under way (a second dog). Returns the case as it stands then.
    Raises ``NoSuchCase`` (also without the key, or once a clerk took over), ``LevelTooLow``, ``CaseIsOver``,
    ``OwnCaseUnderWay``.
    """
    with within():
        require_key(case_id, key=key)
        service = for_reading(case_id).case.service
        lock(f"begin {current_municipality_id()} {person.subject} {service}")
        with working_on(case_id) as work:
            require_key(case_id, key=key)  # once more: who waited for the lock may come second
            if not work.state.is_prepared or work.case.subject:
                raise NoSuchCase(str(case_id))
            refuse_if_over(work)
            require_level(work.service, person.level)
            _make_room(work, person, beside=beside)
            _adopt(work, person)
    return work


def _make_room(work: Work, person: Person, *, beside: bool) -> None:
    """Erase own drafts that nobody has gone on with. Raises ``OwnCaseUnderWay`` for any other."""
    rows = Case.objects.filter(
        municipality_id=current_municipality_id(),
        subject=person.subject,
        service=work.case.service,
        state__in=UNDER_WAY,
        representative="",
    )
    own = [Work(row, journal.load(row.id), law(document=row.document, parameters=row.parameters)) for row in rows]
    touched = [one for one in own if not (is_untouched(one) and drafts.is_draft(one))]
    if touched and not beside:
        raise OwnCaseUnderWay(max(touched, key=lambda one: one.case.opened_at).case.id)
    for one in own:
        if one not in touched:
            reason = f"ersetzt durch {work.case.reference}"
            drafts.discard(case_id=one.case.id, reason=reason, norm=drafts.NO_LONGER_NEEDED, actor=person.actor)


def _adopt(work: Work, person: Person) -> None:
    marks = marks_for(work.service, person.identity, for_child=False)
    work.case.subject = person.subject
    work.add(ADOPTED, {"level": person.level} | marks, actor=person.actor)
    assert_from(work, "identity", person.identity, supplier=person.issuer, actor=person.actor)
    Preparation.objects.filter(municipality_id=current_municipality_id(), case_id=work.case.id).delete()
    appointments.cancel_of_case(case_id=work.case.id)
    advance(work)
