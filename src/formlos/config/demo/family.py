"""The story of the demonstration: a family of four moves from Munich to Stuttgart with a landlord's code."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from formlos.base import clock
from formlos.base.tenancy import Municipality, acting_for, municipality_by_ags, within
from formlos.config.demo import evidence
from formlos.config.demo.accounts import gone, living
from formlos.config.demo.move import Move
from formlos.config.demo.node import Node
from formlos.config.demo.portal import Portal
from formlos.config.demo.script import Script
from formlos.config.demo.telling import Teller
from formlos.config.demo.towns import confirmed_dwelling
from formlos.identity import demo_issuer
from formlos.notices import queries as notices
from formlos.registers.queries.demo import DemoPerson, demo_people

PATIENCE = 60


@dataclass(frozen=True)
class Told:
    """How a move ended. ``status`` is ``completed`` only when registers, journals and seal verify."""

    status: str
    seconds: float
    facts_asked: int
    facts_fetched: int
    messages: list[dict[str, Any]]
    registers: dict[str, dict[str, Any]]
    journals: list[dict[str, Any]]
    notice: dict[str, Any]
    page: str

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def play_move(
    node: Node, teller: Teller, *, here: Municipality, there: Municipality, person: DemoPerson, script: Script
) -> Told:
    """Let a person move from ``there`` to ``here`` and check everything afterwards."""
    towns = {here.name: here, there.name: there}
    household = list(person.household)
    teller.registers(
        "Melderegister vorher", {name: evidence.register_of(town, household) for name, town in towns.items()}
    )
    begun, begun_at = time.perf_counter(), clock.now()
    move = Move(Portal(url=node.web, ags=here.ags), script, teller.step)
    case = move.play(demo_issuer.issue(person=person.eid, subject=person.key), patience=PATIENCE)
    _wait_until_settled(towns.values())
    seconds = time.perf_counter() - begun
    if case["goals"]:
        teller.decision(move.portal.decision(case["id"]))
    if case["state"] == "clerk":
        teller.clerk_questions(evidence.questions_of(here, case["id"]))
    return _check(node, teller, towns, case, household, move, seconds, since=begun_at)


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


def _wait_until_settled(towns: Any, *, patience: float = PATIENCE) -> None:
    """Until no case of any town has anything left to do, messages included."""
    until = time.perf_counter() + patience
    while time.perf_counter() < until:
        if not any(evidence.unsettled(town) for town in towns):
            return
        time.sleep(0.05)


def _check(
    node: Node,
    teller: Teller,
    towns: dict[str, Municipality],
    case: dict[str, Any],
    household: list[Any],
    move: Move,
    seconds: float,
    since: datetime,
) -> Told:
    names = {town.ags: town.name for town in towns.values()}
    here, there = towns.values()
    sent = sorted(
        (message for town in towns.values() for message in evidence.messages_of(town, names, since=since)),
        key=lambda one: one.at,
    )
    journals = [journal for town in towns.values() for journal in evidence.journals_of(town, since=since)]
    moved_in = evidence.residents_of_case(here, case["id"])
    registers = {
        here.name: evidence.register_of(here, moved_in),
        there.name: evidence.register_of(there, household),
    }
    notice = _notice(node, here, case)
    teller.messages(sent)
    teller.registers("Melderegister nachher", registers)
    teller.journals(journals)
    agree = set(living(registers[here.name]).items()) == set(gone(registers[there.name]).items())
    complete = bool(
        case["state"] == "closed"
        and agree
        and living(registers[here.name])
        and all(journal.intact for journal in journals)
        and notice["genuine"]
    )
    fetched = [known for known in case["known"] if not known["source"].startswith("person")]
    return Told(
        status="completed" if complete else case["state"],
        seconds=round(seconds, 3),
        facts_asked=move.asked,
        facts_fetched=len(fetched),
        messages=[asdict(message) | {"at": message.at.isoformat()} for message in sent],
        registers={name: {"living": living(register), "gone": gone(register)} for name, register in registers.items()},
        journals=[asdict(journal) for journal in journals],
        notice=notice,
        page=f"/{here.slug}/vorgang/{case['id']}/",
    )


def _notice(node: Node, town: Municipality, case: dict[str, Any]) -> dict[str, Any]:
    """Save the sealed confirmations beside the node and verify each of them."""
    folder = node.home / "bescheinigungen"
    folder.mkdir(exist_ok=True)
    found: list[dict[str, Any]] = []
    with acting_for(town):
        for document in case["documents"]:
            pdf = notices.pdf_of(document["id"], case_id=case["id"])
            path = folder / f"{document['title']} {document['concerns']}.pdf".replace(" ", "_")
            path.write_bytes(pdf)
            verdict = notices.check(pdf)
            found.append({"path": str(path), "genuine": verdict.genuine, "sentence": verdict.sentence})
    return {"genuine": bool(found) and all(one["genuine"] for one in found), "documents": found}
