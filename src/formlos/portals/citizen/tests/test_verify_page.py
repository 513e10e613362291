"""The public check of documents, with a really sealed one."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from formlos.base import clock
from formlos.base.ids import new_id
from formlos.base.models import Blob
from formlos.base.tenancy import Municipality, within
from formlos.notices import operations, queries
from formlos.portals.citizen.tests.musterstadt import NOTICE


@pytest.fixture
def notice(town: Municipality) -> tuple[UUID, bytes]:
    case = new_id()
    with within(town):
        issued = operations.issue(
            case_id=case,
            effect_id="e1",
            layout="meldebestaetigung",
            arguments=NOTICE,
            at=clock.now(),
            written_on=date(2026, 3, 4),
        )
        return issued.id, queries.pdf_of(issued.id, case_id=case)


def check(client: Client, content: bytes, name: str = "bestaetigung.pdf") -> str:
    file = BytesIO(content)
    file.name = name
    return client.post("/pruefen/", {"dokument": file}).content.decode()


def test_a_sealed_document_is_genuine(notice: tuple[UUID, bytes], client: Client) -> None:
    page = check(client, notice[1])
    assert "kern-alert--success" in page
    assert "Das Dokument trägt das Siegel von Musterstadt" in page


def test_one_altered_byte_is_found(notice: tuple[UUID, bytes], client: Client) -> None:
    content = bytearray(notice[1])
    content[len(content) // 3] ^= 1
    page = check(client, bytes(content))
    assert "Nicht echt" in page
    assert "nach dem Siegeln verändert" in page


def test_a_withdrawn_document_is_genuine_but_counts_no_more(
    town: Municipality, notice: tuple[UUID, bytes], client: Client
) -> None:
    with within(town):
        operations.revoke(notice_id=notice[0], reason="Irrtum", at=clock.now())
    page = check(client, notice[1])
    assert "Echt, aber zurückgenommen" in page
    assert "Irrtum" not in page


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"Hallo", "kein PDF-Dokument"),
        (b"%PDF-1.7\n%%EOF\n", "trägt kein Siegel"),
        (b"%PDF-1.7" + b" " * (10 * 1024 * 1024), "größer als 10 Megabyte"),
    ],
)
def test_other_files_get_one_sentence_that_says_why(
    town: Municipality, client: Client, content: bytes, sentence: str
) -> None:
    assert sentence in check(client, content)


def test_names_of_files_cannot_carry_markup(town: Municipality, client: Client) -> None:
    assert "<b>" not in check(client, b"Hallo", name="<b>x.pdf")


def test_sending_nothing_asks_for_a_file(town: Municipality, client: Client) -> None:
    page: Any = client.post("/pruefen/")
    assert page.status_code == 422
    assert "Bitte wählen Sie eine Datei aus." in page.content.decode()


def test_nothing_is_stored(town: Municipality, notice: tuple[UUID, bytes], client: Client) -> None:
    check(client, b"%PDF-1.7 geheim")
    with within(town):
        assert Blob.objects.count() == 1
