"""Reading notices: a person's documents, the letters to post, and what a check of a file must know."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet

from formlos.base import blobs, clock, keys
from formlos.base.tenancy import Municipality, current_municipality, within
from formlos.law.canonical import digest as digest_of
from formlos.notices.clocks import PORTAL, POST, Deadline, Delivery, Effect, deadline_of, effect_of, holidays_of
from formlos.notices.contents import LAYOUTS, POSTED
from formlos.notices.letterheads import own_letterhead
from formlos.notices.letters import TITLES
from formlos.notices.models import Notice
from formlos.notices.operations import COPY_WAITS, LETTER_WAITS, SECRETS, NoSuchNotice
from formlos.notices.rendering import machine_data, render_article

_OF_ACTS = ("is_act", "remedy", "instructed", "way", "posted_at", "told_at", "retrieved_at", "ended_at")
_BY_POST = Q(layout__in=POSTED) | Q(way=POST) | Q(by_post_since__isnull=False)
TELLING_TAKES = timedelta(days=3)  # a message that has not left by then is not waited for

if TYPE_CHECKING:
    from formlos.notices.verifying import Verdict


IN_THE_PDF = "steht nur im gesiegelten PDF"  # where a page would show a secret that is kept nowhere


@dataclass(frozen=True)
class Document:
    """A notice as its recipient sees it. ``concerns`` names the person when it is about one of several.

    Of an administrative act ``effect`` says when it counts as made known, and ``deadline`` until when one can object
    once that day is known. A copy that was only read online before the letter left makes nothing known.
    """

    id: UUID
    case_id: UUID
    layout: str
    title: str
    concerns: str
    written_on: date
    sealed_at: datetime
    digest: str
    revoked_at: datetime | None
    revocation_reason: str
    by_post_since: datetime | None = None
    is_act: bool = False
    remedy: str = ""
    instructed: bool = False
    way: str = ""
    posted_at: datetime | None = None
    told_at: datetime | None = None
    retrieved_at: datetime | None = None
    ended_at: datetime | None = None
    effect: Effect | None = None
    deadline: Deadline | None = None

    @property
    def withheld(self) -> bool:
        """Whether its provision ended and the letter has not left yet: there is nothing to retrieve meanwhile."""
        return self.ended_at is not None and self.posted_at is None


def notices_of(case_id: UUID) -> list[Document]:
    """A case's documents for the person, oldest first; letters that only leave by post are not among them."""
    with within():
        return [_document(notice) for notice in _of_person(case_id).order_by("sealed_at", "id")]


def notices_of_cases(case_ids: Iterable[UUID]) -> list[Document]:
    """The documents of several cases for their person, newest first."""
    with within():
        found = Notice.objects.filter(case_id__in=list(case_ids)).exclude(layout__in=POSTED)
        return [_document(notice) for notice in found.order_by("-sealed_at", "id")]


def letters_to_post() -> list[Document]:
    """Letters that wait for the printer, oldest first."""
    with within():
        waiting = Notice.objects.filter(LETTER_WAITS | COPY_WAITS, revoked_at=None)
        return [_document(notice) for notice in waiting.order_by("sealed_at", "id")]


def not_retrieved() -> list[Document]:
    """Administrative acts whose person was told and did not retrieve them in the time that the law gives, or was never
    told: whoever has no address any more would wait for ever. Oldest first.
    """
    with within():
        waiting = Notice.objects.filter(way=PORTAL, retrieved_at=None, ended_at=None, revoked_at=None)
        found = [_document(notice) for notice in waiting.order_by("sealed_at", "id")]
        return [one for one in found if _never_told(one) or (one.effect and one.effect.failed)]


def letter_pdf(notice_id: UUID) -> bytes:
    """The sheet to print and post. Raises ``NoSuchNotice``."""
    with within():
        return blobs.get(_one(Notice.objects.filter(_BY_POST), notice_id).digest)


def pdf_of(notice_id: UUID, *, case_id: UUID) -> bytes:
    """The sealed PDF for the person of the case. Raises ``NoSuchNotice``, also while it is withheld."""
    with within():
        return blobs.get(_one(_provided(case_id), notice_id).digest)


def notice_of(notice_id: UUID, *, case_id: UUID) -> Document:
    """One document of a case for the person. Raises ``NoSuchNotice``."""
    with within():
        return _document(_one(_of_person(case_id), notice_id))


