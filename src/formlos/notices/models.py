"""Table of notices. Private to this room: others use ``operations`` and ``queries``."""

from __future__ import annotations

from django.db import models

from formlos.base.tenancy import TenantModel


class Notice(TenantModel):
    """A sealed document. ``contents`` are what it says, ``digest`` finds its PDF among the blobs.

    A code letter's contents are kept without the code. ``by_post_since``: when somebody asked for a paper copy by post.
    """

    case_id = models.UUIDField()
    effect_id = models.CharField(max_length=200)
    layout = models.CharField(max_length=40)
    contents = models.JSONField()
    written_on = models.DateField()
    sealed_at = models.DateTimeField()
    digest = models.CharField(max_length=71)
    by_post_since = models.DateTimeField(null=True)
    posted_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    revocation_reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["municipality", "effect_id"], name="notice_once_an_effect"),
            models.UniqueConstraint(fields=["municipality", "digest"], name="notice_once_a_document"),
        ]
        indexes = [models.Index(fields=["municipality", "case_id"], name="notice_by_case")]
