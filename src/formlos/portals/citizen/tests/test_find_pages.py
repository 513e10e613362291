"""The one box and the lists of matters, as a browser without scripts sees them."""

from __future__ import annotations

import logging
import re
from datetime import UTC, datetime
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from formlos.base import clock
from formlos.base.tenancy import Municipality, within
from formlos.catalogue.operations import adopt, publish
from formlos.config.environment import PROJECT
from formlos.config.municipalities import add_municipality
from formlos.portals.citizen.remembered import UNDERSTOOD
from formlos.registers.models import Building, Street

FIND = "/musterstadt-08111000/finden/"
UMZUG = "/musterstadt-08111000/anliegen/umzug/"
SENTENCE = "Ich ziehe am 1. April mit meinen zwei Kindern in die Koenigstr. 5 und habe einen Hund"


@pytest.fixture
def moving_town(town: Municipality) -> Any:
    with within(town):
        adopt(document=publish(folder=PROJECT / "services" / "umzug"))
        street = Street.objects.create(name="Königstraße")
        Building.objects.create(street=street, hausnummer="5", postleitzahl="12345", ort="Musterstadt")
    with clock.frozen(datetime(2026, 3, 10, 12, tzinfo=UTC)):
        yield town


def text(response: Any) -> str:
    return unescape(response.content.decode()).replace("\N{NO-BREAK SPACE}", " ")


def say(client: Client, sentence: str, **headers: str) -> str:
    return text(client.post(FIND, {"text": sentence}, headers=headers))


def token_in(page: str) -> str:
    found = re.search(r'name="vorschlag" value="([^"]+)"', page)
    assert found
    return found[1]


def test_a_sentence_leads_to_its_matters_with_the_facts_for_confirmation(moving_town: Any, client: Client) -> None:
    page = say(client, SENTENCE)
    assert "Umzug – Wohnung anmelden" in page
    assert "Einzug am: 1. April 2026" in page
    assert "Neue Anschrift: Königstraße 5, 12345 Musterstadt" in page
    assert "Sie schreiben „meinen zwei Kindern“" in page
    assert "Hund anmelden (Hundesteuer)" in page
    assert "Hier noch nicht online. So geht es:" in page
    assert "„Hund“" in page


def test_only_what_is_ticked_is_kept_signed_and_in_the_browser(moving_town: Any, client: Client) -> None:
    token = token_in(say(client, SENTENCE))
    response = client.post(UMZUG, {"vorschlag": token, "angabe": ["einzugsdatum"]})
    assert response.status_code == 302 and "/anmelden/" in response["Location"], "straight to identification"
    cookie = response.cookies[UNDERSTOOD]
    assert cookie["httponly"] and cookie["path"] == "/"
    page = text(client.get(UMZUG))
    assert "1. April 2026" in page
    assert "Königstraße" not in page
    client.post(UMZUG, {"vergessen": "1"})
    assert "1. April 2026" not in text(client.get(UMZUG))


def test_suggestions_that_were_forged_are_not_kept(moving_town: Any, client: Client) -> None:
    client.post(UMZUG, {"vorschlag": "gefälscht", "angabe": ["einzugsdatum"]})
    assert "Das haben Sie schon gesagt" not in text(client.get(UMZUG))
    client.cookies[UNDERSTOOD] = "gefälscht"
    assert client.get(UMZUG).status_code == 200


