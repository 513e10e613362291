"""What a person reads of a case's trail: requests, answers, transmissions; nothing of whom the law keeps silent about."""

from __future__ import annotations

import json
from datetime import date, timedelta
from uuid import UUID

from formlos.base import clock
from formlos.base.messages import Incoming
from formlos.base.tenancy import Municipality, acting_for, within
from formlos.cases import operations, queries, tasks
from formlos.cases.disclosure import disclosure
from formlos.cases.models import Correspondence
from formlos.cases.tests.towns import answer_all, open_move, resident, send
from formlos.cases.trail import Exchange, own_residents, trail
from formlos.cases.work import Work
from formlos.exchange import queries as exchange
from formlos.registers.operations.access import log_access
from formlos.registers.queries.people import resident_by_name
from formlos.registers.queries.records import accesses_told


def read(town: Municipality, case: UUID) -> Work:
    with within(town):
        return queries.own_case(case, subject="me", level="high")


def entry_of(town: Municipality, key: str) -> UUID:
    """Somebody's entry in the register."""
    eid = resident(town, key).eid
    with within(town):
        names, born = f"{eid['vornamen']} {eid['familienname']}", date.fromisoformat(eid["geburtsdatum"])
        return resident_by_name(name=names, geburtsdatum=born)[0].id


def residents_of(town: Municipality, case: UUID) -> set[UUID]:
    with within(town):
        return own_residents(read(town, case))


def traces(key: str, steps: list[Exchange]) -> list[str]:
    """What is said of Tobias Gruber, whose key this is."""
    written = json.dumps([vars(step) for step in steps], default=str)
    return [word for word in ("Tobias", "1983-09-02", key) if word in written]


def trail_of(town: Municipality, case: UUID) -> list[Exchange]:
    with within(town):
        return trail(read(town, case))


def answered_by_the_old_town(here: Municipality, elsewhere: Municipality, key: str) -> UUID:
    """A move whose old town has answered, without processes between them."""
    from formlos.cases.correspondence import receive

    case = open_move(here, resident(elsewhere, key))
    answer_all(here, case)
    with within(here):
        asked = Correspondence.objects.get(case_id=case)
        [letter] = exchange.messages_of(str(case))
        moment = {"purpose": letter.purpose, "norm": letter.norm, "issued": clock.now()}
        question = Incoming(
            id=asked.message,
            kind=letter.kind,
            sender_ags="08111000",
            sender_name="Stuttgart",
            reply_to=None,
            body=letter.body,
            **moment,
        )
    with within(elsewhere):
        receive(question)
        answers = Correspondence.objects.filter(receiver="08111000")
        reply = answers.latest("id")
        [sent] = exchange.messages_of(str(reply.case_id))
        back = Incoming(
            id=reply.message,
            kind=sent.kind,
            sender_ags="09162000",
            sender_name="München",
            reply_to=asked.message,
            body=sent.body,
            **moment,
        )
    with within(here):
        receive(back)
    return case


def test_a_request_and_its_answer_are_told_with_purpose_and_norm(here: Municipality, elsewhere: Municipality) -> None:
    case = answered_by_the_old_town(here, elsewhere, "lukasz")
    steps = trail_of(here, case)
    [asked] = [step for step in steps if step.kind == "asked"]
    assert (asked.partner, asked.asked["familienname"]) == ("09162000", "Wiśniewski")
    assert "BMG" in asked.norm or "BMeldDigiV" in asked.norm
    [answer] = [step for step in steps if step.kind == "answered" and step.message and step.partner == "München"]
    assert "Łukasz" in answer.told.values()
    [received] = [step for step in steps if step.kind == "received"]
    assert received.partner == "09162000" and "Łukasz" in received.told.values()


def test_a_protected_spouse_leaves_no_trace(elsewhere: Municipality) -> None:
    """Within the town the register answers with the whole household; its journal has the spouse."""
    case = open_move(elsewhere, resident(elsewhere, "amelie"))
    answer_all(elsewhere, case)
    tobias = str(entry_of(elsewhere, "tobias"))
    with within(elsewhere):
        assert tobias in str([entry.payload for entry in queries.journal_of(case)])
    steps = trail_of(elsewhere, case)
    assert any("Frieda" in step.told.values() for step in steps)
    assert not traces(tobias, steps)


def test_nor_in_an_answer_that_counts_no_more(elsewhere: Municipality) -> None:
    case = open_move(elsewhere, resident(elsewhere, "amelie"))
    answer_all(elsewhere, case)
    nobody = {"source": "melderegister", "state": "answered", "supplier": "", "detail": "", "basis": ""}
    nobody |= {"trust": "high", "inputs": {}, "values": {"resident": {"none": True}}}
    with within(elsewhere):
        work = read(elsewhere, case)
        work.add("source.answered", nobody)
        tobias = str(entry_of(elsewhere, "tobias"))
        assert tobias not in disclosure(work).silent
        assert not traces(tobias, trail(work))


def test_what_was_passed_on_names_receiver_purpose_and_norm(here: Municipality, elsewhere: Municipality) -> None:
    case = answered_by_the_old_town(here, elsewhere, "lukasz")
    answer_all(here, case)
    send(here, case)
    with acting_for(here):
        tasks.go_on(case_id=str(case))
    [sent] = [step for step in trail_of(here, case) if step.kind == "sent"]
    assert (sent.partner, sent.purpose, sent.norm) == ("09162000", "Rückmeldung einer Anmeldung", "§ 33 Abs. 1 BMG")
    assert sent.told["familienname"] == "Wiśniewski" and not {"to", "norm", "message"} & set(sent.told)
    with acting_for(here):
        operations.reverse(case_id=case, reason="Irrtum", actor="clerk:x")
    assert [step.kind for step in trail_of(here, case)][-1] == "recalled"


def test_the_own_entry_is_whom_the_register_matched_or_this_case_registered(
    here: Municipality, elsewhere: Municipality
) -> None:
    kaethe = entry_of(here, "kaethe")
    matched = open_move(here, resident(here, "kaethe"))
    answer_all(here, matched)
    assert residents_of(here, matched) == {kaethe}
    moved = answered_by_the_old_town(here, elsewhere, "lukasz")
    assert residents_of(here, moved) == set()
    answer_all(here, moved)
    send(here, moved)
    [entry] = residents_of(here, moved)
    with within(here):
        assert accesses_told(resident_id=entry, own=[], today=clock.today()) == []
        told = accesses_told(resident_id=kaethe, own=[matched], today=clock.today())
    assert told and all(access.norm and access.accessor and access.case_id == matched for access in told)


def test_an_access_is_not_told_when_its_file_also_read_somebody_protected(elsewhere: Municipality) -> None:
    amelie, tobias, lukasz = (entry_of(elsewhere, key) for key in ("amelie", "tobias", "lukasz"))
    mine, his, hers = (UUID(int=number) for number in (1, 2, 3))
    common = {"data": ["familienname"], "accessor": "Amt", "purpose": "Umzug"}
    with within(elsewhere):
        log_access(residents=[amelie, lukasz], norm="§ 38 BMG", case_id=mine, **common)
        log_access(residents=[amelie, tobias], norm="§ 38 BMG", case_id=his, **common)
        log_access(residents=[amelie], norm="§ 34 Abs. 4 BMG", case_id=hers, **common)
        told = accesses_told(resident_id=amelie, own=[], today=clock.today() + timedelta(days=1))
        as_own = accesses_told(resident_id=amelie, own=[his], today=clock.today())
    assert [access.case_id for access in told] == [mine]
    assert {access.case_id for access in as_own} == {mine, his}
