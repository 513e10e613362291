"""The simulated provider as a real process, and a person in front of its pages."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from html import unescape
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import httpx

from formlos.config import initialise, processes
from formlos.identity.demo_provider import pages, people
from formlos.identity.demo_provider.people import Client, Person
from formlos.identity.oidc import claims, providers
from formlos.identity.oidc.providers import Connection

PUBLIC = "http://localhost:8000"
SECRET = "nur für Tests: Ümläut & Zeichen"
PATHS = ("/anmelden/zurueck/demo/", "/dienst/anmelden/zurueck/demo/")
CLIENT = Client(
    id="formlos test",
    secret=SECRET,
    redirect_uris=(),
    sign_out_uris=(f"{PUBLIC}/",),
)
ANNA = Person(
    key="anna",
    name="Anna Müller-Øster",
    story="zieht um",
    town="Musterstadt",
    eid={
        "familienname": "Müller-Øster",
        "vornamen": "Anna Maria",
        "geburtsname": None,
        "geburtsdatum": "1990-02-28",
        "geburtsort": "Köln",
        "staatsangehoerigkeit": "DEU",
        "ausweis_art": "personalausweis",
        "anschrift": {
            "strasse": "Sendlinger Straße",
            "hausnummer": "12",
            "zusatz": None,
            "postleitzahl": "80331",
            "ort": "München",
            "ags": "09162000",
        },
    },
)
BO = Person(key="bo", name="Bo Klein", story="", town="Musterstadt", eid={"familienname": "Klein", "vornamen": "Bo"})
ADA = Person(
    key="card-1",
    name="Ada Groß",
    story="pflegt einen Baum",
    town="Musterstadt",
    eid={"familienname": "Groß", "vornamen": "Ada", "geburtsdatum": "1990-02-28"},
)
OLGA = Person(key="olga", name="Olga Alt", story="", town="Musterstadt", eid={}, expired=True)


_homes: dict[str, Path] = {}


@contextmanager
def provider_running(home: Path) -> Iterator[str]:
    """The provider in a home of its own for the length of a block; yields its address."""
    initialise.create_node_key(home / "secrets" / "node.key")
    bind = processes.free_address()
    address = f"http://{bind}"
    _homes[address] = home
    allow(address)
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"} | {
        "FORMLOS_HOME": str(home),
        "FORMLOS_DEMO": "1",
        "FORMLOS_IDP_URL": address,
        "FORMLOS_IDP_BIND": bind,
    }
    with processes.running("idp", environment=environment, log=home / "idp.log"):
        yield address


def allow(provider: str, *sites: str) -> None:
    """Let the provider send people back to these sites too."""
    allowed = replace(CLIENT, redirect_uris=tuple(site + path for site in (PUBLIC, *sites) for path in PATHS))
    people.write(_homes[provider], people=[ANNA, BO, ADA, OLGA], clients=[allowed])


def connect(issuer: str, **changes: object) -> None:
    """Let this node ask the provider; needs a demo node and a database."""
    preset = claims.PRESETS["formlos"]
    settled = {
        "issuer": issuer,
        "key": "demo",
        "name": "Ausweisdienst",
        "client_id": CLIENT.id,
        "secret": SECRET,
        "levels": preset.levels,
        "claims": preset.claims,
        "for_staff": True,
        "simulated": True,
    }
    providers.connect(Connection(**(settled | changes)))  # type: ignore[arg-type]


class Visitor:
    """A browser at the provider. Every method returns where it is sent next, or the page it stays on."""

    def __init__(self) -> None:
        self._http = httpx.Client(trust_env=False)

    def open(self, address: str) -> httpx.Response:
        return self._http.get(address)

    def agree(self, address: str, *, person: str = "anna", level: str = "high", pin: str = pages.PIN) -> str:
        """Choose a person and confirm; the address to which the provider sends the browser back."""
        return self._sent(address, {"person": person, "niveau": level, "pin": pin}).headers["Location"]

    def stay(self, address: str, *, person: str = "anna", pin: str = pages.PIN) -> str:
        """The page that one stays on when the provider is not content."""
        return self._sent(address, {"person": person, "pin": pin}).text

    def guess(self, address: str, *, times: int) -> httpx.Response:
        """Type wrong PINs into the same page; the answer to the last."""
        form = self._form(address) | {"person": "anna", "pin": "000000"}
        return [self._http.post(_target(address), data=form) for _ in range(times)][-1]

    def cancel(self, address: str) -> str:
        return self._sent(address, {"abbrechen": "1"}).headers["Location"]

    def _sent(self, address: str, form: dict[str, str]) -> httpx.Response:
        return self._http.post(_target(address), data=self._form(address) | form)

    def _form(self, address: str) -> dict[str, str]:
        hidden = re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', self.open(address).text)
        return {name: unescape(value) for name, value in hidden}


def _target(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}/bestaetigen"


def path_of(address: str) -> str:
    """What a browser asks its server for."""
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def query_of(address: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(address).query))
