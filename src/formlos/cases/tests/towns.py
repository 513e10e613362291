"""Two towns without processes: what cases do in the test's own process, jobs run by hand."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from formlos.base import clock
from formlos.base.ids import new_id
from formlos.base.messages import Incoming
from formlos.base.tenancy import Municipality, acting_for, within
from formlos.cases import attachments, operations, queries
from formlos.cases.access import Person
from formlos.config.municipalities import add_municipality
from formlos.exchange import roots
from formlos.exchange.operations import directories
from formlos.registers.operations.codes import confirm_dwelling
from formlos.registers.operations.demo import ensure_demo_people
from formlos.registers.queries.demo import DemoPerson, demo_dwellings, demo_people

ME = "person:me"


def found(ags: str, name: str) -> Municipality:
    town = add_municipality(ags=ags, name=name)
    with within(town):
        ensure_demo_people()
    return town


def list_in_directory(*towns: Municipality) -> None:
    lifetime = timedelta(days=30)
    root = roots.own_root()
    directories.renew(root=root, municipalities=towns, address="http://localhost:1", lifetime=lifetime)


def resident(town: Municipality, key: str) -> DemoPerson:
    with within(town):
        return next(person for person in demo_people() if person.key == key)


def open_move(town: Municipality, person: DemoPerson, *, subject: str = "me") -> UUID:
    """The case of somebody who has only identified themselves."""
    facts = {**person.eid, "vertrauensniveau": "high", "bisherige_anschrift": person.eid["anschrift"]}
    with acting_for(town):
        who = Person(subject, "high", facts, "Simulierter Online-Ausweis")
        return operations.open_case(service="umzug", person=who).case.id


def answer_all(town: Municipality, case: UUID, *, nth: int = 0, **answers: Any) -> None:
    """Answer every question that is asked as somebody who moved in today."""
    with within(town):
        dwelling = demo_dwellings()[nth]
        code = confirm_dwelling(dwelling_id=dwelling.id, einzugsdatum=clock.today(), personen=[])
    usual = {
        "berechtigung_ist_versichert": True,
        "neue_anschrift": dwelling.anschrift,
        "einzugsdatum": clock.today().isoformat(),
        "wohnungsnachweis": "zuordnungsmerkmal",
        "zuordnungsmerkmal": code,
        "zieht_mit": True,
    }
    said = usual | answers
    with acting_for(town):
        while pages := queries.view(queries.own_case(case, subject="me", level="high")).pages:
            told = {question.path: said[question.path.rpartition("/")[2]] for question in pages[0]}
            for question in pages[0]:
                if question.form == "file":
                    name = told[question.path]
                    told[question.path] = attachments.hand_in(
                        case_id=case, name=name, content=b"%PDF-1.4 %%EOF", actor=ME
                    )
            operations.record_answers(case_id=case, values=told, actor=ME)


def send(town: Municipality, case: UUID) -> None:
    with acting_for(town):
        operations.send_review(case_id=case, actor=ME)


def incoming(kind: str, body: dict[str, Any], **more: Any) -> Incoming:
    """A message as the exchange hands it over."""
    usual: dict[str, Any] = {"id": new_id(), "sender_ags": "09162000", "sender_name": "München", "reply_to": None}
    circumstances = {"purpose": "Zweck", "norm": "§ 33 Abs. 1 BMG", "issued": clock.now()}
    return Incoming(kind=kind, body=body, **(usual | circumstances | more))


def journal(town: Municipality, case: UUID) -> list[str]:
    """Kinds of a case's entries."""
    with acting_for(town):
        return [entry.kind for entry in queries.journal_of(case)]
