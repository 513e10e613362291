"""Story 4: a separated mother with a protected address. Nothing that the father sees betrays her or the children.

A man whose family is protected and one who has none do the same; every page that they see must be the same.
"""

from __future__ import annotations

import json
import re
from typing import Any

from tests.citizens import clerk_asks
from tests.nodes import munich, stuttgart
from tests.people import Home, Mover, build, person, settle
from tests.stories.acting import Actor, Stage, address_typed, day_typed

from formlos.base import clock
from formlos.base.tenancy import acting_for, within
from formlos.cases import queries
from formlos.registers.models import Lock

HIDDEN = ("Renate", "Nele", "Fiete")
LINK = "Schicken Sie Ihrem Vermieter oder Ihrer Vermieterin einen Link"
FOR_WHOM = "/{slug}/anliegen/umzug/fuer-wen/"


def father(stage: Stage, *, with_family: bool) -> Mover:
    """A married man in Munich; his wife and children, if he has some, are registered with him and protected."""
    surname = "Sperrbach" if with_family else "Seebach"
    _, address = build(munich(), number="901" if with_family else "902")
    him = person("Tom", surname, born="1985-01-20", geschlecht="m", familienstand="VH")
    others = [
        person("Renate", surname, familienstand="VH", rolle="ehegatte"),
        person("Nele", surname, born="2016-04-04", rolle="kind"),
        person("Fiete", surname, born="2018-09-09", geschlecht="m", rolle="kind"),
    ]
    found = settle(munich(), address, him, *(others if with_family else []))
    with within(munich()):
        for resident in found.household[1:]:
            Lock.objects.create(resident_id=resident, kind=Lock.AUSKUNFTSSPERRE, recorded_at=clock.now())
    return stage.introduced(found)


def moves_and_doubts(actor: Actor, mover: Mover, home: Home, towns: list[str]) -> dict[str, str]:
    """He registers with a link to the landlord, says that somebody is missing, and looks everywhere; returns what he saw."""
    actor.opens(f"/{towns[0]}/anliegen/umzug/beginnen/")
    actor.presses("Ausweisen und beginnen")
    actor.identifies(mover.name)
    seen = {}
    titles = actor.answers(
        {
            "Zieht Ihre Familie mit um": lambda: actor.chooses("Ja"),
            "Wohin ziehen Sie": address_typed(actor, home),
            "ziehen Sie ein": day_typed(actor, "Wann sind Sie eingezogen, oder wann ziehen Sie ein?"),
            "Womit weisen Sie die neue Wohnung nach": lambda: actor.chooses(
                "Ich schicke meiner vermietenden Person einen Link"
            ),
        },
        until=LINK,
    )
    seen["asked"] = repr(titles)
    seen["link"] = actor.text
    actor.presses("Link erstellen")
    link = actor.page.get_by_label("Ihr Link").input_value().split("/", 3)[3]
    actor.follows("Weiter mit meinem Vorgang")
    actor.answers({}, until="Stimmt alles?")
    seen["review"] = answered(actor)
    actor.page.get_by_text("Nur wenn es auf Sie zutrifft").click()
    actor.follows("Weitere Personen ziehen mit um")
    actor.chooses("Ja")
    actor.presses("Übernehmen")
    actor.presses("Absenden")
    actor.waits_for(lambda: "Ein Mensch sieht sich Ihre Anmeldung an" in actor.title)
    seen["status"] = answered(actor)
    for name, path in {
        "cases": "/meine/",
        "data": "/meine/daten/",
        "for whom there": FOR_WHOM.format(slug=towns[1]),
        "for whom here": FOR_WHOM.format(slug=towns[0]),
        "the landlord's link": f"/{link}",
    }.items():
        actor.opens(path)
        seen[name] = answered(actor)
    export = actor.page.context.request.get(f"{actor.stage.node.web}/meine/daten/export.json")
    seen["export"] = json.dumps(export.json(), ensure_ascii=False, indent=1)
    return seen


def answered(actor: Actor) -> str:
    """What the server says of the page that is open; scripts change the page itself at their own time."""
    found: str = actor.page.context.request.get(actor.page.url).text()
    return found


def without_what_differs_anyway(page: str) -> list[str]:
    """The lines of a page without names, numbers, signs of files and secrets of forms, in no order: who answered first
    is chance.
    """
    page = re.sub(r"Sperrbach|Seebach", "X", page)
    page = re.sub(r'(value|nonce)="[\w-]{20,}"', "", page)
    page = re.sub(r"UMZ-\d{4}-\w{8}", "", page)
    page = re.sub(r"/link/[\w-]{40,}", "", page)
    page = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{64}|\d+", "#", page)
    return sorted(line.strip().rstrip(",") for line in page.splitlines())


def test_the_fathers_pages_are_those_of_a_man_without_family(stage: Stage, visiting: Any) -> None:
    towns = [stuttgart().slug, munich().slug]
    fathers = {name: father(stage, with_family=name == "protected") for name in ("protected", "alone")}
    homes = {name: stage.home() for name in fathers}
    seen = {}
    for name, mover in fathers.items():
        with visiting() as tom:
            seen[name] = moves_and_doubts(tom, mover, homes[name], towns)
    for page, content in seen["protected"].items():
        assert not [hidden for hidden in HIDDEN if hidden in content], page
        twin = seen["alone"][page]
        assert without_what_differs_anyway(content) == without_what_differs_anyway(twin), page
    for asked in _clerk_questions():
        assert {"weitere_personen_sind_geklaert", "wohnungsstatus_nach_pruefung"} <= asked
    with acting_for(stuttgart()):
        everything = repr([queries.journal_of(line.id) for line in queries.cases_of_municipality()])
    assert not [hidden for hidden in HIDDEN if hidden in everything]


def _clerk_questions() -> list[set[str]]:
    """Of both cases, what a clerk is asked."""
    with acting_for(stuttgart()):
        cases = [line.id for line in queries.cases_of_municipality() if line.service == "umzug"][:2]
    return [set(clerk_asks(stuttgart(), case)) for case in cases]
