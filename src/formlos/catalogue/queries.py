"""Finding the law that a new case follows and the law that an old case pinned."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from formlos.base.tenancy import current_municipality, current_municipality_id, within
from formlos.catalogue.models import Adoption, ParameterSet, ServiceDocument
from formlos.law import Document, Law


class ServiceNotAdopted(LookupError):
    """The municipality does not offer this service; ``formlos municipality add AGS NAME``, run again, adopts all."""

    code = "service_not_adopted"


@dataclass(frozen=True)
class Adopted:
    """What a new case pins: service name, digests of document and local values."""

    service: str
    document: str
    parameters: str


def adopted(service: str) -> Adopted:
    """The newest adoption of a service by name; raises ``ServiceNotAdopted``."""
    return _newest(service, service=service)


def adopted_for_trigger(trigger: str) -> Adopted:
    """The service that this trigger opens, such as ``message xmeld:1702``; raises ``ServiceNotAdopted``."""
    return _newest(trigger, trigger=trigger)


def adopted_services() -> list[Adopted]:
    with within():
        rows = Adoption.objects.filter(municipality_id=current_municipality_id()).select_related("parameters")
        newest = {row.service: row for row in rows.order_by("adopted_at")}
    return [_adopted(newest[name]) for name in sorted(newest)]


def law(*, document: str, parameters: str) -> Law:
    """The law of a case by the digests it pinned, kept per process."""
    return _law(current_municipality_id(), document, parameters)


def document_by_digest(digest: str) -> Document:
    return _document(digest)


@lru_cache(maxsize=256)
def _law(municipality: UUID, document: str, parameters: str) -> Law:
    with within(municipality):
        values = ParameterSet.objects.get(municipality_id=municipality, digest=parameters).values
    return Law(_document(document), land=current_municipality().land, local=values)


@lru_cache(maxsize=256)
def _document(digest: str) -> Document:
    return Document.from_data(ServiceDocument.objects.get(digest=digest).data)


def _newest(sought: str, **which: str) -> Adopted:
    with within():
        rows = Adoption.objects.filter(municipality_id=current_municipality_id(), **which)
        row = rows.select_related("parameters").order_by("-adopted_at").first()
    if row is None:
        raise ServiceNotAdopted(sought)
    return _adopted(row)


def _adopted(row: Adoption) -> Adopted:
    return Adopted(row.service, row.document_id, row.parameters.digest)
