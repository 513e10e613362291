"""Services as pages list them."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404

from formlos.base.tenancy import within
from formlos.cases.linking import TRIGGER
from formlos.cases.wording import title_in
from formlos.catalogue.queries import Adopted, ServiceNotAdopted, adopted, adopted_services, document_by_digest
from formlos.catalogue.queries import law as pinned_law
from formlos.law import Law
from formlos.portals.citizen import languages
from formlos.portals.citizen.towns import Town


@dataclass(frozen=True)
class Service:
    """``trigger`` says what opens a case: ``portal`` (people begin it), ``case`` (it follows another case), or a message."""

    name: str
    title: str
    trigger: str

    @property
    def for_people(self) -> bool:
        return self.trigger == "portal"

    @property
    def follows_a_case(self) -> bool:
        return self.trigger == TRIGGER


def services_of(town: Town) -> list[Service]:
    with within(town.id):
        return [_service(found) for found in adopted_services()]


def law_or_404(town: Town, service: str) -> Law:
    """The law that new cases of this service follow in this town, local values included."""
    with within(town.id):
        try:
            found = adopted(service)
        except ServiceNotAdopted as error:
            raise Http404(service) from error
        return pinned_law(document=found.document, parameters=found.parameters)


def _service(found: Adopted) -> Service:
    document = document_by_digest(found.document)
    declared = document.data["service"]
    return Service(
        name=found.service,
        title=title_in(document, languages.current()),
        trigger=declared["trigger"],
    )
