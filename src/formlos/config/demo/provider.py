"""The simulated identity provider of the demonstration: who has a card, and that the node may ask."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.utils.translation import gettext_noop as _

from formlos.base.secret_files import read_or_create, secret_folder
from formlos.base.tenancy import Municipality, within
from formlos.identity import demo_issuer
from formlos.identity.demo_provider import people
from formlos.identity.demo_provider.people import MOVES, STAFF, Client, Person
from formlos.identity.oidc import claims, providers
from formlos.identity.oidc.providers import Connection
from formlos.organisation.operations import appoint
from formlos.registers.queries.demo import demo_people

KEY = "demo"
CLIENT = "formlos-demo"
MOVER = "jana"
"""Who has moved already when the demonstration's story is told."""
PATHS = (f"/anmelden/zurueck/{KEY}/", f"/dienst/anmelden/zurueck/{KEY}/")
EXPIRED = Person(
    key="abgelaufen",
    name="Erika Altstadt",
    story=_("Ausweis abgelaufen"),
    town="München",
    eid={"familienname": "Altstadt", "vornamen": "Erika"},
    expired=True,
)
CLERKS = tuple(
    Person(
        key=f"dienst-{ags}",
        name=name,
        story=_("arbeitet im Bürgerbüro"),
        town=town,
        eid={"familienname": name.split()[1]},
        group=STAFF,
    )
    for ags, town, name in (("08111000", "Stuttgart", "Sabine Amtmann"), ("09162000", "München", "Alois Rathgeber"))
)


def introduce(towns: Iterable[Municipality]) -> None:
    """Tell the provider who has a card, and that this node may ask. Before it starts."""
    towns = list(towns)
    client = Client(
        id=CLIENT,
        secret=_secret(),
        redirect_uris=tuple(settings.PUBLIC_URL + path for path in PATHS),
        sign_out_uris=tuple(f"{settings.PUBLIC_URL}/{page}" for page in ("", "dienst/")),
        towns=tuple(town.name for town in towns),
    )
    people.write(settings.HOME, people=[*_people(towns), EXPIRED, *CLERKS], clients=[client])


def connect() -> None:
    """Let this node ask the running provider. Its people have the accounts that assertions of the demo give them."""
    preset = claims.PRESETS["formlos"]
    providers.connect(
        Connection(
            issuer=settings.IDP_URL,
            key=KEY,
            name="Simulierter Online-Ausweis",
            client_id=CLIENT,
            secret=_secret(),
            levels=preset.levels,
            claims=preset.claims,
            scopes=preset.scopes,
            accounts_of=demo_issuer.ISSUER,
            for_staff=True,
            simulated=True,
        )
    )


def appoint_clerks(towns: Iterable[Municipality]) -> None:
    """Each town's invented clerk works in its Bürgerbüro."""
    for town in towns:
        for clerk in (one for one in CLERKS if one.key == f"dienst-{town.ags}"):
            with within(town):
                appoint(
                    issuer=demo_issuer.ISSUER,
                    subject=clerk.key,
                    office="buergerbuero",
                    role="clerk",
                    name=clerk.name,
                )


def _people(towns: Iterable[Municipality]) -> Iterable[Person]:
    for town in towns:
        with within(town):
            found = demo_people()
        first_of = {one.household: one.key for one in reversed(found)}
        for one in found:
            group = MOVES if first_of[one.household] == one.key and one.key != MOVER else ""
            yield Person(key=one.key, name=one.name, story=one.story, town=town.name, eid=one.eid, group=group)


def _secret() -> str:
    secret: str = read_or_create(secret_folder(settings.HOME) / "demo-idp-client")
    return secret
