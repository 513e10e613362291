"""Tables of base. Private to it: others use ``tenancy``, ``journal``, ``keys`` and ``blobs``."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from formlos.base.tenancy import Municipality, TenantModel

__all__ = ["Blob", "DailyRoot", "JournalEntry", "JournalPayload", "KeyPair", "Municipality", "Tries"]


class JournalEntry(TenantModel):
    """One link of a case's chain. Its hash covers the salted digest of the payload, not the payload."""

    append_only = True

    chain = models.UUIDField()
    sequence = models.PositiveIntegerField()
    kind = models.CharField(max_length=80)
    version = models.PositiveSmallIntegerField(default=1)
    at = models.DateTimeField()
    actor = models.CharField(max_length=200)
    payload_digest = models.CharField(max_length=71)
    previous = models.CharField(max_length=71)
    hash = models.CharField(max_length=71)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["municipality", "chain", "sequence"], name="journal_one_entry_a_place"),
            models.UniqueConstraint(fields=["municipality", "chain", "previous"], name="journal_chain_never_forks"),
        ]
        indexes = [models.Index(fields=["municipality", "at"], name="journal_by_time")]


class JournalPayload(TenantModel):
    """Salt and the exact canonical bytes that were hashed; only ``journal.erase`` can remove them."""

    append_only = True

    entry = models.OneToOneField(JournalEntry, on_delete=models.PROTECT, related_name="payload")
    salt = models.BinaryField()
    content = models.BinaryField()


class DailyRoot(TenantModel):
    """Merkle root over the heads of all chains at the end of a day, sealed with the municipality's key."""

    append_only = True

    day = models.DateField()
    heads = models.PositiveIntegerField()
    root = models.CharField(max_length=71)
    seal = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["municipality", "day"], name="one_root_a_day")]


class KeyPair(TenantModel):
    """A P-256 key of a municipality; the private part is encrypted with the node key."""

    kid = models.CharField(max_length=64, unique=True)
    purpose = models.CharField(max_length=10)
    public_jwk = models.JSONField()
    sealed_private = models.BinaryField()
    certificate_pem = models.TextField(blank=True)
    not_before = models.DateTimeField()
    not_after = models.DateTimeField()


class Blob(TenantModel):
    """Content stored once by hash."""

    digest = models.CharField(max_length=71)
    content = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["municipality", "digest"], name="blob_once")]


class Tries(models.Model):
    """When somebody lately tried what is limited. ``key`` is a digest: nobody can read from it who that was."""

    key = models.CharField(primary_key=True, max_length=64)
    moments = ArrayField(models.DateTimeField())
    over_at = models.DateTimeField(db_index=True)
