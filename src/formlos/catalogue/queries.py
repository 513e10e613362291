"""Finding the law that a new case follows and the law that an old case pinned."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from formlos.base.tenancy import current_municipality, current_municipality_id, within
from formlos.catalogue.models import Adoption, ParameterSet, ServiceDocument
from formlos.law import Document, Law
from formlos.law.canonical import digest as digest_of


class ServiceNotAdopted(LookupError):
    """The municipality does not offer this service; ``formlos municipality add AGS NAME``, run again, adopts all."""

    code = "service_not_adopted"


class CatalogueBroken(Exception):
    """What is stored under a digest has another one: somebody changed the law behind the back of the platform."""

    code = "catalogue_broken"


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
    """The law of a case by the digests it pinned, kept per process. Raises ``CatalogueBroken``, ``LawError``."""
    return _law(current_municipality_id(), document, parameters)


def document_by_digest(digest: str) -> Document:
    return _document(digest)


@lru_cache(maxsize=256)
def _law(municipality: UUID, document: str, parameters: str) -> Law:
    with within(municipality):
        values = ParameterSet.objects.get(municipality_id=municipality, digest=parameters).values
    return Law(_document(document), land=current_municipality().land, local=_unchanged(values, parameters))


@lru_cache(maxsize=256)
def _document(digest: str) -> Document:
    return Document.from_data(_unchanged(ServiceDocument.objects.get(digest=digest).data, digest))


def _unchanged(data: Any, expected: str) -> Any:
    if digest_of(data) != expected:
        raise CatalogueBroken(f"what is stored as {expected} has the digest {digest_of(data)}")
    return data


def _newest(sought: str, **which: str) -> Adopted:
    with within():
        rows = Adoption.objects.filter(municipality_id=current_municipality_id(), **which)
        row = rows.select_related("parameters").order_by("-adopted_at").first()
    if row is None:
        raise ServiceNotAdopted(sought)
    return _adopted(row)


def _adopted(row: Adoption) -> Adopted:
    return Adopted(row.service, row.document_id, row.parameters.digest)