def tables_with(word: str) -> list[str]:
    """The tables of which a row holds this word."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute("SELECT has_table_privilege(%s, 'SELECT')", [table])
            if cursor.fetchone()[0]:
                cursor.execute(f'SELECT 1 FROM "{table}" AS line WHERE line::text LIKE %s LIMIT 1', [f"%{word}%"])
                found += [table] if cursor.fetchone() else []
    return found


def test_what_is_typed_stands_in_no_log_and_no_table(
    moving_town: Any, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        assert "Umzug" in say(client, SENTENCE + " Geheimwort")
    assert "Geheimwort" not in "".join(
        record.getMessage() for record in caplog.records if record.name != "django.db.backends"
    )
    assert "text=" not in client.get(FIND).request["QUERY_STRING"]
    with within(moving_town):
        assert tables_with("Musterstadt") and not tables_with("Geheimwort")


def test_a_street_that_the_town_does_not_have_is_said(moving_town: Any, client: Client) -> None:
    page = say(client, "Umzug in die Kaiserallee 12")
    assert "Kaiserallee 12" in page
    assert "steht nicht im Straßenverzeichnis von Musterstadt" in page


def test_moving_to_another_town_is_noticed(moving_town: Any, client: Client) -> None:
    assert "dies ist die Seite von Musterstadt" in say(client, "Ich ziehe nach Hamburg")


def test_when_nothing_fits_the_page_says_so_with_phone_and_list(moving_town: Any, client: Client) -> None:
    page = say(client, "Wie wird das Wetter morgen?")
    assert "Dazu haben wir nichts gefunden." in page
    assert "Das passt dazu" not in page
    assert 'href="tel:012345670"' in page
    assert "Alle Anliegen von A bis Z" in page


@pytest.mark.parametrize(
    ("sentence", "answer"),
    [
        ("", "Bitte schreiben Sie in ein paar Worten, worum es geht."),
        ("🐶🐶🐶", "Bitte schreiben Sie in ein paar Worten, worum es geht."),
        ("Umzug " * 900, "Das ist zu lang."),
    ],
)
def test_bad_input_is_answered_beside_the_box_and_nothing_is_lost(
    moving_town: Any, client: Client, sentence: str, answer: str
) -> None:
    response = client.post(FIND, {"text": sentence})
    assert response.status_code == 422
    assert answer in text(response)
    assert sentence.strip() in text(response)


@pytest.mark.parametrize(
    "sentence", ["<script>alert(1)</script> Umzug", '"><img src=x onerror=alert(1)> Hund', "{{ 7*7 }} Perso"]
)
def test_markup_in_a_sentence_stays_text(moving_town: Any, client: Client, sentence: str) -> None:
    raw = client.post(FIND, {"text": sentence}).content.decode()
    assert "<script>alert" not in raw
    assert "<img src=x" not in raw
    assert "49" not in re.sub(r'value="[^"]*"', "", raw)


def test_the_box_of_the_start_page_sends_on_to_the_chosen_town_with_body(moving_town: Any, client: Client) -> None:
    response = client.post("/finden/", {"text": "Umzug", "gemeinde": "musterstadt-08111000"}, follow=True)
    assert response.redirect_chain == [(FIND, 307)]
    assert "Umzug – Wohnung anmelden" in text(response)
    assert client.post("/finden/", {"text": "Umzug", "gemeinde": "nirgends"}).status_code == 404
    assert client.get("/finden/").status_code == 405


def test_without_a_choice_the_sentence_names_the_town(moving_town: Any, client: Client) -> None:
    add_municipality(ags="09162000", name="München")
    response = client.post("/finden/", {"text": "Wir ziehen von München nach Musterstadt", "gemeinde": ""})
    assert (response.status_code, response["Location"]) == (307, FIND)
    asked = client.post("/finden/", {"text": "Wir ziehen <um>", "gemeinde": ""})
    assert asked.status_code == 422
    assert "keine Gemeinde erkannt" in text(asked)
    assert "<um>" not in asked.content.decode()


def test_who_says_nothing_is_asked_for_words_and_not_for_a_town(moving_town: Any, client: Client) -> None:
    add_municipality(ags="09162000", name="München")
    asked = client.post("/finden/", {"text": " ", "gemeinde": ""})
    assert asked.status_code == 422
    assert "worum es geht" in text(asked)
    assert "Gemeinde erkannt" not in text(asked)


def test_a_frequent_matter_without_a_town_leads_to_the_choice_of_one(moving_town: Any, client: Client) -> None:
    add_municipality(ags="09162000", name="München")
    asked = client.post("/finden/", {"anliegen": "umzug", "gemeinde": "", "text": ""})
    assert asked.status_code == 200
    assert f'href="{UMZUG}"' in text(asked)
    assert "In welcher Gemeinde?" in text(asked)
    assert client.post("/finden/", {"anliegen": "nirgends", "gemeinde": ""}).status_code == 404


def test_the_match_is_the_way_on_and_the_next_try_is_folded_away(moving_town: Any, client: Client) -> None:
    page = say(client, "Wir ziehen um")
    main = re.findall(r'<(\w+)[^>]*class="kern-btn kern-btn--primary"[^>]*>', page)
    assert main == ["a"]
    assert f'class="kern-btn kern-btn--primary" href="{UMZUG}"' in page
    assert "<details" in page.partition("Nicht dabei?")[0].rpartition("</section>")[2]


def test_a_frequent_matter_needs_no_sentence(moving_town: Any, client: Client) -> None:
    response = client.post("/finden/", {"anliegen": "umzug", "gemeinde": "musterstadt-08111000"})
    assert response["Location"] == "/musterstadt-08111000/anliegen/umzug/"
    assert client.post("/finden/", {"anliegen": "../..", "gemeinde": "musterstadt-08111000"}).status_code == 404


def test_every_matter_is_listed_and_has_a_page(moving_town: Any, client: Client) -> None:
    page = text(client.get("/musterstadt-08111000/anliegen/"))
    links = set(re.findall(r'href="(/musterstadt-08111000/anliegen/[^/"]+/)"', page))
    assert len(links) > 80
    assert "Baumpatenschaft übernehmen" in page
    passport = text(client.get("/musterstadt-08111000/anliegen/reisepass/"))
    assert "Das ist hier noch nicht online" in passport
    assert "Bürgerbüro" in passport
    assert client.get("/musterstadt-08111000/anliegen/nirgends/").status_code == 404


def test_life_situations_list_their_matters(moving_town: Any, client: Client) -> None:
    page = text(client.get("/musterstadt-08111000/lebenslage/tiere/"))
    assert "Hund anmelden (Hundesteuer)" in page
    assert "Reisepass" not in page
    assert client.get("/musterstadt-08111000/lebenslage/nirgends/").status_code == 404


def test_the_finder_speaks_english(moving_town: Any, client: Client) -> None:
    page = say(client, "My dog died", **{"accept-language": "en"})
    assert "Deregistering a dog (dog tax)" in page
    assert "Not online here yet." in page


def test_a_service_without_words_of_its_own_is_found_by_its_title(town: Municipality, client: Client) -> None:
    assert "Baumpatenschaft übernehmen" in say(client, "Ich will eine Baumpatenschaft übernehmen")
