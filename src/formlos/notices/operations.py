"""Issuing, posting and revoking notices."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from formlos.base import blobs, clock, keys
from formlos.base.tenancy import within
from formlos.notices.contents import contents_for
from formlos.notices.letterheads import own_letterhead
from formlos.notices.models import Notice
from formlos.notices.rendering import render

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
) -> Notice:
    """Set, seal and keep a notice; the same effect gives the same notice, however often it runs.

    Raises ``UnknownLayout``, ``ContentsRefused`` and ``NoKey``.
    """
    with within():
        issued = Notice.objects.filter(effect_id=effect_id).first()
        if issued is not None:
            return issued
        from formlos.notices.sealing import (
            seal,  # loading the signature library takes a second; most processes never seal
        )

        contents = contents_for(layout=layout, arguments=arguments)
        page = render(layout=layout, contents=contents, head=own_letterhead(), written_on=written_on)
        key = keys.active(purpose="seal")
        sealed = seal(page, key=key.private_key(), certificate_pem=key.certificate_pem, at=at)
        return Notice.objects.create(
            case_id=case_id,
            effect_id=effect_id,
            layout=layout,
            contents=contents.model_dump(mode="json", exclude=SECRETS),
            written_on=written_on,
            sealed_at=at,
            digest=blobs.put(sealed),
        )


def send_by_post(*, notice_id: UUID, case_id: UUID) -> None:
    """Put a document of a case among the letters to print and post, once. Raises ``NoSuchNotice``."""
    with within():
        found = Notice.objects.filter(id=notice_id, case_id=case_id)
        if not found.exists():
            raise NoSuchNotice(f"the case has no document {notice_id}")
        found.filter(by_post_since=None).update(by_post_since=clock.now())


def note_posted(*, notice_id: UUID) -> None:
    """A letter has gone to the post; noting it again changes nothing. Raises ``NoSuchNotice``."""
    with within():
        if not Notice.objects.filter(id=notice_id).exists():
            raise NoSuchNotice(f"there is no document or letter {notice_id} here")
        Notice.objects.filter(id=notice_id, posted_at=None).update(posted_at=clock.now())


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
