"""A person's own case, from identification to decision."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.test import Client, override_settings

from formlos.base import clock
from formlos.base.tenancy import Municipality, within
from formlos.identity.queries import Identity
from formlos.notices import operations as notices
from formlos.portals.citizen.tests.musterstadt import NOTICE, bring_to_decision, browser, issue_assertion

SOMEBODY = {"familienname": "Anders", "vornamen": "Jo", "geburtsdatum": "1980-01-01", "ausweis_art": "personalausweis"}


def address(case: UUID) -> str:
    return f"/musterstadt-08111000/vorgang/{case}/"


def read(client: Client, case: UUID) -> str:
    page: Any = client.get(address(case))
    assert page.status_code == 200
    return page.content.decode().replace("\N{NO-BREAK SPACE}", " ")


def test_without_identification_the_case_asks_for_it(case: UUID, client: Client) -> None:
    page = client.get(address(case))
    assert page.status_code == 302
    assert page["Location"].startswith("/anmelden/?weiter=")


def test_where_no_provider_is_connected_the_counter_helps(case: UUID, client: Client) -> None:
    with override_settings(DEMO=False):
        page: Any = client.get(client.get(address(case))["Location"])
    assert page.status_code == 200 and "Am Schalter" in page.content.decode()


def test_a_link_alone_does_not_sign_in(demo: None, assertion: str, client: Client) -> None:
    page = client.get("/anmelden/demo/", {"nachweis": assertion, "weiter": "/"})
    assert page.status_code == 200
    assert "identity" not in client.session


def test_signing_in_leads_to_the_case_but_never_to_another_host(assertion: str, client: Client) -> None:
    page = client.post("/anmelden/demo/", {"nachweis": assertion, "weiter": "https://boese.example/"})
    assert page["Location"] == "/"


def test_an_assertion_counts_once(signed_in: Client, assertion: str) -> None:
    page: Any = signed_in.post("/anmelden/demo/", {"nachweis": assertion})
    assert page.status_code == 401
    assert "schon benutzt" in page.content.decode()


def test_signing_in_needs_the_form_of_this_site(assertion: str) -> None:
    stranger = browser(enforce_csrf_checks=True)
    assert stranger.post("/anmelden/demo/", {"nachweis": assertion}).status_code == 403


def test_an_open_case_says_whose_turn_it_is_and_what_is_asked(case: UUID, signed_in: Client) -> None:
    page = read(signed_in, case)
    assert "Sie sind dran." in page
    assert f'href="{address(case)}fragen/"' in page
    assert "Aus Ihrem Ausweis" in page
    assert "Lindenweg 3, 12345 Musterstadt" in page


def test_a_decided_case_says_so_first_and_explains_every_rule(decided: UUID, signed_in: Client) -> None:
    page = read(signed_in, decided)
    assert "Der Baum gehört jetzt zu Ihnen.</h1>" in page
    assert "§ 2 Abs. 1 Baumsatzung" in page
    assert "Ihr Name steht im Baumkataster." in page
    assert "Holen Sie sich eine Gießkanne im Gartenamt." in page


def test_duties_come_before_offers_and_nobody_knows_who_has_not_been_told(decided: UUID, signed_in: Client) -> None:
    page = read(signed_in, decided)
    in_order = [
        "Was Sie noch tun müssen",
        "Holen Sie den Pflanzenpass ab.",
        "Wer jetzt Bescheid weiß",
        "Ihr Name steht im Baumkataster.",
        "Wer es noch erfährt",
        "Die Nachbarn erfahren es von uns.",
        "Was Sie noch tun können",
        "Holen Sie sich eine Gießkanne im Gartenamt.",
    ]
    places = [page.index(words) for words in in_order]
    assert places == sorted(places)


def test_english_pages_speak_english_of_facts_questions_states_and_effects(
    town: Municipality, case: UUID, ada: Identity, signed_in: Client
) -> None:
    signed_in.post("/sprache/", {"language": "en"})
    page = read(signed_in, case)
    assert "It is your turn.</h1>" in page and "Look after a tree" in page
    bring_to_decision(town, case, ada)
    page = read(signed_in, case)
    assert "The tree is yours now.</h1>" in page
    assert "Your name is in the register of trees." in page
    assert "Sponsors are of age." in page
    assert "Where the tree stands" in page


def test_plain_german_can_be_chosen_where_the_service_has_it(case: UUID, signed_in: Client) -> None:
    assert 'value="de-leicht"' in read(signed_in, case)
    signed_in.post("/sprache/", {"language": "de-leicht"})
    page = read(signed_in, case)
    assert "Bitte antworten Sie.</h1>" in page
    questions: Any = signed_in.get(f"{address(case)}fragen/", follow=True)
    assert "Wo ist der Baum?" in questions.content.decode()
    assert '<html lang="de"' in page
    signed_in.post("/sprache/", {"language": "de"})
    assert "Sie sind dran.</h1>" in read(signed_in, case)


def test_what_the_service_warns_of_is_said_when_it_is_so(
    town: Municipality, case: UUID, ada: Identity, signed_in: Client
) -> None:
    assert "jeden Tag Wasser" not in read(signed_in, case)
    bring_to_decision(town, case, ada)
    page = read(signed_in, case)
    assert "Dieser Baum braucht im Sommer jeden Tag Wasser." in page
    assert page.index("jeden Tag Wasser") < page.index("Paten müssen volljährig sein.")


def test_a_protected_person_leaves_no_trace(decided: UUID, signed_in: Client) -> None:
    page = read(signed_in, decided)
    assert "Bo Klein" in page
    assert "Verborgen" not in page
    assert "Cäcilie" not in page
    assert "2 Einträge" not in page


def test_a_case_is_not_found_for_anybody_else(case: UUID, assertion: str, client: Client) -> None:
    other = issue_assertion(person=SOMEBODY, subject="card-2")
    client.post("/anmelden/demo/", {"nachweis": other})
    assert client.get(address(case)).status_code == 404


def test_a_session_ends_on_demand(case: UUID, signed_in: Client) -> None:
    signed_in.post("/abmelden/")
    assert signed_in.get(address(case)).status_code == 302


def test_documents_open_for_their_person_only(town: Municipality, case: UUID, signed_in: Client) -> None:
    with within(town):
        issued = notices.issue(
            case_id=case,
            effect_id="e1",
            layout="meldebestaetigung",
            arguments=NOTICE,
            at=clock.now(),
            written_on=date(2026, 3, 4),
        )
    link = f"{address(case)}{issued.id}.pdf"
    assert link in read(signed_in, case)
    assert signed_in.get(link).content.startswith(b"%PDF-")
    assert browser().get(link).status_code == 302
