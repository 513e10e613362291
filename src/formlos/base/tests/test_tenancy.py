"""The wall between municipalities, tried as role app through models and through plain SQL."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from formlos.base import blobs, keys
from formlos.base.models import Blob, JournalEntry, JournalPayload
from formlos.base.rows import tenant_models
from formlos.base.tenancy import NoMunicipality, OtherMunicipality, acting_for, within


def test_a_query_without_context_raises(database, stuttgart):
    with pytest.raises(NoMunicipality):
        Blob.objects.count()


def test_plain_sql_without_context_raises(database, stuttgart):
    with within(stuttgart):
        blobs.put(b"x")
    with pytest.raises(DatabaseError, match="no municipality is set"):
        connection.cursor().execute("SELECT * FROM base_blob")


def test_a_job_outside_a_transaction_is_refused_by_the_database(database, stuttgart):
    with within(stuttgart):
        blobs.put(b"x")
    with acting_for(stuttgart), pytest.raises(DatabaseError, match="no municipality is set"):
        list(Blob.objects.all())


def test_rows_of_one_town_do_not_exist_for_another(database, stuttgart, munich):
    with within(stuttgart):
        digest = blobs.put(b"geheim")
    with within(munich):
        assert Blob.objects.count() == 0
        with pytest.raises(blobs.BlobMissing):
            blobs.get(digest)


def test_writing_a_row_for_another_town_is_refused(database, stuttgart, munich):
    with pytest.raises(DatabaseError, match="row-level security"), within(stuttgart):
        Blob.objects.create(municipality=munich, digest="sha256:1", content=b"x")


def test_moving_a_row_to_another_town_is_refused(database, stuttgart, munich):
    with pytest.raises(DatabaseError, match="row-level security"), within(stuttgart):
        blobs.put(b"x")
        Blob.objects.update(municipality=munich)


def test_a_reference_into_another_town_is_refused(database, stuttgart, munich):
    with within(stuttgart):
        entry = JournalEntry.objects.create(
            chain=stuttgart.id, sequence=1, kind="k", at="2026-01-01T00:00Z", actor="a",
            payload_digest="d", previous="p", hash="h",
        )  # fmt: skip
    with pytest.raises(IntegrityError), within(munich):
        JournalPayload.objects.create(entry_id=entry.id, salt=b"s", content=b"c")


def test_one_transaction_serves_one_town(database, stuttgart, munich):
    with within(stuttgart), pytest.raises(OtherMunicipality), within(munich):
        pass


def test_nested_blocks_of_one_town_are_one_transaction(database, stuttgart):
    with pytest.raises(RuntimeError), within(stuttgart):
        with within(stuttgart):
            blobs.put(b"x")
        raise RuntimeError
    with within(stuttgart):
        assert Blob.objects.count() == 0


def test_the_context_ends_with_its_transaction(database, stuttgart):
    with within(stuttgart):
        pass
    with transaction.atomic(), pytest.raises(DatabaseError, match="no municipality is set"):
        connection.cursor().execute("SELECT app_municipality()")


def test_keys_of_one_town_are_not_found_by_another(database, stuttgart, munich):
    with within(stuttgart):
        key = keys.create(purpose="sign")
        assert keys.active(purpose="sign").kid == key.kid
    with within(munich), pytest.raises(keys.NoKey):
        keys.by_kid(key.kid)


def test_the_private_key_survives_the_way_through_the_database(database, stuttgart):
    with within(stuttgart):
        created = keys.create(purpose="encrypt")
        read = keys.active(purpose="encrypt").private_key()
        assert read.private_numbers() == created.private_key().private_numbers()


def test_every_tenant_table_is_walled(database, as_owner):
    with as_owner() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relrowsecurity")
        walled = {name for (name,) in cursor.fetchall()}
    assert {model._meta.db_table for model in tenant_models()} <= walled
