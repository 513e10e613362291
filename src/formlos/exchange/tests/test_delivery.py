"""Delivery: what fails is tried again, what cannot work is given up, and each is told once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection, connections
from django.test import override_settings
from procrastinate.contrib.django.models import ProcrastinateJob

from formlos.base import clock, messages
from formlos.base.messages import Incoming
from formlos.base.tenancy import acting_for, current_municipality, within
from formlos.exchange import tasks, transport
from formlos.exchange.models import Outgoing
from formlos.exchange.operations import dead_letters, delivery, inbox
from formlos.exchange.policy import Policy, policy
from formlos.exchange.refusals import Refusal, Unavailable, UnknownKind
from formlos.exchange.tests.keys import ULM
from formlos.exchange.tests.test_endpoint import set_offline
from formlos.exchange.tests.towns import Towns, serving

HOURS = timedelta(hours=1)


@pytest.fixture
def letter(towns: Towns) -> UUID:
    return towns.send(towns.stuttgart, towns.munich, reference="case-1")


def jobs(name: str) -> list[ProcrastinateJob]:
    return list(ProcrastinateJob.objects.filter(task_name=name))


def lose_jobs() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")


def test_a_message_waits_while_the_receiver_is_down_and_arrives_when_it_is_back(towns: Towns, letter: UUID) -> None:
    failed = towns.deliver(towns.stuttgart, letter)
    assert (failed.state, failed.problem, failed.attempts) == ("waiting", "unavailable", 1)
    [job] = jobs("exchange.deliver")
    assert job.scheduled_at == failed.next_attempt_at > clock.now()
    with serving(towns.address), clock.frozen(failed.next_attempt_at):
        assert towns.deliver(towns.stuttgart, letter).state == "delivered"
    assert [state for state, _ in towns.outcomes] == ["failed", "delivered"]


def test_an_offline_receiver_is_left_alone_as_long_as_it_asks(towns: Towns, letter: UUID, endpoint: str) -> None:
    set_offline(towns.munich, True)
    before = clock.now()
    failed = towns.deliver(towns.stuttgart, letter)
    assert failed.next_attempt_at - before >= timedelta(seconds=policy().offline_retry_after)
    assert failed.problem == "unavailable"


def test_a_message_that_is_not_due_is_left_alone(towns: Towns, letter: UUID, endpoint: str) -> None:
    set_offline(towns.munich, True)
    towns.deliver(towns.stuttgart, letter)
    assert towns.deliver(towns.stuttgart, letter).attempts == 1


def test_a_trouble_is_told_once_however_often_it_is_met(towns: Towns, letter: UUID) -> None:
    for hour in range(3):
        with clock.frozen(clock.now() + hour * HOURS):
            towns.deliver(towns.stuttgart, letter)
    assert [(state, detail["code"]) for state, detail in towns.outcomes] == [("failed", "unavailable")]


def test_patience_ends_in_a_dead_letter_that_can_be_replayed(towns: Towns, letter: UUID) -> None:
    with clock.frozen(clock.now() + 73 * HOURS):
        assert towns.deliver(towns.stuttgart, letter).state == "dead"
    assert towns.outcomes[-1][0] == "dead"
    assert dead_letters.replay(municipality=towns.stuttgart, letter=letter) == "delivering"
    with serving(towns.address):
        assert towns.deliver(towns.stuttgart, letter).state == "delivered"


def test_a_letter_that_is_not_dead_is_not_replayed(towns: Towns, letter: UUID) -> None:
    with pytest.raises(dead_letters.NoDeadLetter):
        dead_letters.replay(municipality=towns.stuttgart, letter=letter)


Deliver = Callable[[timedelta, type[Refusal]], Outgoing]


@pytest.fixture
def refused(towns: Towns, letter: UUID, monkeypatch: pytest.MonkeyPatch) -> Deliver:
    """Deliver so long after the start to somebody who answers with this refusal."""
    start = clock.now()

    def deliver(after: timedelta, refusal: type[Refusal]) -> Outgoing:
        def post(*_: object) -> str:
            raise refusal("no")

        monkeypatch.setattr(transport, "post", post)
        with clock.frozen(start + after):
            return towns.deliver(towns.stuttgart, letter)

    return deliver


def test_a_lasting_refusal_is_believed_when_it_lasted(towns: Towns, refused: Deliver) -> None:
    rows = [refused(minutes * HOURS / 60, UnknownKind) for minutes in (0, 30, 59, 60)]
    assert [(row.state, row.attempts) for row in rows] == [("waiting", 1), ("waiting", 2), ("waiting", 3), ("dead", 4)]
    assert {row.problem for row in rows} == {"unknown_kind"}
    assert [state for state, _ in towns.outcomes] == ["failed", "dead"]


def test_a_lasting_refusal_among_other_troubles_is_not_believed(refused: Deliver) -> None:
    for hours in range(0, 8, 2):
        assert refused(hours * HOURS, UnknownKind).state == "waiting"
        row = refused((hours + 1) * HOURS, Unavailable)
        assert (row.state, row.refused_since) == ("waiting", None)


@override_settings(EXCHANGE={"lasting_minutes": 0})
def test_how_long_a_refusal_must_last_is_a_setting(refused: Deliver) -> None:
    assert refused(timedelta(), UnknownKind).state == "dead"


def test_a_receiver_outside_the_directory_may_join_it_later(towns: Towns, endpoint: str) -> None:
    towns.munich.ags = ULM
    letter = towns.send(towns.stuttgart, towns.munich)
    assert towns.deliver(towns.stuttgart, letter).problem == "unknown_receiver"


def test_everything_fresh_of_a_case_is_delivered_at_once(towns: Towns, endpoint: str) -> None:
    letters = [towns.send(towns.stuttgart, towns.munich, reference="case-1") for _ in range(3)]
    other = towns.send(towns.stuttgart, towns.munich, reference="case-2")
    with acting_for(towns.stuttgart):
        delivery.deliver_fresh(reference="case-1")
    assert {towns.outgoing(towns.stuttgart, one).state for one in letters} == {"delivered"}
    assert towns.outgoing(towns.stuttgart, other).state == "waiting"


def test_a_message_rolled_back_was_never_sent(towns: Towns) -> None:
    with pytest.raises(ZeroDivisionError), within(towns.stuttgart):
        towns.send(towns.stuttgart, towns.munich)
        raise ZeroDivisionError
    with within(towns.stuttgart):
        assert not Outgoing.objects.exists()


def test_a_worker_killed_after_posting_does_no_harm(towns: Towns, letter: UUID, endpoint: str) -> None:
    with within(towns.stuttgart):
        row = Outgoing.objects.get(id=letter)
        ready = delivery.prepare(delivery._message(row))
    assert isinstance(ready, delivery.Ready)
    delivery._exchange(ready)  # posted, but the outcome is never written down
    assert towns.deliver(towns.stuttgart, letter).state == "delivered"
    assert len(towns.received(towns.munich)) == 1


def test_the_sweeper_takes_up_what_nobody_works_on(towns: Towns, letter: UUID, endpoint: str) -> None:
    towns.post(towns.munich, towns.seal(towns.stuttgart, towns.munich))
    lose_jobs()
    tasks.sweep(timestamp=0)
    assert (len(jobs("exchange.deliver")), len(jobs("exchange.process"))) == (0, 0)
    with clock.frozen(clock.now() + HOURS):
        tasks.sweep(timestamp=0)
    assert (len(jobs("exchange.deliver")), len(jobs("exchange.process"))) == (1, 1)


def test_the_sweeper_adds_no_job_while_another_still_waits_in_the_queue(towns: Towns, letter: UUID) -> None:
    towns.deliver(towns.stuttgart, letter)
    for hour in range(1, 4):
        with clock.frozen(clock.now() + hour * HOURS):
            tasks.sweep(timestamp=hour)
    [retry] = jobs("exchange.deliver")
    assert retry.priority == 0


def test_the_sweeper_waits_for_nobody_and_goes_on_after_a_failing_town(
    towns: Towns, letter: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = towns.send(towns.munich, towns.stuttgart)

    def sweep_two_hours_later(sweep: Callable[[], None]) -> None:
        with clock.frozen(clock.now() + 2 * HOURS):
            sweep()

    with ThreadPoolExecutor(1) as thread, within(towns.stuttgart):
        Outgoing.objects.select_for_update().get(id=letter)  # somebody works on it
        thread.submit(sweep_two_hours_later, _swept_elsewhere).result(timeout=10)
    assert [job.args["outgoing_id"] for job in jobs("exchange.deliver")] == [str(other)]

    lose_jobs()
    take_up = tasks.take_up_overdue

    def failing_in_stuttgart() -> None:
        if current_municipality() == towns.stuttgart:
            raise RuntimeError
        take_up()

    monkeypatch.setattr(tasks, "take_up_overdue", failing_in_stuttgart)
    sweep_two_hours_later(lambda: tasks.sweep(timestamp=0))
    assert [job.args["outgoing_id"] for job in jobs("exchange.deliver")] == [str(other)]


def _swept_elsewhere() -> None:
    try:
        tasks.sweep(timestamp=0)
    finally:
        connections.close_all()


@pytest.fixture
def failing(towns: Towns, endpoint: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Incoming]]:
    """A handler that writes and then fails, until the list it leaves its traces in is long enough."""
    tried: list[Incoming] = []

    def handle(message: Incoming) -> None:
        tried.append(message)
        towns.send(towns.munich, towns.stuttgart, kind="xmeld:0203")
        if len(tried) < 3:
            raise RuntimeError("the register is being maintained")

    monkeypatch.setattr(messages, "_fallback", [handle])
    towns.post(towns.munich, towns.seal(towns.stuttgart, towns.munich))
    yield tried


def test_a_failing_handler_leaves_nothing_and_is_tried_again(towns: Towns, failing: list[Incoming]) -> None:
    for _ in range(2):
        towns.process(towns.munich)
        with within(towns.munich):
            assert not Outgoing.objects.exists()
    assert towns.received(towns.munich)[0].problem == "RuntimeError"
    assert len(jobs("exchange.process")) == 3
    towns.process(towns.munich)
    towns.process(towns.munich)
    assert (towns.received(towns.munich)[0].state, len(failing)) == ("processed", 3)
    with within(towns.munich):
        assert Outgoing.objects.count() == 1


@override_settings(EXCHANGE={"process_most_attempts": 2})
def test_a_message_that_always_fails_becomes_a_dead_letter_and_whoever_waits_is_told_with_it(
    towns: Towns, failing: list[Incoming], monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[tuple[UUID | None, str, str, str]] = []

    def hear(reply_to: UUID | None, kind: str, sender: str) -> None:
        told.append((reply_to, kind, sender, towns.received(towns.munich)[0].state))

    monkeypatch.setattr(messages, "_dead_received", [])
    assert messages.on_dead_received(hear) is hear
    for _ in range(2):
        towns.process(towns.munich)
    [dead] = towns.received(towns.munich)
    assert dead.state == "dead"
    assert told == [(dead.reply_to, dead.kind, towns.stuttgart.ags, "waiting")]
    assert dead_letters.replay(municipality=towns.munich, letter=dead.id) == "processing"
    with acting_for(towns.munich):
        inbox.process(received_id=dead.id)
    assert towns.received(towns.munich)[0].state == "processed"


def test_waiting_doubles_up_to_the_longest_and_heeds_the_receiver() -> None:
    patient = Policy(retry_first=2, retry_longest=300)
    waits = [patient.wait(attempts).total_seconds() for attempts in (1, 2, 3, 100)]
    assert all(longest / 2 <= wait <= longest for wait, longest in zip(waits, (2, 4, 8, 300), strict=True))
    assert patient.wait(1, at_least=60).total_seconds() == 60
    assert patient.wait(1, at_least=10**6).total_seconds() == 300
