"""Files that come by the pages of the dialogue are counted by case and by address, and the refusal says which."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from formlos.base.limits import Limit
from formlos.cases import attachments
from formlos.cases.tests.conftest import elsewhere, founded, here
from formlos.dialogue import incoming
from formlos.portals.citizen.tests.test_links import answer, begin, home, people, signed_in, text

__all__ = ["elsewhere", "founded", "here", "home", "people"]
QUESTION = "wohnungsgeberbestaetigung"
TWICE = Limit("few", most=2, within=timedelta(hours=1))


@pytest.fixture
def at_the_file(here: Any, home: Any, people: Any) -> tuple[Client, str]:
    """Somebody's browser, and the page with the question for the landlord's form."""
    kaethe = signed_in(people[0])
    case = begin(kaethe, here, home).request["PATH_INFO"].partition("link/")[0]
    kaethe.post(f"{case}angaben/wohnungsnachweis/", {"frage": "wohnungsnachweis", "wohnungsnachweis": "upload"})
    return kaethe, f"{case}fragen/"


def hand_in(client: Client, page: str, content: bytes = b"no such thing", **headers: str) -> Any:
    file = SimpleUploadedFile("form.pdf", content, "application/pdf")
    return client.post(page, {"frage": QUESTION, QUESTION: file}, headers=headers)


def test_an_address_that_hands_in_very_many_files_is_told_so(
    at_the_file: tuple[Client, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    client, page = at_the_file
    monkeypatch.setattr(incoming, "FILES_OF_AN_ADDRESS", TWICE)
    assert [hand_in(client, page).status_code for _ in range(2)] == [422, 422], "refused files count"
    refused = hand_in(client, page)
    assert refused.status_code == 429 and int(refused["Retry-After"]) > 3500
    assert "Von Ihrem Internetanschluss kamen in der letzten Stunde sehr viele Dateien" in text(refused)
    assert "Mehr als zehn Dateien" not in text(refused)
    again = client.post(page, {"frage": QUESTION})
    assert again.status_code == 422 and "Bitte wählen Sie eine Datei aus" in text(again), "no file, no count"


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("de", "Zu diesem Vorgang kamen in der letzten Stunde sehr viele Dateien."),
        ("en", "Very many files came to this case in the last hour."),
    ],
)
def test_a_case_that_got_very_many_files_in_an_hour_does_not_speak_of_ten(
    at_the_file: tuple[Client, str], monkeypatch: pytest.MonkeyPatch, language: str, said: str
) -> None:
    client, page = at_the_file
    monkeypatch.setattr(attachments, "TRIES", TWICE)
    for _ in range(2):
        hand_in(client, page)
    refused = hand_in(client, page, **{"accept-language": language})
    assert refused.status_code == 429 and said in text(refused)
    assert "Mehr als zehn" not in text(refused)


def test_ten_files_are_said_where_there_are_ten(at_the_file: tuple[Client, str]) -> None:
    client, page = at_the_file
    page = page.replace("fragen/", f"angaben/{QUESTION}/")
    for number in range(10):
        assert hand_in(client, page, b"%%PDF-1.4 %d %%%%EOF" % number).status_code == 302
    refused = hand_in(client, page, b"%PDF-1.4 one more %%EOF")
    assert refused.status_code == 422 and "Mehr als zehn Dateien" in text(refused)


def test_answers_without_files_do_not_count(here: Any, home: Any, people: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(incoming, "FILES_OF_AN_ADDRESS", Limit("none", most=1, within=timedelta(hours=1)))
    kaethe = signed_in(people[0])
    started = kaethe.post(f"/{here.slug}/anliegen/umzug/beginnen/")
    page = answer(kaethe, started["Location"], home, wohnungsnachweis="eigentum", zieht_mit="true")
    assert page.status_code == 200
