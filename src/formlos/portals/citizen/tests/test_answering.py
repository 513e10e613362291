"""The dialogue on its pages: begin, answer, correct, dispute, review, send, withdraw."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from formlos.base.tenancy import Municipality, within
from formlos.cases import queries
from formlos.portals.citizen.tests.musterstadt import SLUG, browser, issue_assertion

BEGIN = f"/{SLUG}/anliegen/baumpatenschaft/beginnen/"


def at(case: UUID, place: str) -> str:
    return f"/{SLUG}/vorgang/{case}/{place}"


def text(page: Any) -> str:
    return page.content.decode().replace("\N{NO-BREAK SPACE}", " ")


def heading(page: Any) -> str:
    found = re.search(r"<h1[^>]*>(.*?)</h1>", text(page), re.DOTALL)
    return re.sub(r"<[^>]+>", "", found[1]).strip() if found else ""


def answer(client: Client, case: UUID, value: str, place: str = "fragen/", **more: Any) -> Any:
    return client.post(at(case, place), {"frage": "standort", "standort": value}, **more)


def state(town: Municipality, case: UUID) -> Any:
    with within(town):
        return queries.state_of(case)


def test_a_service_says_what_it_takes_before_anybody_signs_in(town: Municipality, demo: None) -> None:
    page = browser().get(BEGIN)
    assert heading(page) == "Baumpatenschaft übernehmen"
    assert "ein Nutzerkonto" in text(page) and "Keine" in text(page)


def test_beginning_asks_to_sign_in_and_comes_back(town: Municipality, demo: None) -> None:
    page = browser().post(BEGIN)
    assert page.status_code == 302
    assert page["Location"].endswith("anliegen%2Fbaumpatenschaft%2Fbeginnen%2F&stufe=substantial")


def test_a_service_that_only_answers_messages_cannot_be_begun(town: Municipality, signed_in: Client) -> None:
    assert signed_in.get(f"/{SLUG}/anliegen/meldeschein/beginnen/").status_code == 404


def test_who_pressed_begin_need_not_press_it_again_after_identifying(
    town: Municipality, demo: None, assertion: str
) -> None:
    visitor = Client(headers={"host": "localhost"})
    assert visitor.post(BEGIN).status_code == 302
    visitor.post("/anmelden/demo/", {"nachweis": assertion, "weiter": BEGIN})
    page = visitor.get(BEGIN)
    assert page.status_code == 302
    assert "/fragen/?frage=" in page["Location"]
    assert visitor.get(BEGIN).status_code == 200, "only once"


def test_signing_out_leaves_nothing_for_whoever_sits_there_next(town: Municipality, signed_in: Client) -> None:
    for name in ("vorschlaege", "beginnen", "vorbereitet-08111000"):
        signed_in.cookies[name] = "x"
    page = signed_in.post("/abmelden/")
    assert all(page.cookies[name]["max-age"] == 0 for name in ("vorschlaege", "beginnen", "vorbereitet-08111000"))


def test_no_link_opens_a_case(town: Municipality, signed_in: Client) -> None:
    assert signed_in.get(BEGIN).status_code == 200
    signed_in.cookies["beginnen"] = "forged"
    assert signed_in.get(BEGIN).status_code == 200


def test_from_beginning_to_decision_each_page_leads_to_the_next(town: Municipality, signed_in: Client) -> None:
    page: Any = signed_in.post(BEGIN, follow=True)
    assert heading(page) == "Wo steht der Baum?"
    assert "Das wissen wir schon" in text(page) and "Warum fragen Sie das?" in text(page)
    law = text(signed_in.get(f"/{SLUG}/recht/baumpatenschaft/"))
    rules = re.findall(rf'href="/{SLUG}/recht/baumpatenschaft/#(r-[^"]+)"', text(page))
    assert rules and all(f'id="{rule}"' in law for rule in rules), "each rule that needs the answer is linked"
    place = page.redirect_chain[-1][0]
    page = signed_in.post(place, {"frage": "standort", "standort": "Marktplatz"}, follow=True)
    assert heading(page) == "Stimmt alles?"
    page = signed_in.post(page.redirect_chain[-1][0], follow=True)
    assert heading(page) == "Das Gartenamt sieht nach dem Baum."


def test_an_empty_answer_is_explained_where_it_was_typed_and_nothing_is_stored(
    town: Municipality, case: UUID, signed_in: Client
) -> None:
    page = answer(signed_in, case, "  ")
    assert page.status_code == 422
    assert 'href="#f-standort"' in text(page) and 'aria-invalid="true"' in text(page)
    assert "standort" not in state(town, case).facts


def test_markup_in_an_answer_stays_text(case: UUID, signed_in: Client) -> None:
    answer(signed_in, case, '<script>alert(1)</script>" onfocus="x')
    page = text(signed_in.get(at(case, "angaben/")))
    assert "<script>alert" not in page and "&lt;script&gt;" in page


def test_sending_a_form_twice_or_from_an_old_tab_loses_nothing(
    town: Municipality, case: UUID, signed_in: Client
) -> None:
    for _ in range(2):
        assert answer(signed_in, case, "Marktplatz").status_code == 302
    assert state(town, case).facts["standort"].value == "Marktplatz"
    for _ in range(2):
        assert signed_in.post(at(case, "angaben/")).status_code == 302
    late = answer(signed_in, case, "Anderswo", follow=True)
    assert heading(late) == "Das Gartenamt sieht nach dem Baum."
    assert state(town, case).facts["standort"].value == "Marktplatz"


def test_an_answer_can_be_changed_until_it_is_sent(town: Municipality, case: UUID, signed_in: Client) -> None:
    answer(signed_in, case, "Marktplatz")
    page = signed_in.get(at(case, "angaben/standort/"))
    assert 'value="Marktplatz"' in text(page)
    page = answer(signed_in, case, "Lindenweg", "angaben/standort/", follow=True)
    assert heading(page) == "Stimmt alles?" and "Lindenweg" in text(page)


def test_only_own_answers_can_be_changed(case: UUID, signed_in: Client) -> None:
    assert heading(signed_in.get(at(case, "angaben/familienname/"), follow=True)) == "Wo steht der Baum?"
    page: Any = signed_in.post(
        at(case, "angaben/familienname/"), {"frage": "familienname", "familienname": "Anders"}, follow=True
    )
    assert heading(page) == "Wo steht der Baum?"


def test_sending_too_early_leads_back_to_what_is_missing(case: UUID, signed_in: Client) -> None:
    assert heading(signed_in.post(at(case, "angaben/"), follow=True)) == "Wo steht der Baum?"


def test_what_others_said_can_be_disputed_with_a_reason(town: Municipality, case: UUID, signed_in: Client) -> None:
    page = signed_in.post(at(case, "stimmt-nicht/familienname/"), {"grund": " "})
    assert "Bitte sagen Sie kurz, was stimmt." in text(page)
    signed_in.post(at(case, "stimmt-nicht/familienname/"), {"grund": "Ich heiße Gross."})
    assert state(town, case).disputes == {"familienname": "Ich heiße Gross."}


def test_a_case_can_be_withdrawn_after_one_more_question(town: Municipality, case: UUID, signed_in: Client) -> None:
    assert heading(signed_in.get(at(case, "zuruecknehmen/"))) == "Wollen Sie das zurücknehmen?"
    assert state(town, case).ended == ""
    page: Any = signed_in.post(at(case, "zuruecknehmen/"), follow=True)
    assert "zurückgenommen" in heading(page)
    assert state(town, case).ended == "withdrawn"
    assert f'href="/{SLUG}/anliegen/baumpatenschaft/beginnen/"' in page.content.decode()


@pytest.mark.parametrize(
    "place", ["fragen/", "angaben/", "angaben/standort/", "stimmt-nicht/standort/", "zuruecknehmen/"]
)
def test_the_pages_of_somebody_elses_case_do_not_exist(case: UUID, place: str) -> None:
    stranger = browser()
    somebody = {"familienname": "Anders", "vornamen": "Jo", "geburtsdatum": "1980-01-01"}
    token = issue_assertion(person=somebody | {"ausweis_art": "personalausweis"}, subject="card-2")
    stranger.post("/anmelden/demo/", {"nachweis": token})
    assert stranger.get(at(case, place)).status_code == 404
    assert stranger.post(at(case, place), {"frage": "standort", "standort": "x", "grund": "x"}).status_code == 404


def test_the_way_back_leads_to_what_was_asked_there_with_the_answer(case: UUID, signed_in: Client) -> None:
    asked = signed_in.get(at(case, "fragen/"))["Location"]
    assert asked == at(case, "fragen/?frage=standort")
    assert "Zurück</a>" not in text(signed_in.get(asked)), "nothing was answered before"
    onward = signed_in.post(asked, {"frage": "standort", "standort": "Marktplatz"})["Location"]
    assert onward != asked
    again = signed_in.get(asked)
    assert heading(again) == "Wo steht der Baum?" and 'value="Marktplatz"' in text(again)
    assert signed_in.post(asked, {"frage": "standort", "standort": "Marktplatz"})["Location"] == onward


def test_questions_speak_the_language_that_was_chosen(case: UUID, signed_in: Client) -> None:
    signed_in.post("/sprache/", {"language": "en"})
    page = signed_in.get(at(case, "fragen/"), follow=True)
    assert heading(page) == "Where does the tree stand?" and "Why do you ask?" in text(page)
