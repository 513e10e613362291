"""What the buttons of the stage do: pull the plug of a town, plug it in again, bring everybody back, hand out codes."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction

from formlos.base import clock
from formlos.base.tenancy import Municipality, municipality_by_ags, within
from formlos.cases import queries, tasks
from formlos.exchange.operations import switch
from formlos.registers.operations.codes import confirm_dwelling
from formlos.registers.queries.addresses import FreeDwelling
from formlos.registers.queries.demo import DemoPerson, demo_dwellings, demo_people

FROM, TO = "09162000", "08111000"
"""The stage tells of moves from Munich to Stuttgart; the way back is open too."""
PREPARED = "stage"
MOST_CASES = 500


def pull_plug() -> None:
    switch.take_off(ags=FROM)


def plug_in() -> None:
    switch.bring_back(ags=FROM)


def next_day() -> None:
    """Let the clock of this demo node run one more day ahead, for all its processes, and hand out codes for that day.

    Raises ``ValueError`` after ``clock.MOST_DAYS_AHEAD`` days.
    """
    clock.run_ahead(settings.HOME / clock.DEMO_FILE, days=clock.ahead().days + 1)
    prepare()


def reset() -> None:
    """Take every move back, by the way on which a wrong decision is taken back, and hand out fresh codes.

    Jobs do it, newest first: registers restored, the other town told, confirmations revoked. The journals keep it all, and
    the clock stays where it is: what was written must not come to lie in the future.
    """
    plug_in()
    for town in _towns():
        with within(town):
            for line in queries.cases_of_municipality(limit=MOST_CASES):
                if line.service == "umzug" and line.state not in ("withdrawn", "reversed"):
                    tasks.reverse_later(case_id=line.id, reason="Vorführung zurückgesetzt")
    prepare()


def prepare() -> None:
    """Let landlords of each town confirm from today on a free dwelling for every household of the other one."""
    one, other = _towns()
    for town, origin in ((one, other), (other, one)):
        with within(origin):
            households = list({person.household: person for person in reversed(demo_people())}.values())[::-1]
        with within(town):
            dwellings = demo_dwellings()[::-1]  # the story of ``make demo`` takes the first
            found = dict(_confirmed(person, home) for person, home in zip(households, dwellings, strict=False))
        _keep(town, found)


def _towns() -> tuple[Municipality, Municipality]:
    return municipality_by_ags(FROM), municipality_by_ags(TO)


def _confirmed(person: DemoPerson, home: FreeDwelling) -> tuple[str, dict[str, str]]:
    code = confirm_dwelling(dwelling_id=home.id, einzugsdatum=clock.today(), personen=[person.name])
    street = f"{home.anschrift['strasse']} {home.anschrift['hausnummer']}"
    place = f"{home.anschrift['postleitzahl']} {home.anschrift['ort']}"
    return person.key, {"code": code, "street": street, "place": place, "day": clock.today().isoformat()}


def _keep(town: Municipality, prepared: dict[str, dict[str, str]]) -> None:
    """A landlord's code is shown once; on the stage it stays readable, in the settings of a demo town."""
    with transaction.atomic():
        kept = Municipality.objects.select_for_update().get(id=town.id)
        kept.settings[PREPARED] = prepared
        kept.save(update_fields=["settings"])
