"""Which services follow a case, and where they are open."""

from __future__ import annotations

from formlos.cases.work import Work
from formlos.catalogue.queries import ServiceNotAdopted, adopted

OBJECTION = "widerspruch"


def correction_of(work: Work) -> str:
    """The service by which what the case decided is corrected, as its own service names it; empty where none is open."""
    service: str = work.service["service"].get("correction", "")
    return service if service and is_offered(service) else ""


def is_correctable(work: Work) -> bool:
    return bool(correction_of(work))


def is_offered(service: str) -> bool:
    try:
        adopted(service)
    except ServiceNotAdopted:
        return False
    return True
