"""What landlords do with lists: try one out, confirm it. The rest is done by a job, row by row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from uuid import UUID

from formlos.base import clock
from formlos.base.jobs import defer
from formlos.base.tenancy import within
from formlos.cases import operations as cases
from formlos.cases.access import Person, require_level
from formlos.cases.answers import AnswersRefused
from formlos.catalogue.queries import adopted, law
from formlos.landlords import tasks
from formlos.landlords.checking import check
from formlos.landlords.files import check_length
from formlos.landlords.models import Batch, Row

SERVICE = "wohnungsgeberbestaetigung"
ROLES = ("eigentuemer", "vermieter", "beauftragt")
IDENTITY = ("familienname", "vornamen", "vertrauensniveau")
DAYS_KEPT = 30  # of confirmed lists
LISTS_A_DAY = 50  # trying out says whether addresses exist; more would be a way to copy the register


class TooManyLists(Exception):
    """This person has tried out as many lists today as anybody may."""

    code = "too_many_lists"


class RoleIncomplete(ValueError):
    """The role is none of ``ROLES``, or whoever acts for a landlord did not say for whom. ``missing`` names it."""

    code = "role_incomplete"

    def __init__(self, missing: str) -> None:
        super().__init__(missing)
        self.missing = missing


class NoSuchList(LookupError):
    """There is no such list, or it is somebody else's."""

    code = "no_such_list"


class ListNotReady(Exception):
    """No row can be confirmed, or what the law wants assured was not."""

    code = "list_not_ready"


def try_out(*, rows: Sequence[Mapping[str, str]], said: Mapping[str, str], person: Person) -> UUID:
    """Keep a list with what is wrong in each row; nothing is confirmed yet. Returns the list's id.

    said: ``handelt_als`` and, for somebody who was asked to act, ``angegebener_wohnungsgeber`` and
    ``sitz_des_wohnungsgebers``. Raises ``ListRefused``, ``RoleIncomplete``, ``TooManyLists``, ``LevelTooLow``.
    """
    role = _role(said)
    check_length(rows)
    with within():
        pinned = adopted(SERVICE)
        require_level(law(document=pinned.document, parameters=pinned.parameters).document.data, person.level)
        since = clock.now() - timedelta(days=1)
        if Batch.objects.filter(subject=person.subject, created_at__gt=since).count() >= LISTS_A_DAY:
            raise TooManyLists(str(LISTS_A_DAY))
        own = {
            path: value
            for path, value in person.identity.items()
            if path.startswith((*IDENTITY, "bisherige_anschrift"))
        }
        batch = Batch.objects.create(
            subject=person.subject,
            level=person.level,
            issuer=person.issuer,
            identity=own,
            said=role,
            created_at=clock.now(),
        )
        checked = check(rows, role=role["handelt_als"], landlord=role.get("angegebener_wohnungsgeber", ""))
        Row.objects.bulk_create(
            Row(batch=batch, number=number, said=answers, problems=problems)
            for number, (answers, problems) in enumerate(checked, start=1)
        )
    return batch.id


def confirm(*, batch_id: UUID, subject: str, assured: bool) -> None:
    """Confirm the rows without problems; confirming again changes nothing.

    assured: that people really move in and, for somebody who acts for a landlord, that they were asked to.
    Raises ``NoSuchList``, ``ListNotReady``.
    """
    with within():
        batch = Batch.objects.select_for_update().filter(id=batch_id, subject=subject).first()
        if batch is None:
            raise NoSuchList(str(batch_id))
        if batch.confirmed_at:
            return
        if not assured or not batch.rows.filter(problems=[]).exists():
            raise ListNotReady("nothing to confirm" if assured else "not assured")
        batch.confirmed_at = clock.now()
        batch.save(update_fields=["confirmed_at"])
        defer(tasks.confirm_rows, batch_id=str(batch.id))


def confirm_next_row(batch_id: UUID) -> bool:
    """Make the next row a case, all or nothing, and tell whether there was one."""
    with within():
        batch = Batch.objects.filter(id=batch_id, confirmed_at__isnull=False).first()
        waiting = Row.objects.select_for_update(skip_locked=True).filter(batch=batch, case_id=None, problems=[])
        row = waiting.order_by("number").first() if batch else None
        if row is None or batch is None:
            return False
        try:
            row.case_id = _case(batch, row)
        except AnswersRefused as error:
            row.problems = [("refused", ", ".join(sorted(error.errors)))]
        row.save(update_fields=["case_id", "problems"])
    return True


def tidy() -> None:
    """Forget lists that nobody confirmed for a day, and done ones after ``DAYS_KEPT``; the cases stay."""
    with within():
        now = clock.now()
        Batch.objects.filter(confirmed_at=None, created_at__lt=now - timedelta(days=1)).delete()
        Batch.objects.filter(confirmed_at__lt=now - timedelta(days=DAYS_KEPT)).delete()


def _role(said: Mapping[str, str]) -> dict[str, str]:
    role = said.get("handelt_als", "")
    needed = ("angegebener_wohnungsgeber", "sitz_des_wohnungsgebers") if role == "beauftragt" else ()
    missing = [name for name in needed if not said.get(name, "").strip()]
    if role not in ROLES or missing:
        raise RoleIncomplete(missing[0] if missing else "handelt_als")
    return {"handelt_als": role} | {name: said[name].strip() for name in needed}


def _case(batch: Batch, row: Row) -> UUID:
    person = Person(batch.subject, batch.level, batch.identity, batch.issuer)
    work = cases.open_case(service=SERVICE, person=person)
    assured = {"bezug_ist_versichert": True}
    if batch.said["handelt_als"] == "beauftragt":
        assured["beauftragung_ist_versichert"] = True
    case_id: UUID = work.case.id
    actor = f"person:{batch.subject}"
    told = batch.said | row.said | assured
    while work.state.asked:
        asked = [path for page in work.state.asked for path in page["facts"] if path in told]
        if not asked:
            return case_id  # something that no list can say: the person goes on in the case itself
        work = cases.record_answers(case_id=case_id, values={path: told[path] for path in asked}, actor=actor)
    cases.send_review(case_id=case_id, actor=actor)
    return case_id
