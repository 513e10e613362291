"""Issuing, posting and revoking notices."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from formlos.base import blobs, clock, keys, people
from formlos.base.tenancy import within
from formlos.notices.clocks import PORTAL, POST
from formlos.notices.consents import consent_of
from formlos.notices.contents import POSTED, contents_for
from formlos.notices.instruction import instruction_for
from formlos.notices.letterheads import own_letterhead
from formlos.notices.models import Notice
from formlos.notices.rendering import render

OCCASION = "notice:"  # by which ``base.people`` tells of a notice
# A letter by which something is made known waits for the post; or a copy of what is, or was, made known otherwise.
LETTER_WAITS = (Q(layout__in=POSTED) | Q(way=POST)) & Q(posted_at=None)
COPY_WAITS = Q(by_post_since__isnull=False, copy_posted_at=None)
SECRETS = {"code"}  # stand in the sealed letter only


class NoSuchNotice(LookupError):
    """The municipality has no such notice, or it belongs to another case."""

    code = "no_such_notice"


def issue(
    *,
    case_id: UUID,
    effect_id: str,
    layout: str,
    arguments: Mapping[str, Any],
    at: datetime,
    written_on: date,
    subject: str = "",
) -> Notice:
    """Set, seal and keep a notice; the same effect gives the same notice, however often it runs.

    An administrative act comes with ``act`` among its arguments: ``procedural_law``, ``remedy`` and ``court``. Its
    person (``subject``) retrieves it here, if they agreed to that, and gets a letter otherwise. Raises ``UnknownLayout``, ``ContentsRefused`` and ``NoKey``.
    """
    with within():
        issued = Notice.objects.filter(effect_id=effect_id).first()
        if issued is not None:
            return issued
        from formlos.notices.sealing import (
            seal,  # loading the signature library takes a second; most processes never seal
        )

        head, act = own_letterhead(), arguments.get("act")
        instruction = instruction_for(remedy=act["remedy"], head=head, court=act["court"]) if act else ""
        told = {**arguments, "rechtsbehelf": instruction} if act else arguments
        contents = contents_for(layout=layout, arguments=told)
        page = render(layout=layout, contents=contents, head=head, written_on=written_on)
        key = keys.active(purpose="seal")
        sealed = seal(page, key=key.private_key(), certificate_pem=key.certificate_pem, at=at)
        notice = Notice.objects.create(
            **(_act(act, instructed=bool(instruction), subject=subject) if act else {}),
            case_id=case_id,
            effect_id=effect_id,
            layout=layout,
            contents=contents.model_dump(mode="json", exclude=SECRETS),
            written_on=written_on,
            sealed_at=at,
            digest=blobs.put(sealed),
        )
        if notice.way == PORTAL:
            people.tell(subject, occasion=f"{OCCASION}{notice.id}")
        return notice


def _act(act: Mapping[str, str], *, instructed: bool, subject: str) -> dict[str, Any]:
    """What is kept of an administrative act so that its clocks can run."""
    return {
        "is_act": True,
        "procedural_law": act["procedural_law"],
        "remedy": act["remedy"],
        "instructed": instructed,
        "way": PORTAL if consent_of(subject).works else POST,
    }


def note_told(*, notice_id: UUID, at: datetime) -> None:
    """The message that a notice can be retrieved has left; the first one counts."""
    with within():
        Notice.objects.filter(id=notice_id, told_at=None).update(told_at=at)


def note_retrieved(*, notice_id: UUID, case_id: UUID, at: datetime) -> bool:
    """The person has retrieved a notice of their case; True the first time."""
    with within():
        return Notice.objects.filter(id=notice_id, case_id=case_id, retrieved_at=None).update(retrieved_at=at) == 1


def serve_again(*, notice_id: UUID, at: datetime) -> bool:
    """End the provision of an act that nobody retrieved in time and let it go by post; True if that was still so.

    Nothing was made known yet (§ 41 Abs. 2a Satz 4 und 5 VwVfG).
    """
    with within():
        waiting = Notice.objects.filter(id=notice_id, way=PORTAL, retrieved_at=None, ended_at=None, revoked_at=None)
        return waiting.update(way=POST, ended_at=at) == 1


def send_by_post(*, notice_id: UUID, case_id: UUID) -> None:
    """Put a copy of a document of a case among the letters to print and post, once. Raises ``NoSuchNotice``.

    It is a courtesy: what makes an act known, and when, stays as it was.
    """
    with within():
        found = Notice.objects.filter(id=notice_id, case_id=case_id)
        if not found.exists():
            raise NoSuchNotice(f"the case has no document {notice_id}")
        found.filter(by_post_since=None).update(by_post_since=clock.now())


def note_posted(*, notice_id: UUID) -> None:
    """A letter has gone to the post, or a copy; noting it again changes nothing. Raises ``NoSuchNotice``."""
    with within():
        found, now = Notice.objects.filter(id=notice_id), clock.now()
        if not found.exists():
            raise NoSuchNotice(f"there is no document or letter {notice_id} here")
        found.filter(LETTER_WAITS | COPY_WAITS, by_post_since__isnull=False).update(copy_posted_at=now)
        found.filter(LETTER_WAITS).update(posted_at=now)


def revoke(*, notice_id: UUID, reason: str, at: datetime) -> Notice:
    """Withdraw a notice: its seal stays genuine, but whoever checks the file learns that it no longer counts.

    The first revocation and its reason stand. Raises ``NoSuchNotice``.
    """
    with within():
        Notice.objects.filter(id=notice_id, revoked_at=None).update(revoked_at=at, revocation_reason=reason)
        notice = Notice.objects.filter(id=notice_id).first()
        if notice is None:
            raise NoSuchNotice(f"there is no document or letter {notice_id} here")
        return notice
