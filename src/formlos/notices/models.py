"""Table of notices. Private to this room: others use ``operations`` and ``queries``."""

from __future__ import annotations

from django.db import models

from formlos.base.tenancy import TenantModel


class Notice(TenantModel):
    """A sealed document. ``contents`` are what it says, ``digest`` finds its PDF among the blobs.

    A code letter's contents are kept without the code. For an administrative act, ``way`` and the moments say how it is
    made known (``clocks``): ``told_at``, when the message left that it can be retrieved; ``ended_at``, when nobody had
    retrieved it in time. ``remedy`` is what is open against it, ``instructed`` whether the notice says so completely.
    ``by_post_since``: when somebody asked for a paper copy by post, which left at ``copy_posted_at``; a copy makes
    nothing known and starts no clock.
    """

    case_id = models.UUIDField()
    effect_id = models.CharField(max_length=200)
    layout = models.CharField(max_length=40)
    contents = models.JSONField()
    written_on = models.DateField()
    sealed_at = models.DateTimeField()
    digest = models.CharField(max_length=71)
    by_post_since = models.DateTimeField(null=True)
    copy_posted_at = models.DateTimeField(null=True)
    posted_at = models.DateTimeField(null=True)
    is_act = models.BooleanField(default=False)
    procedural_law = models.CharField(max_length=10, blank=True)
    remedy = models.CharField(max_length=20, blank=True)
    instructed = models.BooleanField(default=False)
    way = models.CharField(max_length=10, blank=True)
    told_at = models.DateTimeField(null=True)
    retrieved_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    revocation_reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["municipality", "effect_id"], name="notice_once_an_effect"),
            models.UniqueConstraint(fields=["municipality", "digest"], name="notice_once_a_document"),
        ]
        indexes = [
            models.Index(fields=["municipality", "case_id"], name="notice_by_case"),
            models.Index(
                fields=["municipality", "told_at"],
                name="notices_to_be_retrieved",
                condition=models.Q(way="portal", retrieved_at=None, ended_at=None),
            ),
            models.Index(
                fields=["municipality", "sealed_at"],
                name="notices_to_copy",
                condition=models.Q(by_post_since__isnull=False, copy_posted_at=None, revoked_at=None),
            ),
            models.Index(
                fields=["municipality", "sealed_at"],
                name="notices_to_post",
                condition=models.Q(posted_at=None, revoked_at=None),
            ),
        ]
