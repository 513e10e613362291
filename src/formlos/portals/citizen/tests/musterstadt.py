"""An invented town with an invented service, and Ada who lives there: what tests of the pages look at."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

from django.test import Client

from formlos.base import effects, keys, sources
from formlos.base.sources import Answer
from formlos.base.tenancy import Municipality, within
from formlos.cases import operations
from formlos.cases.access import Person
from formlos.catalogue.operations import adopt, publish
from formlos.identity import demo_issuer
from formlos.identity.operations import accept_assertion
from formlos.identity.queries import Identity, identity_for

SERVICE = Path(__file__).parent / "baumpatenschaft"
SLUG = "musterstadt-08111000"
CREST = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 24"><path d="M0 0h20v12q0 8-10 12Q0 20 0 12z"/></svg>'
LETTERHEAD = {
    "office": "Bürgeramt",
    "street": "Am Markt 1",
    "postal_code": "12345",
    "town": "Musterstadt",
    "phone": "01234 5670",
    "email": "buergeramt@musterstadt.example",
    "hours": "Montag bis Freitag 8 bis 16 Uhr",
    "crest": CREST,
}
ADA = {
    "familienname": "Groß",
    "vornamen": "Ada",
    "geburtsdatum": "1990-02-28",
    "ausweis_art": "personalausweis",
    "anschrift": {
        "strasse": "Lindenweg",
        "hausnummer": "3",
        "postleitzahl": "12345",
        "ort": "Musterstadt",
        "ags": "08111000",
    },
}
HELPERS = [
    {"key": "h1", "vornamen": "Bo", "familienname": "Klein", "hat_sperre": False},
    {"key": "h2", "vornamen": "Cäcilie", "familienname": "Verborgen", "hat_sperre": True},
]
NOTICE = {
    "person": {"familienname": "Groß", "vornamen": "Ada", "geburtsdatum": "1990-02-28"},
    "anschrift": {"strasse": "Lindenweg", "hausnummer": "3", "postleitzahl": "12345", "ort": "Musterstadt"},
    "einzugsdatum": "2026-03-01",
    "meldedatum": "2026-03-04",
    "wohnungsstatus": "alleinige",
}


@sources.local("register.baum")
def trees(inputs: Any, context: Any) -> Answer:
    """The register of trees: the edge of the invented world."""
    return Answer("answered", {"helfer": HELPERS}, "Baumkataster Musterstadt")


@effects.local("register.baum_vergeben")
def give_away(arguments: Any, context: Any) -> dict[str, Any]:
    return {}


def build_town() -> Municipality:
    letterhead = {"letterhead": LETTERHEAD, "demo": True}
    town = Municipality.objects.create(ags="08111000", name="Musterstadt", land="BW", slug=SLUG, settings=letterhead)
    with within(town):
        keys.create(purpose="seal")
        adopt(document=publish(folder=SERVICE))
    return town


def issue_assertion(*, person: dict[str, Any], subject: str) -> str:
    """From the simulated identity provider; needs a demo node."""
    demo_issuer.enable()
    return demo_issuer.issue(person=person, subject=subject)


def identify_ada() -> Identity:
    return identity_for(token=accept_assertion(token=issue_assertion(person=ADA, subject="card-1")))


def open_case(town: Municipality, person: Identity) -> UUID:
    """Ada's case as it stands when she has only identified herself."""
    with within(town):
        return operations.open_case(service="baumpatenschaft", person=Person.of(person)).case.id


def bring_to_decision(town: Municipality, case: UUID, person: Identity) -> None:
    actor = f"person:{person.subject_for(town.id)}"
    with within(town):
        operations.record_answers(case_id=case, values={"standort": "Marktplatz"}, actor=actor)
        operations.send_review(case_id=case, actor=actor)
        operations.answer_question(case_id=case, path="baum_ist_frei", value=True, reason="angesehen", clerk="amtfrau")


def browser(**options: Any) -> Client:
    return Client(SERVER_NAME="localhost", **options)
