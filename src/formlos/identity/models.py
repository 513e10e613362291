"""Tables of identity, shared by all municipalities of the node. Private to it."""

from __future__ import annotations

from django.db import models

from formlos.base.ids import new_id


class TrustedIssuer(models.Model):
    """An identity provider whose assertions count. Simulated ones count on demo nodes only."""

    issuer = models.CharField(primary_key=True, max_length=200)
    name = models.CharField(max_length=200)
    keys = models.JSONField()
    simulated = models.BooleanField(default=False)


class Account(models.Model):
    """A person on this node. ``seed`` yields the person's pseudonyms; nothing else is known here."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    issuer = models.CharField(max_length=200)
    subject = models.CharField(max_length=200)
    seed = models.BinaryField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["issuer", "subject"], name="account_of_subject")]


class UsedAssertion(models.Model):
    """An assertion that was accepted, remembered until it expires."""

    issuer = models.CharField(max_length=200)
    jti = models.CharField(max_length=200)
    expires = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["issuer", "jti"], name="assertion_used_once")]


class Session(models.Model):
    """A person's visit. Holds the digest of the token; the facts are encrypted with the token itself."""

    token_digest = models.CharField(primary_key=True, max_length=64)
    account = models.ForeignKey(Account, on_delete=models.CASCADE)
    level = models.CharField(max_length=12)
    sealed_facts = models.BinaryField()
    started_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
