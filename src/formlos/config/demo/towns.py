"""The two towns of the demonstration: invented residents, a directory, a simulated identity provider."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from django.conf import settings

from formlos.base import clock
from formlos.base.tenancy import Municipality, within
from formlos.config.municipalities import add_municipality
from formlos.exchange import roots
from formlos.exchange.operations import directories
from formlos.identity import demo_issuer
from formlos.identity.wallet import demo_pid
from formlos.registers.operations.codes import confirm_dwelling
from formlos.registers.operations.population import invent_population
from formlos.registers.queries.demo import demo_dwellings, demo_people

TOWNS = (("08111000", "Stuttgart"), ("09162000", "München"))
HOURS = {
    "hours": "Mo–Fr 8–18 Uhr",
    "hours_en": "Mon–Fri 8 am–6 pm",
    "hours_tr": "Pzt–Cum 8–18",
    "hours_uk": "пн–пт 8–18",
    "hours_ar": "الاثنين–الجمعة 8–18",
}
LETTERHEADS = {
    "08111000": {
        "name": "Landeshauptstadt Stuttgart",
        "office": "Bürgerbüro",
        "street": "Eberhardstraße 39",
        "postal_code": "70173",
        "town": "Stuttgart",
        "phone": "0711 216-0",
        "email": "buergerbuero@stuttgart.example",
        "representative": "Oberbürgermeisterin Erika Beispiel",
        **HOURS,
    },
    "09162000": {
        "name": "Landeshauptstadt München",
        "office": "Bürgerbüro",
        "street": "Ruppertstraße 19",
        "postal_code": "80466",
        "town": "München",
        "phone": "089 233-0",
        "email": "buergerbuero@muenchen.example",
        "representative": "Oberbürgermeister Max Beispiel",
        **HOURS,
    },
}
OPENING_HOURS = {"hours": {day: ["08:00-18:00"] for day in ("mo", "di", "mi", "do", "fr")}, "minutes": 20, "desks": 2}
# Where the Land knows no objection, the instruction names the court (Bayern: Art. 12 AGVwGO).
COURTS = {"09162000": "Bayerisches Verwaltungsgericht München, Bayerstraße 30, 80335 München"}
VALID_FOR = timedelta(days=90)


def found_towns(*, residents: int) -> list[Municipality]:
    """Create both towns with keys, services, residents and demonstration people; list them in the directory."""
    towns = [_found(ags, name, residents) for ags, name in TOWNS]
    publish_directory(towns)
    demo_issuer.enable()
    fill_wallet(towns)
    return towns


def fill_wallet(towns: Iterable[Municipality]) -> None:
    """Put the people of the demonstration streets into the simulated wallet."""
    demo_pid.enable()
    people = []
    for town in towns:
        with within(town):
            for one in demo_people():
                told = {"name": one.name, "town": town.name, "story": one.story, "person": one.eid}
                people.append(told | {"key": f"{town.ags}-{one.key}"})
    demo_pid.hand_over(people)


def publish_directory(towns: Iterable[Municipality]) -> None:
    """Sign and import the next directory with this node's own root key."""
    directories.renew(root=roots.own_root(), municipalities=towns, address=settings.EXCHANGE_URL, lifetime=VALID_FOR)


def _found(ags: str, name: str, residents: int) -> Municipality:
    town = add_municipality(ags=ags, name=name)
    own = {
        "letterhead": LETTERHEADS[ags],
        "court": COURTS.get(ags, ""),
        "appointments": {"buergerbuero": OPENING_HOURS},
    }
    town.settings = {"demo": True} | own
    town.save()
    key_date = clock.today().replace(month=1, day=1)
    invent_population(municipality=town, residents=residents, seed=1, key_date=key_date, told=lambda stored: None)
    return town


def confirmed_dwelling(
    town: Municipality, *, persons: list[str], day: date, nth: int = 0
) -> tuple[dict[str, str | None], str]:
    """A free dwelling in the demonstration street and the code with which its landlord confirmed the move."""
    with within(town):
        dwelling = demo_dwellings()[nth]
        return dwelling.anschrift, confirm_dwelling(dwelling_id=dwelling.id, einzugsdatum=day, personen=persons)