def article_of(notice_id: UUID, *, case_id: UUID) -> str:
    """The same words as an HTML ``<article>``. Raises ``NoSuchNotice``."""
    return render_article(**_written(notice_id, case_id))


def data_of(notice_id: UUID, *, case_id: UUID) -> bytes:
    """The machine data that are attached to the PDF. Raises ``NoSuchNotice``."""
    return machine_data(**_written(notice_id, case_id))


def published_certificates() -> list[str]:
    """Every seal certificate (PEM) the municipality ever had, newest first: old seals stay verifiable."""
    with within():
        return [key.certificate_pem for key in keys.all_of(purpose="seal")]


def is_revoked(digest: str) -> bool:
    """Whether the municipality withdrew the sealed document of this digest (``sha256:…``)."""
    with within():
        return Notice.objects.filter(digest=digest, revoked_at__isnull=False).exists()


def keeps(digest: str) -> bool:
    """Whether a sealed document of the municipality has this digest."""
    with within():
        return Notice.objects.filter(digest=digest).exists()


def check(pdf: bytes) -> Verdict:
    """Verify a file against the certificates of every municipality of this node.

    A document that was withdrawn is genuine, with the reason ``revoked``.
    """
    from formlos.notices.verifying import verify  # loading the signature library takes a second

    certificates = {}
    for municipality in Municipality.objects.all():
        with within(municipality):
            certificates[municipality.id] = published_certificates()
    verdict = verify(pdf, [pem for published in certificates.values() for pem in published])
    if not verdict.genuine:
        return verdict
    for municipality_id in certificates:
        with within(municipality_id):
            if is_revoked(digest_of(pdf)):
                return replace(verdict, reason="revoked")
    return verdict


def _of_person(case_id: UUID) -> QuerySet[Notice]:
    return Notice.objects.filter(case_id=case_id).exclude(layout__in=POSTED)


def _provided(case_id: UUID) -> QuerySet[Notice]:
    """Without those whose provision has ended and whose letter has not left yet."""
    return _of_person(case_id).exclude(ended_at__isnull=False, posted_at=None)


def _one(notices: QuerySet[Notice], notice_id: UUID) -> Notice:
    notice = notices.filter(id=notice_id).first()
    if notice is None:
        raise NoSuchNotice(notice_id)
    return notice


def _written(notice_id: UUID, case_id: UUID) -> dict[str, Any]:
    with within():
        notice = _one(_provided(case_id), notice_id)
        return {
            "layout": notice.layout,
            "contents": LAYOUTS[notice.layout].model_validate(dict.fromkeys(SECRETS, IN_THE_PDF) | notice.contents),
            "head": own_letterhead(),
            "written_on": notice.written_on,
        }


def _never_told(notice: Document) -> bool:
    return notice.told_at is None and notice.sealed_at < clock.now() - TELLING_TAKES


def _clocks(notice: Notice) -> dict[str, Any]:
    """When an administrative act takes effect, and until when one can object."""
    if not notice.is_act:
        return {}
    land = current_municipality().land
    holidays = holidays_of(settings.SERVICES_FOLDER / "calendars", land)
    sent = notice.posted_at if notice.way == POST else notice.told_at
    delivery = Delivery(
        notice.way, notice.procedural_law, land, clock.day_of(notice.sealed_at), _day(sent), _day(notice.retrieved_at)
    )
    effect = effect_of(delivery, holidays=holidays, today=clock.today())
    deadline = None
    if effect.day and notice.remedy:
        deadline = deadline_of(
            effect.day,
            remedy=notice.remedy,
            procedural_law=notice.procedural_law,
            instructed=notice.instructed,
            holidays=holidays,
        )
    return {"effect": effect, "deadline": deadline}


def _day(moment: datetime | None) -> date | None:
    return clock.day_of(moment) if moment else None


def _document(notice: Notice) -> Document:
    person = notice.contents.get("person", {})
    return Document(
        id=notice.id,
        case_id=notice.case_id,
        layout=notice.layout,
        title=TITLES.get(notice.layout) or notice.contents["betreff"],
        concerns=" ".join(filter(None, (person.get("vornamen"), person.get("familienname")))),
        written_on=notice.written_on,
        sealed_at=notice.sealed_at,
        digest=notice.digest,
        revoked_at=notice.revoked_at,
        revocation_reason=notice.revocation_reason,
        by_post_since=notice.by_post_since,
        **{name: getattr(notice, name) for name in _OF_ACTS},
        **_clocks(notice),
    )
