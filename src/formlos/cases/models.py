"""Tables of cases: projections of the journal that queues and sweepers need. Private to the room."""

from __future__ import annotations

from django.db import models

from formlos.base.tenancy import TenantModel


class Case(TenantModel):
    """One matter of one person (or one incoming message) under one pinned law. ``with_clerk``: a clerk was needed."""

    class State(models.TextChoices):
        OPEN = "open"  # the person's turn
        CLERK = "clerk"  # a clerk's turn
        WAITING = "waiting"  # for another authority or for a day
        DECIDED = "decided"  # effects still run
        CLOSED = "closed"
        WITHDRAWN = "withdrawn"
        REVERSED = "reversed"

    reference = models.CharField(max_length=40)
    service = models.CharField(max_length=100)
    document = models.CharField(max_length=71)
    parameters = models.CharField(max_length=71)
    channel = models.CharField(max_length=10)
    subject = models.CharField(max_length=80, blank=True)
    representative = models.CharField(max_length=80, blank=True)  # pseudonym of who acts for the subject, a child
    represented_until = models.DateField(null=True)  # the birthday on which that ends
    opened_by_sender = models.CharField(max_length=8, blank=True)
    opened_by_message = models.UUIDField(null=True)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    opened_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    with_clerk = models.BooleanField(default=False)
    decided_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()
    wake_at = models.DateTimeField(null=True)
    entries = models.PositiveIntegerField(default=0)
    processed = models.PositiveIntegerField(default=0)
    unfinished = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["municipality", "reference"], name="case_reference"),
            models.UniqueConstraint(
                fields=["municipality", "opened_by_sender", "opened_by_message"], name="case_once_a_message"
            ),
        ]
        indexes = [
            models.Index(fields=["municipality", "subject", "-opened_at"], name="cases_of_subject"),
            models.Index(
                fields=["municipality", "service", "-decided_at"],
                name="cases_decided",
                condition=models.Q(sent_at__isnull=False, decided_at__isnull=False),
            ),
            models.Index(
                fields=["municipality", "service", "-decided_at"],
                name="cases_decided_with_clerk",
                condition=models.Q(sent_at__isnull=False, decided_at__isnull=False, with_clerk=True),
            ),
            models.Index(
                fields=["municipality", "representative"],
                name="cases_of_representative",
                condition=~models.Q(representative=""),
            ),
            models.Index(fields=["wake_at"], name="cases_to_wake", condition=models.Q(wake_at__isnull=False)),
            models.Index(
                fields=["municipality"],
                name="cases_to_go_on",
                condition=models.Q(unfinished=True) | models.Q(entries__gt=models.F("processed")),
            ),
        ]


class CaseLink(TenantModel):
    """A case that began with another one: an objection to its notice, a correction, a new decision.

    ``about``: what of the first case it is about, such as a notice's id or a fact's path.
    """

    first = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="followers")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="leaders")
    relation = models.CharField(max_length=20)
    about = models.CharField(max_length=200, blank=True)
    linked_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case"], name="case_follows_one")]


class OpenQuestion(TenantModel):
    """A fact that a clerk must supply now. The person's questions are computed when a page needs them."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="questions")
    path = models.CharField(max_length=200)
    office = models.CharField(max_length=100)
    since = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "path"], name="question_once")]


class Correspondence(TenantModel):
    """Which case sent a message, and for which source or effect, so that answers find home."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="correspondence")
    message = models.UUIDField(unique=True)
    receiver = models.CharField(max_length=8)
    reply = models.CharField(max_length=80, blank=True)
    source = models.CharField(max_length=100, blank=True)
    effect = models.CharField(max_length=200, blank=True)


class Attachment(TenantModel):
    """A file that was handed in to a case; its content lies in the blob store."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="attachments")
    name = models.CharField(max_length=100)
    media_type = models.CharField(max_length=40)
    digest = models.CharField(max_length=71)
    size = models.PositiveIntegerField()
    handed_in_at = models.DateTimeField()
    handed_in_by = models.CharField(max_length=100)


class Invitation(TenantModel):
    """A link by which somebody else is asked to give a fact. Of its token only a digest is kept.

    ``answer`` is the case that the link opened; whoever opened it is the only one who can go on with it.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="invitations")
    source = models.CharField(max_length=100)
    digest = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    answer = models.OneToOneField(Case, on_delete=models.PROTECT, null=True, related_name="invited_by")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["municipality", "digest"], name="invitation_digest")]
