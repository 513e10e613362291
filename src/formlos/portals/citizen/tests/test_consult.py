"""A language model proposes, to people who agree, from our own list, and the pages never wait for it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest
from django.conf import settings
from django.test import override_settings
from procrastinate.contrib.django.models import ProcrastinateJob

from formlos.base import clock
from formlos.base.tenancy import Municipality, acting_for, within
from formlos.catalogue import tasks
from formlos.catalogue.models import Consultation
from formlos.catalogue.operations import adopt, publish
from formlos.portals.citizen.tests.musterstadt import browser

SLUG = "stuttgart"
TEXT = "Mein Mops Hasso lebt nicht mehr und ich ziehe am 1. März 2027 um"
ASK = f"/{SLUG}/finden/sprachmodell/"


class LanguageModel(HTTPServer):
    """Speaks the protocol; ``says`` is the content of its answers, ``asked`` what it was sent."""

    says: Any = "{}"
    status = 200

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.asked: list[tuple[str, dict[str, str], dict[str, Any]]] = []


class _Handler(BaseHTTPRequestHandler):
    server: LanguageModel

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append((self.path, dict(self.headers), body))
        says = self.server.says
        content = says if isinstance(says, str) else json.dumps(says)
        answer = json.dumps({"choices": [{"message": {"role": "assistant", "content": content}}]}).encode()
        self.send_response(self.server.status)
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, format: str, *arguments: Any) -> None:
        return


@pytest.fixture
def town(stuttgart: Municipality) -> Municipality:
    with within(stuttgart):
        adopt(document=publish(folder=settings.SERVICES_FOLDER / "umzug"))
    return stuttgart


@pytest.fixture
def language_model(tmp_path: Any) -> Iterator[LanguageModel]:
    server = LanguageModel()
    thread = Thread(target=server.serve_forever)
    thread.start()
    key = tmp_path / "key"
    key.write_text("geheim\n")
    told = {"address": f"http://127.0.0.1:{server.server_port}/v1", "name": "klein-1", "key_file": str(key)}
    with override_settings(FINDER_MODEL=told):
        yield server
    server.shutdown()
    thread.join()
    server.server_close()


def ask(text: str = TEXT, **more: str) -> Any:
    return browser().post(ASK, {"text": text, "einverstanden": "ja"} | more)


def run_jobs(town: Municipality) -> None:
    """What a worker does."""
    for job in ProcrastinateJob.objects.filter(task_name="catalogue.ask_model"):
        with acting_for(town):
            tasks.ask_model(consultation=job.args["consultation"])


def answered(town: Municipality) -> str:
    """The page with what the model proposed."""
    way = ask()["Location"]
    run_jobs(town)
    return browser().get(way).content.decode()


def test_without_an_address_nobody_is_offered_a_model(town: Municipality) -> None:
    page = browser().post(f"/{SLUG}/finden/", {"text": TEXT}).content.decode()
    assert "Sprachmodell" not in page
    assert ask().status_code == 404


def test_the_page_says_where_the_text_would_go_and_sends_nothing_by_itself(
    town: Municipality, language_model: LanguageModel
) -> None:
    page = browser().post(f"/{SLUG}/finden/", {"text": TEXT}).content.decode()
    assert "an 127.0.0.1 gesendet" in page and TEXT in page
    assert not re.search(r'name="einverstanden"[^>]*checked', page)
    assert not language_model.asked and not ProcrastinateJob.objects.filter(task_name="catalogue.ask_model").exists()


def test_who_does_not_agree_sends_nothing(town: Municipality, language_model: LanguageModel) -> None:
    refused = ask(einverstanden="")
    assert refused.status_code == 422 and "Bitte stimmen Sie zu" in refused.content.decode()
    with within(town):
        assert not Consultation.objects.exists()


def test_a_page_never_calls_out_and_the_job_sends_the_text_and_our_list_only(
    town: Municipality, language_model: LanguageModel
) -> None:
    language_model.says = {"matters": []}
    way = ask()["Location"]
    assert not language_model.asked
    waiting = browser().get(way)
    assert waiting["Refresh"] and "Einen Moment" in waiting.content.decode()
    assert not language_model.asked
    run_jobs(town)
    [(path, headers, body)] = language_model.asked
    assert path == "/v1/chat/completions" and headers["Authorization"] == "Bearer geheim"
    assert body["model"] == "klein-1"
    assert body["messages"][1] == {"role": "user", "content": TEXT}
    assert "umzug: Umzug – Wohnung anmelden [einzugsdatum, neue_anschrift/strasse" in body["messages"][0]["content"]
    assert "nichts Passendes" in browser().get(way).content.decode()


def test_what_it_proposes_is_shown_as_a_suggestion_to_confirm(
    town: Municipality, language_model: LanguageModel
) -> None:
    language_model.says = {"matters": [{"name": "umzug", "facts": {"einzugsdatum": "2027-03-01"}}]}
    page = answered(town)
    assert "Vorschläge eines Sprachmodells" in page and "kann sich irren" in page
    assert "Umzug – Wohnung anmelden" in page and "1. März 2027" in page and "Stimmt es?" in page


@pytest.mark.parametrize(
    "says",
    [
        {"matters": [{"name": "geld-geschenkt", "facts": {}}]},
        {"matters": [{"name": "../admin"}, "umzug", 7, None]},
        {"matters": {"name": "umzug"}},
        ["umzug"],
        {},
    ],
)
def test_what_is_not_on_the_list_is_dropped(town: Municipality, language_model: LanguageModel, says: Any) -> None:
    language_model.says = says if isinstance(says, dict) else json.dumps(says)
    page = answered(town)
    assert "nichts Passendes" in page or "nicht geantwortet" in page
    assert "geld-geschenkt" not in page


@pytest.mark.parametrize(
    "facts",
    [
        {"einzugsdatum": "bald"},
        {"einzugsdatum": 7},
        {"familienname": "Böse"},
        {"anmeldung_ist_einzutragen": "true"},
        {"berechtigung_ist_versichert": "true"},
        {"neue_anschrift/strasse": "x" * 5000},
        "alle",
    ],
)
def test_facts_that_no_sentence_may_fill_are_dropped(
    town: Municipality, language_model: LanguageModel, facts: Any
) -> None:
    language_model.says = {"matters": [{"name": "umzug", "facts": facts}]}
    page = answered(town)
    assert "Umzug – Wohnung anmelden" in page and "Stimmt es?" not in page


def test_markup_in_a_proposed_value_stays_text(town: Municipality, language_model: LanguageModel) -> None:
    language_model.says = {"matters": [{"name": "umzug", "facts": {"neue_anschrift/strasse": "<script>x</script>"}}]}
    assert "<script>x" not in answered(town)


@pytest.mark.parametrize("says", ["Gerne! Ich helfe Ihnen.", "", "[" * 30_000, "x" * 100_000])
def test_an_answer_that_is_none_is_told_calmly(town: Municipality, language_model: LanguageModel, says: str) -> None:
    language_model.says = says
    assert "nicht geantwortet" in answered(town)


def test_a_model_that_is_down_or_refuses_is_told_calmly(town: Municipality, language_model: LanguageModel) -> None:
    language_model.status = 500
    assert "nicht geantwortet" in answered(town)
    told = settings.FINDER_MODEL | {"address": "http://127.0.0.1:1/v1"}
    with override_settings(FINDER_MODEL=told):
        assert "nicht geantwortet" in answered(town)


def test_an_answer_with_a_fence_around_it_is_read(town: Municipality, language_model: LanguageModel) -> None:
    language_model.says = 'Hier:\n```json\n{"matters": [{"name": "umzug"}]}\n```'
    assert "Umzug – Wohnung anmelden" in answered(town)


def test_the_text_is_sealed_until_the_job_takes_it_and_then_gone(
    town: Municipality, language_model: LanguageModel
) -> None:
    ask()
    with within(town):
        row = Consultation.objects.get()
        assert row.sealed and b"Hasso" not in bytes(row.sealed)
    assert "Hasso" not in json.dumps(ProcrastinateJob.objects.get(task_name="catalogue.ask_model").args)
    run_jobs(town)
    run_jobs(town)
    with within(town):
        assert not Consultation.objects.get().sealed
    assert len(language_model.asked) == 1


def test_everything_is_forgotten_after_ten_minutes(town: Municipality, language_model: LanguageModel) -> None:
    way = ask()["Location"]
    with clock.frozen(clock.now() + timedelta(minutes=11)):
        assert browser().get(way).status_code == 404
        tasks.forget_consultations(timestamp=0)
    with within(town):
        assert not Consultation.objects.exists()


def test_a_question_that_no_worker_took_is_given_up(town: Municipality, language_model: LanguageModel) -> None:
    way = ask()["Location"]
    with clock.frozen(clock.now() + timedelta(minutes=1)):
        assert "nicht geantwortet" in browser().get(way).content.decode()


def test_nobody_floods_the_model(town: Municipality, language_model: LanguageModel) -> None:
    assert [ask().status_code for _ in range(11)] == [302] * 10 + [429]


@pytest.mark.parametrize("text", ["", "   ", "x" * 1001])
def test_nothing_and_too_much_are_explained(town: Municipality, language_model: LanguageModel, text: str) -> None:
    assert ask(text).status_code == 422


def test_a_made_up_address_shows_nothing(town: Municipality, language_model: LanguageModel) -> None:
    assert browser().get(f"{ASK}irgendwas/").status_code == 404
