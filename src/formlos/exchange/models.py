"""Tables of the exchange. Private to it."""

from __future__ import annotations

from django.db import models

from formlos.base.tenancy import TenantModel


class StoredDirectory(models.Model):
    """A directory that this node imported; the highest serial is in use. Shared by all towns of the node."""

    serial = models.PositiveBigIntegerField(primary_key=True)
    digest = models.CharField(max_length=71)
    token = models.TextField()
    issued = models.DateTimeField()
    expires = models.DateTimeField()
    imported_at = models.DateTimeField()


class Outgoing(TenantModel):
    """A message to another municipality. The id is the id of the message; content never changes."""

    class State(models.TextChoices):
        WAITING = "waiting"
        DELIVERED = "delivered"
        DEAD = "dead"

    receiver = models.CharField(max_length=8)
    kind = models.CharField(max_length=80)
    purpose = models.TextField()
    norm = models.TextField()
    reply_to = models.UUIDField(null=True)
    reference = models.CharField(max_length=80, null=True)
    body = models.JSONField()
    digest = models.CharField(max_length=71)
    created_at = models.DateTimeField()
    patient_since = models.DateTimeField()
    refused_since = models.DateTimeField(null=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveIntegerField(default=0)
    next_attempt_at = models.DateTimeField()
    problem = models.CharField(max_length=40, blank=True)
    problem_detail = models.TextField(blank=True)
    delivered_at = models.DateTimeField(null=True)
    receipt = models.TextField(blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["municipality", "next_attempt_at"], name="outgoing_due", condition=models.Q(state="waiting")
            ),
            models.Index(fields=["municipality", "reference"], name="outgoing_by_reference"),
            models.Index(fields=["municipality", "created_at"], name="outgoing_dead", condition=models.Q(state="dead")),
        ]


class Received(TenantModel):
    """A message from another municipality, kept as it was signed; read again from there to be processed."""

    class State(models.TextChoices):
        WAITING = "waiting"
        PROCESSED = "processed"
        DEAD = "dead"

    sender = models.CharField(max_length=8)
    sender_name = models.CharField(max_length=200)
    message_id = models.UUIDField()
    kind = models.CharField(max_length=80)
    purpose = models.TextField()
    norm = models.TextField()
    reply_to = models.UUIDField(null=True)
    issued = models.DateTimeField()
    digest = models.CharField(max_length=71)
    signed = models.TextField()
    received_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveIntegerField(default=0)
    next_attempt_at = models.DateTimeField()
    problem = models.TextField(blank=True)
    processed_at = models.DateTimeField(null=True)
    conflicts = models.PositiveIntegerField(default=0)
    last_conflict_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["municipality", "sender", "message_id"], name="received_once")]
        indexes = [
            models.Index(
                fields=["municipality", "next_attempt_at"], name="received_due", condition=models.Q(state="waiting")
            ),
            models.Index(
                fields=["municipality", "received_at"], name="received_dead", condition=models.Q(state="dead")
            ),
        ]
