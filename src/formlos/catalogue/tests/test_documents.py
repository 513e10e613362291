"""Service documents cannot be changed, and a changed one is not followed."""

from __future__ import annotations

import json

import pytest
from django.db import DatabaseError, connection

from formlos.base.tenancy import within
from formlos.catalogue import operations, queries
from formlos.catalogue.models import ServiceDocument
from formlos.config.environment import PROJECT
from formlos.law import LawError
from formlos.law.canonical import digest

SERVICE = PROJECT / "services" / "auswertung"


@pytest.fixture(autouse=True)
def forgetful():
    queries._document.cache_clear()
    yield
    queries._document.cache_clear()


@pytest.mark.parametrize("statement", ["UPDATE {} SET name = 'x'", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_the_platform_adds_documents_and_reads_them_no_more(stuttgart, statement):
    document = operations.publish(folder=SERVICE)
    with pytest.raises(DatabaseError, match="permission denied"), within(stuttgart):
        connection.cursor().execute(statement.format(ServiceDocument._meta.db_table))
    assert queries.document_by_digest(document.digest).data == document.data


def test_a_document_that_was_changed_in_the_database_is_not_followed(database, as_owner):
    document = operations.publish(folder=SERVICE)
    changed = document.data | {"service": document.data["service"] | {"title": "Anderes"}}
    with as_owner() as cursor:
        cursor.execute(f"UPDATE {ServiceDocument._meta.db_table} SET data = %s", [json.dumps(changed)])
    with pytest.raises(queries.CatalogueBroken):
        queries.document_by_digest(document.digest)


def test_a_document_with_a_fitting_digest_but_of_another_shape_is_not_followed(database, as_owner):
    document = operations.publish(folder=SERVICE)
    changed = document.data | {"rules": [rule | {"body": {"op": "exec"}} for rule in document.data["rules"]]}
    with as_owner() as cursor:
        statement = f"UPDATE {ServiceDocument._meta.db_table} SET data = %s, digest = %s"
        cursor.execute(statement, [json.dumps(changed), digest(changed)])
    with pytest.raises(LawError, match="no operation"):
        queries.document_by_digest(digest(changed))
