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
    """A visit. Holds the digest of the token; the facts are encrypted with the token itself.

    ``purpose`` keeps visits of people apart from those of staff: neither opens the other's pages.
    """

    token_digest = models.CharField(primary_key=True, max_length=64)
    account = models.ForeignKey(Account, on_delete=models.CASCADE)
    purpose = models.CharField(max_length=6, default="person")
    provider = models.CharField(max_length=40, blank=True)
    level = models.CharField(max_length=12)
    sealed_facts = models.BinaryField()
    started_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)


class WalletIssuer(models.Model):
    """An issuer whose PIDs identify people: public JWKs, or certificates (PEM) that its own must lead to.

    ``subject_claim`` names a claim that the issuer promises never to change for a person; mostly there is none.
    """

    trusted = models.OneToOneField(TrustedIssuer, primary_key=True, on_delete=models.CASCADE)
    keys = models.JSONField(default=list)
    certificates = models.JSONField(default=list)
    level = models.CharField(max_length=12)
    subject_claim = models.CharField(max_length=100, blank=True)


class WalletRequest(models.Model):
    """A question to a wallet, begun in the browser that knows the secret of ``browser_digest``; lives ten minutes.

    ``sealed_key`` opens an encrypted answer; ``sealed_outcome`` is what the answer said, until the browser fetches it.
    """

    id = models.CharField(primary_key=True, max_length=64)
    same_device = models.BooleanField()
    browser_digest = models.CharField(max_length=64, db_index=True)
    code_digest = models.CharField(max_length=64, blank=True)
    nonce = models.CharField(max_length=64)
    mode = models.CharField(max_length=20)
    state = models.CharField(max_length=10, default="waiting")
    problem = models.CharField(max_length=40, blank=True)
    sealed_key = models.BinaryField()
    sealed_outcome = models.BinaryField(default=bytes)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)


class Provider(models.Model):
    """An OpenID Connect provider. ``accounts`` is the issuer under whose name its accounts are kept: normally its own.

    ``metadata`` (discovery) and ``jwks`` are copies with the moment they were fetched; ``towns`` are AGS, none is all.
    """

    key = models.SlugField(primary_key=True, max_length=40)
    issuer = models.CharField(max_length=200, unique=True)
    accounts = models.ForeignKey(TrustedIssuer, on_delete=models.PROTECT, related_name="+")
    client_id = models.CharField(max_length=200)
    sealed_secret = models.BinaryField()
    scopes = models.CharField(max_length=200)
    levels = models.JSONField()
    claims = models.JSONField()
    for_people = models.BooleanField(default=True)
    for_staff = models.BooleanField(default=False)
    towns = models.JSONField(default=list)
    metadata = models.JSONField()
    metadata_at = models.DateTimeField()
    jwks = models.JSONField()
    jwks_at = models.DateTimeField()


class Login(models.Model):
    """One try to sign in at a provider, bound to the browser that began it. ``sealed`` is read with the node key.

    Stages: sent → returned → done → used, or failed with a ``problem`` (code of an ``IdentityRefused``).
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    provider = models.ForeignKey(Provider, on_delete=models.CASCADE, related_name="+")
    purpose = models.CharField(max_length=6)
    state_digest = models.CharField(max_length=64, unique=True)
    browser_digest = models.CharField(max_length=64)
    needed = models.CharField(max_length=12)
    fresh = models.BooleanField()
    next = models.TextField()
    stage = models.CharField(max_length=8)
    problem = models.CharField(max_length=40, blank=True)
    sealed = models.BinaryField()
    returned_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(db_index=True)


class Contact(models.Model):
    """Where a person wants to be told that there is something new. The address is sealed with the node key."""

    account = models.OneToOneField(Account, primary_key=True, on_delete=models.CASCADE)
    sealed_address = models.BinaryField()
    language = models.CharField(max_length=10)
    confirmed_at = models.DateTimeField()
    wanted = models.BooleanField(default=True)


class ContactProposal(models.Model):
    """An address that waits for its owner to open the link that was sent there. ``sealed`` holds address and token."""

    account = models.OneToOneField(Account, primary_key=True, on_delete=models.CASCADE)
    sealed = models.BinaryField()
    token_digest = models.CharField(max_length=64, unique=True)
    language = models.CharField(max_length=10)
    expires_at = models.DateTimeField(db_index=True)


class Pseudonym(models.Model):
    """Whose a municipality's pseudonym is; kept only of people who gave an address, and only to reach them."""

    subject = models.CharField(primary_key=True, max_length=80)
    account = models.ForeignKey(Account, on_delete=models.CASCADE)
    municipality_id = models.UUIDField()


class Hint(models.Model):
    """A person is to be told, or was told, that there is something new: once for each ``occasion``.

    ``claimed_at``: a worker is at it; if it dies, another one tells after a while.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE)
    municipality_id = models.UUIDField()
    occasion = models.CharField(max_length=100)
    created_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "occasion"], name="hint_once_an_occasion")]
        indexes = [models.Index(fields=["created_at"], name="hints_to_send", condition=models.Q(sent_at=None))]
