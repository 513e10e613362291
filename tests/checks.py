"""What must be true of a move that is through: once in every register, journal, mailbox and folder, never twice."""

from __future__ import annotations

from collections import Counter
from uuid import UUID

from procrastinate.contrib.django.models import ProcrastinateJob
from tests.citizens import Citizen
from tests.nodes import eventually

from formlos.base.tenancy import Municipality, acting_for, within
from formlos.cases import queries as cases
from formlos.exchange.models import Outgoing, Received
from formlos.notices import queries as notices
from formlos.registers.models import Residence, Resident

SWEEPS = {"base.retry_stalled", "cases.sweep", "exchange.sweep"}


def moved_in_once(citizen: Citizen) -> None:
    """In the new town: one decision, one entry and one notice for each person, one request and one Rückmeldung."""
    case = citizen.case["id"]
    with acting_for(citizen.town):
        kinds = Counter(entry.kind for entry in cases.journal_of(case))
        assert kinds["decision.made"] == kinds["review.sent"] == 1, kinds
        state = cases.state_of(case)
        assert {effect.state for effect in state.effects.values()} == {"done"}
        documents = notices.notices_of(UUID(case))
        assert len(documents) == len(citizen.mover.household) == len({one.concerns for one in documents})
    (entry,) = [effect for effect in state.effects.values() if effect.kind == "register.move_in"]
    assert len(entry.outcome["residents"]) == len(citizen.mover.household)
    with within(citizen.town):
        for resident in entry.outcome["residents"].values():
            living = Residence.objects.filter(resident=resident, auszugsdatum__isnull=True)
            assert living.count() == 1, f"{citizen.mover.name} lives in {living.count()} dwellings"
            person = Resident.objects.get(id=resident)
            same = {"familienname": person.familienname, "vornamen": person.vornamen}
            assert Resident.objects.filter(**same, geburtsdatum=person.geburtsdatum).count() == 1
        sent = Outgoing.objects.filter(reference=case).order_by("created_at")
        assert [(row.kind, row.state) for row in sent] == [("xmeld:1702", "delivered"), ("xmeld:0201", "delivered")]


def moved_out_once(citizen: Citizen, old_town: Municipality) -> None:
    """In the old town: each person's dwelling ended by this move, and by no other."""
    with within(old_town):
        for resident in citizen.mover.household:
            (residence,) = Residence.objects.filter(resident=resident, dwelling__isnull=False)
            assert residence.auszugsdatum is not None, f"{citizen.mover.name} still lives in {old_town}"
            assert residence.wegzug_nach["strasse"] == citizen.answers["neue_anschrift"]["strasse"]


def nothing_is_left_over(*towns: Municipality) -> None:
    """No message is unfinished, dead or suspicious; every journal is intact; no job is left behind."""
    for town in towns:
        with within(town):
            assert set(Outgoing.objects.values_list("state", flat=True)) <= {"delivered"}
            assert set(Received.objects.values_list("state", flat=True)) <= {"processed"}
            assert not Received.objects.filter(conflicts__gt=0).exists()
            for line in cases.cases_of_municipality(limit=1000):
                assert cases.verify_journal(line.id).intact, line.reference
            assert {line.state for line in cases.cases_of_municipality(limit=10_000)} <= {"closed"}
    eventually(lambda: not ProcrastinateJob.objects.filter(status="doing").exists())
    failed = ProcrastinateJob.objects.filter(status__in=["failed", "aborted"]).values_list("task_name", flat=True)
    assert set(failed) <= SWEEPS, "only what runs again by itself every second may have failed"


def messages_between(sender: Municipality, receiver: Municipality) -> Counter[str]:
    """Messages that the sender sent, by kind, after comparing by id with what the receiver got."""
    with within(sender):
        sent = {row.id: row.kind for row in Outgoing.objects.filter(receiver=receiver.ags)}
    with within(receiver):
        got = {row.message_id: row.kind for row in Received.objects.filter(sender=sender.ags)}
    assert got == sent
    return Counter(kind.removeprefix("xmeld:") for kind in sent.values())
