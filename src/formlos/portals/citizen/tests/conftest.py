"""A town with an invented service, and a person with a case in it, for tests of the pages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.test import Client, override_settings

from formlos.base import effects, keys, sources
from formlos.base.sources import Answer
from formlos.base.tenancy import Municipality, within
from formlos.cases import operations
from formlos.catalogue.operations import adopt, publish
from formlos.identity import demo_issuer
from formlos.identity.operations import accept_assertion
from formlos.identity.queries import Identity, identity_for

SERVICE = Path(__file__).parent / "baumpatenschaft"
LETTERHEAD = {
    "office": "Bürgeramt",
    "street": "Am Markt 1",
    "postal_code": "12345",
    "town": "Musterstadt",
    "phone": "01234 5670",
    "email": "buergeramt@musterstadt.example",
    "hours": "Montag bis Freitag 8 bis 16 Uhr",
    "crest": '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 24"><path d="M0 0h20v12q0 8-10 12Q0 20 0 12z" fill="#1d6b3a"/></svg>',
}
PERSON = {
    "familienname": "Groß",
    "vornamen": "Ada",
    "geburtsdatum": "1990-02-28",
    "staatsangehoerigkeit": "DEU",
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


@sources.local("register.baum")
def trees(inputs: Any, context: Any) -> Answer:
    """The register of trees: the edge of the invented world."""
    return Answer("answered", {"helfer": HELPERS}, "Baumkataster Musterstadt")


@effects.local("register.baum_vergeben")
def give_away(arguments: Any, context: Any) -> dict[str, Any]:
    return {}


def browser(**options: Any) -> Client:
    return Client(SERVER_NAME="localhost", **options)


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[None]:
    with override_settings(DEMO=True, HOME=tmp_path):
        yield


@pytest.fixture
def musterstadt(database: Any) -> Municipality:
    town = Municipality.objects.create(
        ags="08111000",
        name="Musterstadt",
        land="BW",
        slug="musterstadt-08111000",
        settings={"letterhead": LETTERHEAD, "demo": True},
    )
    with within(town):
        keys.create(purpose="seal")
        adopt(document=publish(folder=SERVICE))
    return town


@pytest.fixture
def assertion(demo: None, database: Any) -> str:
    demo_issuer.enable()
    return demo_issuer.issue(person=PERSON, subject="card-1")


@pytest.fixture
def client() -> Client:
    return browser()


@pytest.fixture
def ada(assertion: str) -> Identity:
    return identity_for(token=accept_assertion(token=demo_issuer.issue(person=PERSON, subject="card-1")))


@pytest.fixture
def case(musterstadt: Municipality, ada: Identity) -> UUID:
    """Ada's case, as it stands when she has only identified herself."""
    with within(musterstadt):
        return operations.open_case(
            service="baumpatenschaft",
            subject=ada.subject_for(musterstadt.id),
            level=ada.level,
            identity=ada.facts,
            issuer=ada.issuer,
        )


@pytest.fixture
def signed_in(client: Client, assertion: str) -> Client:
    client.post("/anmelden/demo/", {"nachweis": assertion})
    return client
