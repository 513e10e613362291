"""Publishing service documents on the node and adopting them in a municipality."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from formlos.base import clock
from formlos.base.tenancy import current_municipality
from formlos.catalogue.models import Adoption, ParameterSet, ServiceDocument
from formlos.law import Document, Law, load_service
from formlos.law.canonical import digest


def publish(*, folder: Path) -> Document:
    """Load a service folder, store its document by digest, return it. Raises ``LawError``."""
    document = load_service(folder)
    ServiceDocument.objects.get_or_create(
        digest=document.digest,
        defaults={"name": document.name, "data": document.data, "published_at": clock.now()},
    )
    return document


def adopt(*, document: Document, values: Mapping[str, Any] | None = None) -> None:
    """Let new cases of the municipality of the context follow this document with these local values.

    Raises ``LawError`` when a value is not left to local law or out of bounds. Adopting what is
    already adopted changes nothing.
    """
    local = dict(values or {})
    Law(document, land=current_municipality().land, local=local)
    parameters, _ = ParameterSet.objects.get_or_create(digest=digest(local), defaults={"values": local})
    newest = Adoption.objects.filter(service=document.name).order_by("-adopted_at").first()
    if newest and (newest.document_id, newest.parameters_id) == (document.digest, parameters.id):
        return
    Adoption.objects.create(
        service=document.name,
        trigger=document.data["service"]["trigger"],
        document_id=document.digest,
        parameters=parameters,
        adopted_at=clock.now(),
    )
