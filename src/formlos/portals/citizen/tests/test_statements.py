"""The statement on accessibility, the way to report a barrier, and what is said about privacy."""

from __future__ import annotations

import re

from django.test import Client

from formlos.base.tenancy import Municipality, within
from formlos.feedback import queries
from formlos.portals.citizen.tests.musterstadt import SLUG

FORM = f"/{SLUG}/barriere-melden/"
SAID = {"text": "Der Knopf ist <b>zu klein</b>.", "seite": "/pruefen/", "kontakt": "ada@example.org"}


def page(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status
    return response.content.decode()


def test_every_page_links_to_statement_privacy_and_the_report(town: Municipality, client: Client) -> None:
    start = page(client, "/")
    assert 'href="/barrierefreiheit/"' in start and 'href="/datenschutz/"' in start
    own = page(client, f"/{SLUG}/")
    for name in ("barrierefreiheit", "datenschutz", "barriere-melden"):
        assert f'href="/{SLUG}/{name}/' in own


def test_the_statement_names_state_gaps_date_contact_and_who_settles_disputes(
    town: Municipality, client: Client
) -> None:
    text = page(client, f"/{SLUG}/barrierefreiheit/")
    assert "teilweise vereinbar" in text and "Leichte Sprache und die Deutsche Gebärdensprache fehlen" in text
    assert "Selbstbewertung vom 22. November 2026" in text
    assert "01234 5670" in text and "Landeszentrum Barrierefreiheit" in text
    assert "Musterstadt" in page(client, "/barrierefreiheit/")


def test_a_statement_of_a_land_that_is_not_known_says_whom_to_ask(database: object, client: Client) -> None:
    Municipality.objects.create(ags="02000000", name="Hamburg", land="HH", slug="hamburg")
    assert "Durchsetzungsstelle Ihres Landes" in page(client, "/hamburg/barrierefreiheit/")


def test_who_reports_a_barrier_gets_a_number_under_which_the_town_reads_it(town: Municipality, client: Client) -> None:
    answer = client.post(FORM, SAID, headers={"accept-language": "tr"})
    number = re.search(r"B-\d{4}-\w{4}-\w{4}", answer.content.decode())
    with within(town):
        (one,) = queries.reports()
    assert number and one.number == number[0]
    assert (one.text, one.page, one.contact, one.language) == (*SAID.values(), "tr")


def test_a_report_without_a_word_keeps_what_was_typed(town: Municipality, client: Client) -> None:
    answer = client.post(FORM, SAID | {"text": " "})
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "Bitte schreiben Sie, was nicht geklappt hat." in text and 'value="ada@example.org"' in text


def test_the_page_a_report_is_about_is_filled_in_and_escaped(town: Municipality, client: Client) -> None:
    assert 'value="/&lt;x&gt;&quot;"' in page(client, f'{FORM}?seite=/<x>"')


def test_many_reports_from_one_place_have_to_wait(town: Municipality, client: Client) -> None:
    codes = [client.post(FORM, SAID).status_code for _again in range(6)]
    assert codes == [200] * 5 + [429]
    with within(town):
        assert len(queries.reports()) == 5


def test_what_is_said_about_privacy_names_who_is_responsible(town: Municipality, client: Client) -> None:
    assert "Musterstadt, Bürgeramt." in page(client, f"/{SLUG}/datenschutz/")
    assert "30 Tagen ohne Antwort" in page(client, "/datenschutz/")


def test_the_imprint_says_who_answers_and_what_the_operator_has_not_entered(client, town):
    town.settings["letterhead"].pop("representative", None)
    town.save()
    shown = page(client, f"/{SLUG}/impressum/")
    assert "Musterstadt" in shown and "Am Markt 1" in shown and "Noch nicht eingetragen" in shown
    assert "Dieses Impressum ist noch nicht vollständig." in shown and "<code>representative</code>" in shown
    town.settings["letterhead"] |= {
        "street": "Am Markt 1",
        "postal_code": "01234",
        "town": "Musterstadt",
        "phone": "01234 5670",
        "email": "stadt@musterstadt.example",
        "representative": "Bürgermeisterin Ida <Muster>",
    }
    town.save()
    shown = page(client, f"/{SLUG}/impressum/")
    assert "Ida &lt;Muster&gt;" in shown and "mailto:stadt@musterstadt.example" in shown
    assert "noch nicht vollständig" not in shown
    assert f'href="/{SLUG}/impressum/"' in page(client, "/impressum/")
    assert f'href="/{SLUG}/impressum/"' in page(client, f"/{SLUG}/") and 'href="/impressum/"' in page(client, "/")
