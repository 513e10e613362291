"""Journals: chained, provable, erasable; app cannot change what was written."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, connection

from formlos.base import clock, daily, journal, keys
from formlos.base.ids import new_id
from formlos.base.models import JournalEntry
from formlos.base.tenancy import within

ACTOR = "person:p1"


def _written(town, *payloads):
    chain_id = new_id()
    with within(town):
        chain = journal.load(chain_id)
        for payload in payloads:
            chain.append("facts.asserted", payload, actor=ACTOR)
        chain.save()
    return chain_id


def test_a_chain_is_read_back_in_order_and_verifies(database, stuttgart):
    chain_id = _written(stuttgart, {"a": 1}, {"b": "zwei"})
    with within(stuttgart):
        entries = journal.load(chain_id).entries
        assert [entry.payload for entry in entries] == [{"a": 1}, {"b": "zwei"}]
        assert journal.verify(chain_id) == journal.Verification(2, (), ())


def test_app_can_neither_change_nor_delete_an_entry(database, stuttgart):
    _written(stuttgart, {"a": 1})
    for forbidden in ("UPDATE base_journalentry SET actor = 'x'", "DELETE FROM base_journalpayload"):
        with pytest.raises(DatabaseError, match="permission denied"), within(stuttgart):
            connection.cursor().execute(forbidden)


def test_an_altered_payload_is_found(database, stuttgart, as_owner):
    chain_id = _written(stuttgart, {"a": 1}, {"b": 2})
    with as_owner() as cursor:
        cursor.execute("UPDATE base_journalpayload SET content = %s WHERE content = %s", [b'{"b":3}', b'{"b":2}'])
    with within(stuttgart):
        assert journal.verify(chain_id).broken == (2,)


def test_a_missing_entry_is_found(database, stuttgart, as_owner):
    chain_id = _written(stuttgart, {"a": 1}, {"b": 2}, {"c": 3})
    with as_owner() as cursor:
        cursor.execute("DELETE FROM base_journalpayload WHERE content = %s", [b'{"b":2}'])
        cursor.execute("DELETE FROM base_journalentry WHERE chain = %s AND sequence = 2", [chain_id])
    with within(stuttgart):
        assert not journal.verify(chain_id).intact


def test_an_erased_payload_is_told_apart_from_a_broken_one(database, stuttgart):
    chain_id = _written(stuttgart, {"name": "Erika"}, {"b": 2})
    with within(stuttgart):
        journal.erase(chain_id, sequences=[1], norm="Art. 17 DSGVO", actor="clerk:anna")
    with within(stuttgart):
        found = journal.verify(chain_id)
        assert (found.broken, found.erased) == ((), (1,))
        entries = journal.load(chain_id).entries
        assert entries[0].payload is None
        assert entries[-1].payload == {"norm": "Art. 17 DSGVO", "sequences": [1]}


def test_a_payload_that_vanished_without_an_erasing_entry_is_broken(database, stuttgart, as_owner):
    chain_id = _written(stuttgart, {"a": 1})
    with as_owner() as cursor:
        cursor.execute("DELETE FROM base_journalpayload")
    with within(stuttgart):
        assert journal.verify(chain_id).broken == (1,)


def test_erasing_another_towns_journal_is_refused(database, stuttgart, munich):
    chain_id = _written(stuttgart, {"a": 1})
    with within(munich):
        own = journal.load(new_id())
        entry = own.append(journal.ERASED, {"sequences": [1], "norm": "§"}, actor="clerk:m")
        own.save()
        connection.cursor().execute("SELECT erase_journal_payloads(%s, %s)", [entry.id, [1]])
    with within(stuttgart):
        assert journal.verify(chain_id) == journal.Verification(1, (), ())


def test_a_chain_cannot_fork(database, stuttgart):
    chain_id = _written(stuttgart, {"a": 1})
    with within(stuttgart):
        first, second = journal.load(chain_id), journal.load(chain_id)
        first.append("x", {}, actor=ACTOR)
        second.append("y", {}, actor=ACTOR)
        first.save()
    with pytest.raises(DatabaseError), within(stuttgart):
        second.save()


def test_the_root_of_a_day_covers_every_head_and_is_sealed_once(database, stuttgart):
    yesterday = datetime.now(UTC) - timedelta(days=1)
    with clock.frozen(yesterday):
        with within(stuttgart):
            keys.create(purpose="seal", not_after=yesterday + timedelta(days=90))
        chain_id = _written(stuttgart, {"a": 1})
        day = clock.today()
    with within(stuttgart):
        sealed = daily.seal_day(day=day)
        assert sealed.heads == 1
        assert daily.seal_day(day=day) == sealed
        assert sealed.root == journal.merkle_root([(chain_id, journal.load(chain_id).entries[-1].hash)])
        assert daily.published_roots() == [sealed]


def test_today_cannot_be_sealed_yet(database, stuttgart):
    with within(stuttgart), pytest.raises(ValueError, match="not over"):
        daily.seal_day(day=clock.today())


def test_entries_of_another_town_do_not_exist(database, stuttgart, munich):
    _written(stuttgart, {"a": 1})
    with within(munich):
        assert JournalEntry.objects.count() == 0
