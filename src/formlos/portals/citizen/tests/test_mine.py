"""A person's own pages: cases, inbox, what cities hold, the file of it all, closing the account."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from formlos.base import clock, people
from formlos.base.tenancy import Municipality, within
from formlos.cases import queries, tasks
from formlos.identity import demo_issuer
from formlos.identity.queries import Identity
from formlos.notices import consents
from formlos.notices import operations as notices
from formlos.portals.citizen.tests.musterstadt import (
    ADA,
    NOTICE,
    SLUG,
    bring_to_decision,
    browser,
    identify_ada,
    issue_assertion,
    open_case,
)

PAGES = ("/meine/", "/meine/daten/", "/meine/daten/export.json", "/meine/konto/", "/meine/konto/schliessen/")
SOMEBODY = {"familienname": "Anders", "vornamen": "Jo", "geburtsdatum": "1980-01-01", "ausweis_art": "personalausweis"}


def read(client: Client, address: str) -> str:
    page: Any = client.get(address)
    assert page.status_code == 200
    return page.content.decode().replace("\N{NO-BREAK SPACE}", " ")


def exported(client: Client) -> dict[str, Any]:
    return json.loads(client.get("/meine/daten/export.json").content)


@pytest.fixture
def stranger(demo: None, town: Municipality) -> Client:
    """Somebody else, signed in."""
    client = browser()
    client.post("/anmelden/demo/", {"nachweis": issue_assertion(person=SOMEBODY, subject="card-2")})
    return client


@pytest.mark.parametrize("page", PAGES)
def test_own_pages_ask_for_identification_first(town: Municipality, demo: None, client: Client, page: str) -> None:
    found = client.get(page)
    assert (found.status_code, found["Location"]) == (302, "/anmelden/?weiter=" + page.replace("/", "%2F"))


def test_without_cases_the_pages_are_friendly(town: Municipality, signed_in: Client) -> None:
    page = read(signed_in, "/meine/")
    assert "Gerade wartet nichts auf Sie." in page and "Noch keine Post." in page and "Abgeschlossen" not in page
    assert "Sie haben noch keinen Vorgang begonnen." in read(signed_in, "/meine/daten/")
    assert exported(signed_in)["towns"] == []


def test_an_open_case_leads_to_where_it_goes_on(case: UUID, signed_in: Client) -> None:
    page = read(signed_in, "/meine/")
    assert "Sie sind dran." in page and f'href="/{SLUG}/vorgang/{case}/fragen/"' in page


@pytest.mark.parametrize("address", ["/", f"/{SLUG}/"])
def test_the_first_pages_tell_who_is_signed_in_where_to_go_on(
    case: UUID, signed_in: Client, client: Client, address: str
) -> None:
    assert "Weiter, wo Sie waren" in read(signed_in, address)
    assert "Weiter, wo Sie waren" not in read(browser(), address)


def test_a_finished_case_is_listed_below(decided: UUID, signed_in: Client) -> None:
    page = read(signed_in, "/meine/")
    assert page.index("Gerade wartet nichts auf Sie.") < page.index("Abgeschlossen") < page.index(str(decided))
    assert "Weiter, wo Sie waren" not in read(signed_in, "/")


def test_the_inbox_has_the_newest_document_first(town: Municipality, case: UUID, signed_in: Client) -> None:
    with within(town):
        made = [
            notices.issue(
                case_id=case,
                effect_id=f"e{days}",
                layout="meldebestaetigung",
                arguments=NOTICE | {"person": NOTICE["person"] | {"vornamen": name}},
                at=clock.now() + timedelta(days=days),
                written_on=date(2026, 3, 4),
            )
            for days, name in enumerate(["Ada", "Bea"])
        ]
    page = read(signed_in, "/meine/")
    assert page.index(str(made[1].id)) < page.index(str(made[0].id))
    link = f"/{SLUG}/vorgang/{case}/{made[0].id}.pdf"
    assert link in page and signed_in.get(link).status_code == 200


def test_strangers_see_nothing_of_it(decided: UUID, stranger: Client) -> None:
    for page in PAGES[:3]:
        content = stranger.get(page).content.decode()
        assert str(decided) not in content and "Groß" not in content
    assert stranger.get(f"/{SLUG}/vorgang/{decided}/").status_code == 404


def test_my_data_tells_each_fact_with_its_origin_and_each_question_with_its_answer(
    decided: UUID, signed_in: Client
) -> None:
    page = read(signed_in, "/meine/daten/")
    assert "Aus Ihrem Ausweis" in page and "Lindenweg 3, 12345 Musterstadt" in page
    assert "Baumkataster Musterstadt hat geantwortet" in page
    assert "§ 3 Baumsatzung" in page and "Marktplatz" in page and "Bo" in page
    assert "weil kein Vorgang Ihren Eintrag im Register sicher bestimmt hat" in page


def test_a_protected_person_leaves_no_trace_anywhere(decided: UUID, signed_in: Client) -> None:
    for page in PAGES[:3]:
        content = signed_in.get(page).content.decode()
        assert not re.search(r"Verborgen|Cäcilie|(?<![</])\bh2\b|2 Einträge", content), page


def test_the_file_has_everything_and_is_kept_by_nobody(decided: UUID, signed_in: Client) -> None:
    answer = signed_in.get("/meine/daten/export.json")
    assert answer["Content-Type"] == "application/json" and answer["Cache-Control"] == "no-store"
    assert answer["Content-Disposition"].startswith('attachment; filename="meine-daten-')
    found = json.loads(answer.content)
    assert (found["format"], found["version"]) == ("formlos-my-data", 1)
    [town] = found["towns"]
    [case] = town["cases"]
    assert (town["ags"], case["id"], case["state"]) == ("08111000", str(decided), "closed")
    facts = {fact["path"]: fact for fact in case["facts"]}
    assert facts["standort"]["value"] == "Marktplatz" and facts["familienname"]["basis"] == "§ 2 Baumsatzung"
    [answered] = [one for one in case["exchanges"] if one["kind"] == "answered"]
    assert answered["asked"] == {"standort": "Marktplatz"} and answered["told"]["helfer/h1/vornamen"] == "Bo"
    assert case["decision"]["goals"] == {"patenschaft_ist_zu_vergeben": True}


def test_a_weak_identification_reads_no_details(decided: UUID, client: Client) -> None:
    weak = demo_issuer.issue(person=ADA, subject="card-1", level="basic")
    client.post("/anmelden/demo/", {"nachweis": weak})
    page = read(client, "/meine/")
    assert "Zum Ansehen weisen Sie sich bitte mit Ihrem Online-Ausweis aus." in page and str(decided) not in page
    assert "1 Vorgang zeigen wir nur" in read(client, "/meine/daten/")
    [town] = exported(client)["towns"]
    assert (town["cases"], town["cases_not_exported"]) == ([], 1)


def test_a_draft_to_be_erased_is_announced_in_the_inbox(case: UUID, signed_in: Client) -> None:
    with clock.frozen(clock.now() + timedelta(days=23)):
        tasks.look_after_drafts(timestamp=0)
    page = read(signed_in, "/meine/")
    assert "Ihr Entwurf „Baumpatenschaft übernehmen“ wird am" in page
    with clock.frozen(clock.now() + timedelta(days=30)):
        tasks.look_after_drafts(timestamp=0)
    assert "Gerade wartet nichts auf Sie." in read(signed_in, "/meine/")
    assert signed_in.get(f"/{SLUG}/vorgang/{case}/").status_code == 404


def test_looking_at_the_account_closes_nothing(case: UUID, signed_in: Client) -> None:
    assert 'href="/meine/konto/schliessen/"' in read(signed_in, "/meine/konto/")
    assert signed_in.post("/meine/konto/").status_code == 405
    page = read(signed_in, "/meine/konto/schliessen/")
    assert "Das lässt sich nicht rückgängig machen." in page and "Baumpatenschaft" in page
    assert signed_in.get("/meine/").status_code == 200


def test_closing_the_account_needs_the_form_of_this_site(town: Municipality, assertion: str) -> None:
    strict = browser(enforce_csrf_checks=True)
    assert strict.post("/meine/konto/schliessen/").status_code == 403


def test_closing_the_account_erases_drafts_keeps_decisions_and_ends_every_visit(
    town: Municipality, decided: UUID, ada: Identity, signed_in: Client
) -> None:
    draft, elsewhere = open_case(town, ada), browser()
    elsewhere.post("/anmelden/demo/", {"nachweis": issue_assertion(person=ADA, subject="card-1")})
    answer = signed_in.post("/meine/konto/schliessen/")
    assert answer["Location"] == "/meine/konto/geschlossen/"
    assert "Ihr Konto ist geschlossen" in read(signed_in, "/meine/konto/geschlossen/")
    assert signed_in.get("/meine/").status_code == elsewhere.get("/meine/").status_code == 302
    with within(town):
        assert queries.state_of(draft).opened == {} and queries.state_of(draft).ended == "withdrawn"
        assert queries.state_of(decided).decision
    assert identify_ada().subject_for(town.id) != ada.subject_for(town.id)


def test_closing_the_account_leaves_what_was_sent(
    town: Municipality, case: UUID, ada: Identity, signed_in: Client
) -> None:
    from formlos.cases import operations

    actor = f"person:{ada.subject_for(town.id)}"
    with within(town):
        operations.record_answers(case_id=case, values={"standort": "Marktplatz"}, actor=actor)
        operations.send_review(case_id=case, actor=actor)
    signed_in.post("/meine/konto/schliessen/")
    with within(town):
        assert queries.state_of(case).reviewed and not queries.state_of(case).ended


def test_english_pages_speak_english(case: UUID, town: Municipality, ada: Identity, signed_in: Client) -> None:
    signed_in.post("/sprache/", {"language": "en"})
    assert "Go on where you were" in read(signed_in, "/meine/")
    bring_to_decision(town, case, ada)
    assert "What we asked others, and the answers" in read(signed_in, "/meine/daten/")


def test_the_file_holds_the_consents_with_their_history(
    town: Municipality, case: UUID, ada: Identity, signed_in: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    (before,) = exported(signed_in)["towns"]
    assert before["consents"] == []
    monkeypatch.setitem(people._reach, "reachable", lambda subject: True)
    subject = ada.subject_for(town.id)
    with within(town):
        consents.set_consent(subject=subject, given=True)
        consents.set_consent(subject=subject, given=False)
        consents.set_consent(subject=subject, given=True)
    (one,) = exported(signed_in)["towns"][0]["consents"]
    assert (one["kind"], one["norm"], one["given"], one["works"]) == (
        "retrieve_acts_here",
        "§ 41 Abs. 2a VwVfG",
        True,
        True,
    )
    assert [said["given"] for said in one["history"]] == [True, False, True]
    assert one["since"] == one["history"][-1]["at"]
    assert exported(signed_in)["messages"] == {"address": "", "proposed": "", "wanted": False}
