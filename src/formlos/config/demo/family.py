"""The story of the demonstration: a family of four moves from Munich to Stuttgart with a landlord's code."""

from __future__ import annotations

import time
from urllib.parse import urlencode

from formlos.base import clock
from formlos.base.tenancy import Municipality, municipality_by_ags, within
from formlos.config.demo import evidence
from formlos.config.demo.move import Move
from formlos.config.demo.node import Node
from formlos.config.demo.portal import Portal
from formlos.config.demo.script import Script
from formlos.config.demo.telling import Teller
from formlos.config.demo.told import Told
from formlos.config.demo.towns import confirmed_dwelling
from formlos.identity import demo_issuer
from formlos.registers.queries.demo import DemoPerson, demo_people

PATIENCE = 60


def play_move(
    node: Node, teller: Teller, *, here: Municipality, there: Municipality, person: DemoPerson, script: Script
) -> Told:
    """Let a person move from ``there`` to ``here`` and check everything afterwards."""
    household = list(person.household)
    before = {town.name: evidence.register_of(town, household) for town in (here, there)}
    teller.registers("Melderegister vorher", before)
    begun, begun_at = time.perf_counter(), clock.now()
    move = Move(Portal(url=node.web, ags=here.ags), script, teller.step)
    case = move.play(demo_issuer.issue(person=person.eid, subject=person.key), patience=PATIENCE)
    _wait_until_settled(here, there)
    seconds = time.perf_counter() - begun
    if case["goals"]:
        teller.decision(move.portal.decision(case["id"]))
    if case["state"] == "clerk":
        teller.clerk_questions(evidence.questions_of(here, case["id"]))
    told = Told(
        case=case,
        seconds=seconds,
        facts_asked=move.asked,
        here=here.name,
        there=there.name,
        registers={
            here.name: evidence.register_of(here, evidence.residents_of_case(here, case["id"])),
            there.name: evidence.register_of(there, household),
        },
        messages=evidence.messages_of(here, there, since=begun_at),
        journals=evidence.journals_of(here, there, since=begun_at),
        confirmations=evidence.confirmations(here, case, folder=node.home / "bescheinigungen"),
        page=f"/{here.slug}/vorgang/{case['id']}/",
    )
    teller.evidence(told)
    return told


def signed_in_page(node: Node, told: Told, person: DemoPerson) -> str:
    """The address at which the person signs in anew and sees the case; the sign-in is good for five minutes."""
    assertion = demo_issuer.issue(person=person.eid, subject=person.key)
    return f"{node.web}/anmelden/demo/?{urlencode({'nachweis': assertion, 'weiter': told.page})}"


def mover() -> DemoPerson:
    """Who moves in the demonstration."""
    with within(municipality_by_ags("09162000")):
        return demo_people()[0]


def family(node: Node, teller: Teller) -> Told:
    """The family of the demonstration street in Munich moves into a free dwelling in Stuttgart."""
    here, there = municipality_by_ags("08111000"), municipality_by_ags("09162000")
    person = mover()
    anschrift, code = confirmed_dwelling(here, persons=[person.name], day=clock.today())
    teller.headline(
        f"{person.name} zieht mit ihrer Familie von {there.name} nach {here.name}",
        "Alle Personen sind erfunden. Simuliert: Online-Ausweis, OSCI/XMeld, DVDV, Siegelzertifikat.",
    )
    teller.say(f"Die Wohnungsgeberin hat den Einzug elektronisch bestätigt und den Code [cyan]{code}[/cyan] gegeben.\n")
    script = Script(anschrift, clock.today(), code)
    return play_move(node, teller, here=here, there=there, person=person, script=script)


def _wait_until_settled(*towns: Municipality) -> None:
    """Until no case of any town has anything left to do by itself, messages included."""
    until = time.perf_counter() + PATIENCE
    while time.perf_counter() < until and any(evidence.unsettled(town) for town in towns):
        time.sleep(0.05)
