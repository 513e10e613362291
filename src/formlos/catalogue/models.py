"""Tables of the catalogue. Private to it."""

from __future__ import annotations

from django.db import models

from formlos.base.tenancy import TenantModel


class ServiceDocument(models.Model):
    """A service as one canonical document. Shared by all municipalities of the node; never changed."""

    append_only = True

    digest = models.CharField(max_length=71, primary_key=True)
    name = models.CharField(max_length=100)
    data = models.JSONField()
    published_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["name", "published_at"], name="document_by_name")]


class ParameterSet(TenantModel):
    """Local values a municipality set for a service, by digest."""

    append_only = True

    digest = models.CharField(max_length=71)
    values = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["municipality", "digest"], name="parameters_once")]


class Adoption(TenantModel):
    """The version of a service that new cases of a municipality follow. The newest row counts."""

    append_only = True

    service = models.CharField(max_length=100)
    trigger = models.CharField(max_length=100)
    document = models.ForeignKey(ServiceDocument, on_delete=models.PROTECT, related_name="+")
    parameters = models.ForeignKey(ParameterSet, on_delete=models.PROTECT, related_name="+")
    adopted_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["municipality", "service", "-adopted_at"], name="adoption_newest")]


class Consultation(TenantModel):
    """A question to the operator's language model. ``sealed``: the text, empty as soon as it is asked; ``proposed``: names
    of matters and values of facts from our own list. Deleted after ten minutes.
    """

    key = models.CharField(max_length=64, unique=True)
    sealed = models.BinaryField()
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=10, default="waiting")
    proposed = models.JSONField(default=list)
