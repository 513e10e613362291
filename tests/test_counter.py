"""The counter as people live it: prepared at home without PIN, finished where a clerk sees the identity document."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings
from tests.counters import (
    PAPER,
    answer,
    asked,
    case_of,
    clerk,
    document,
    goes_on,
    heading,
    open_for_appointments,
    place,
    staff_cookie,
    text,
)
from tests.nodes import eventually, munich, settled, stuttgart
from tests.people import demo, present

from formlos.appointments import queries as appointments
from formlos.base import clock, journal
from formlos.base.tenancy import within
from formlos.cases import operations, preparing, queries
from formlos.cases.access import Person
from formlos.identity import demo_issuer
from formlos.identity.operations import accept_assertion
from formlos.identity.queries import identity_for
from formlos.notices import queries as notices

pytestmark = pytest.mark.usefixtures("node")


def answers_for(home: Any, **more: Any) -> dict[str, Any]:
    usual = {
        "berechtigung_ist_versichert": "true",
        "einzugsdatum": clock.today().isoformat(),
        "einzug_bestaetigt": "true",
        "wohnungsnachweis": "zuordnungsmerkmal",
        "neue_anschrift": home.anschrift,
        "zuordnungsmerkmal": home.code,
        "zieht_mit": "true",
        "angegebener_wohnungsgeber": "Wohnbau Lerchenfeld eG",
    }
    return usual | more


def counter(path: str = "") -> str:
    return f"/dienst/{stuttgart().slug}/schalter/{path}"


def entries(case: Any, kind: str) -> list[Any]:
    with within(stuttgart()):
        return journal.load(case).of_kind(kind)


def prepared(home: Any, **more: Any) -> tuple[Client, Any]:
    """Somebody's browser with everything said that can be said without identity, at the review."""
    me = Client(SERVER_NAME="localhost")
    page = me.post(f"/{stuttgart().slug}/anliegen/umzug/ohne-pin/", follow=True)
    return me, goes_on(me, page, answers_for(home, **more))


def sent_at_counter(anna: Client, case: Any, **more: Any) -> Any:
    declared = {"geprueft": "ausdruck", "erklaert": ["berechtigung_ist_versichert"]}
    page = anna.post(counter(f"{case}/angaben/"), declared | more, follow=True)
    settled(stuttgart(), munich())
    return page


def test_a_tenant_without_pin_prepares_books_and_finishes_in_minutes_with_nothing_said_twice(new_home: Any) -> None:
    home, lukasz = new_home(stuttgart()), demo(munich(), "lukasz")
    open_for_appointments(stuttgart())
    answers = answers_for(home, wohnungsnachweis="upload")
    paper = SimpleUploadedFile("wohnung.pdf", PAPER, "application/pdf")
    me, said = Client(SERVER_NAME="localhost"), []
    page = me.post(f"/{stuttgart().slug}/anliegen/umzug/ohne-pin/", follow=True)
    page = goes_on(me, page, answers | {"wohnungsgeberbestaetigung": paper}, seen=said)
    assert heading(page) == "Stimmt alles?" and "Abgesendet wird am Schalter" in text(page)
    page = me.post(place(page), follow=True)
    times = re.findall(r'name="zeit" value="([^"]+)"', text(page))
    page = me.post(place(page), {"zeit": times[0]}, follow=True)
    assert heading(page).startswith("Ihr Termin: ") and "im Original" in text(page)
    code, case = re.findall(r"[2-9A-Z]{4}-[2-9A-Z]{4}", text(page))[0], case_of(page)

    anna = clerk(stuttgart())
    page = anna.post(counter(), {"zeichen": code.lower()}, follow=True)
    assert heading(page) == "Ausweis prüfen" and "Neubaugasse" not in text(page)
    assert me.get(f"/{stuttgart().slug}/vorgang/{case}/angaben/").status_code == 200
    page = anna.post(place(page), document(lukasz.eid), follow=True)
    assert me.get(f"/{stuttgart().slug}/vorgang/{case}/").status_code == 302, "the key is void"
    again: list[str] = []
    goes_on(anna, page, answers, seen=again)
    settled(stuttgart(), munich())
    goes_on(anna, anna.get(counter(f"{case}/fragen/"), follow=True), answers, seen=again)
    assert not set(said) & set(again)

    sent_at_counter(anna, case)
    page = anna.get(counter(f"{case}/"))
    assert heading(page).startswith("Jetzt sind Sie dran") and "wohnung.pdf" in text(page)
    page = anna.get(counter(f"{case}/klaeren/bestaetigung_ist_in_ordnung/"))
    refused = anna.post(place(page), {"bestaetigung_ist_in_ordnung": "true"})
    assert refused.status_code == 422
    anna.post(place(page), {"bestaetigung_ist_in_ordnung": "true", "grund": "Original lag vor"})
    settled(stuttgart(), munich())
    page = anna.get(counter(f"{case}/"))
    assert "Amtliche Meldebestätigung" in text(page)
    pdf = re.findall(rf'href="({counter()}[^"]+\.pdf)"', text(page))[0]
    assert anna.get(pdf).content.startswith(b"%PDF")
    assert len(present(stuttgart(), "Łukasz Wiśniewski")) == 1 and not present(munich(), "Łukasz Wiśniewski")
    anna.post(counter("verlassen/"))
    assert anna.get(counter(f"{case}/")).status_code == 302


def test_a_pensioner_hears_simple_language_checks_the_print_and_gets_a_letter(new_home: Any) -> None:
    home, jana = new_home(stuttgart()), demo(munich(), "jana")
    anna, answers = clerk(stuttgart()), answers_for(home)
    page = anna.get(counter("neu/umzug/"))
    page = anna.post(place(page), document(jana.eid), follow=True)
    case = case_of(page)
    page = anna.post(counter(f"{case}/lesen/"), {"leicht": "1", "gross": "1", "weiter": place(page)}, follow=True)
    assert "f-large" in text(page)
    with within(stuttgart()):
        plain = queries.view(queries.for_reading(case), "de-leicht").pages[0][0].question
    assert plain in text(page)
    goes_on(anna, page, answers)
    settled(stuttgart(), munich())
    page = goes_on(anna, anna.get(counter(f"{case}/fragen/"), follow=True), answers)
    assert heading(page) == "Stimmt alles?"
    paper = text(anna.get(counter(f"{case}/ausdruck/")))
    assert "Neubaugasse" in paper and "§ 202a" in paper and "Unterschrift" in paper

    refused = anna.post(counter(f"{case}/angaben/"), {"geprueft": "ausdruck"})
    assert refused.status_code == 422 and "nur die Person selbst" in text(refused)
    assert anna.post(counter(f"{case}/angaben/"), {"erklaert": ["berechtigung_ist_versichert"]}).status_code == 422
    assert not entries(case, "review.sent")
    sent_at_counter(anna, case)
    (sent,) = entries(case, "review.sent")
    assert sent.actor == "counter:anna" and sent.payload["noted"]["where"] == "am Schalter"
    assert [one["path"] for one in sent.payload["noted"]["declared_orally"]] == ["berechtigung_ist_versichert"]
    (checked,) = entries(case, "identity.checked")
    assert checked.payload["document"] == "personalausweis" and checked.payload["ending"] == "7T2"

    page = anna.get(counter(f"{case}/"))
    posted = re.findall(rf'action="({counter()}[^"]+/brief/)"', text(page))
    assert len(posted) == 4
    with within(stuttgart()):
        before = len(notices.letters_to_post())
    anna.post(posted[0])
    anna.post(posted[0])
    with within(stuttgart()):
        assert len(notices.letters_to_post()) == before + 1
    assert "Geht auch mit der Post" in text(anna.get(counter(f"{case}/")))


def test_an_own_case_is_opened_with_the_own_document_only_and_its_person_sees_that(new_home: Any) -> None:
    mover = demo(munich(), "jana")
    person = identity_for(token=accept_assertion(token=demo_issuer.issue(person=mover.eid, subject="karte-9")))
    with within(stuttgart()):
        work = operations.open_case(service="umzug", person=Person.of(person))
    case, anna = work.case.id, clerk(stuttgart(), subject="berta")
    stranger = document(mover.eid) | {"familienname": "Andersen"}
    refused = anna.post(counter(f"{case}/ausweis/"), stranger)
    assert refused.status_code == 422 and "Im Vorgang steht ein anderer Name" in text(refused)
    assert "Bitte vergleichen Sie Ihre Eingabe mit dem Dokument" in text(refused)
    assert entries(case, "identity.refused") and not entries(case, "counter.opened")
    page = anna.post(counter(), {"zeichen": work.case.reference}, follow=True)
    assert "Straße der bisherigen Wohnung" not in text(page), "what the case knows is not asked again"
    page = anna.post(place(page), document(mover.eid), follow=True)
    assert case_of(page) == case
    with within(stuttgart()):
        assert queries.state_of(case).facts["vertrauensniveau"].value == "high"
    me = Client(SERVER_NAME="localhost")
    me.post("/anmelden/demo/", {"nachweis": demo_issuer.issue(person=mover.eid, subject="karte-9")})
    seen = text(me.get("/meine/daten/"))
    assert "Bürgerbüro, am Schalter" in seen and work.case.reference in seen and "berta" not in seen


def test_a_landlord_who_began_at_home_goes_on_at_the_counter(new_home: Any) -> None:
    landlord = demo(munich(), "jana")
    person = identity_for(token=accept_assertion(token=demo_issuer.issue(person=landlord.eid, subject="karte-6")))
    with within(stuttgart()):
        work = operations.open_case(service="wohnungsgeberbestaetigung", person=Person.of(person))
    anna = clerk(stuttgart(), subject="lena")
    page = anna.post(counter(), {"zeichen": work.case.reference}, follow=True)
    assert "Geburtsdatum" in text(page) and landlord.eid["familienname"] not in text(page)
    refused = anna.post(place(page), document(landlord.eid) | {"geburtsdatum": "1950-01-01"})
    assert refused.status_code == 422 and "gehört der Vorgang jemand anderem" in text(refused)
    page = anna.post(place(page), document(landlord.eid), follow=True)
    assert case_of(page) == work.case.id and asked(page)


def test_guessing_a_birth_date_at_the_counter_ends_after_a_few_tries(new_home: Any) -> None:
    mover = demo(munich(), "jana")
    person = identity_for(token=accept_assertion(token=demo_issuer.issue(person=mover.eid, subject="karte-8")))
    with within(stuttgart()):
        work = operations.open_case(service="umzug", person=Person.of(person))
    guesser = clerk(stuttgart(), subject="gustav")
    wrong = document(mover.eid) | {"geburtsdatum": "1950-01-01"}
    for _guess in range(10):
        guesser.post(counter(f"{work.case.id}/ausweis/"), wrong)
    assert "Zu viele Versuche" in text(guesser.post(counter(f"{work.case.id}/ausweis/"), document(mover.eid)))


@pytest.mark.parametrize("wrong", [{"dokument": ""}, {"endung": "12345"}, {"gesehen": ""}, {"geburtsdatum": "gestern"}])
def test_an_incomplete_check_opens_nothing(wrong: dict[str, str]) -> None:
    anna = clerk(stuttgart())
    page = anna.post(counter("neu/umzug/"), document(demo(munich(), "lukasz").eid) | wrong)
    assert page.status_code == 422 and "Wiśniewski" in text(page)


def test_a_town_that_the_directory_does_not_know_needs_its_key() -> None:
    anna = clerk(stuttgart())
    sent = document(demo(munich(), "lukasz").eid) | {"ort": "Kleinkleckersdorf"}
    page = anna.post(counter("neu/umzug/"), sent)
    assert page.status_code == 422 and "Amtlicher Gemeindeschlüssel" in text(page)
    assert anna.post(counter("neu/umzug/"), sent | {"ags": "09999999"}).status_code == 302


def test_nobody_else_reaches_the_case_at_the_counter(new_home: Any) -> None:
    anna = clerk(stuttgart())
    page = anna.post(counter("neu/umzug/"), document(demo(munich(), "lukasz").eid), follow=True)
    case, there = case_of(page), place(page)
    pages = [there, counter(f"{case}/"), counter(f"{case}/angaben/"), counter(f"{case}/ausdruck/")]
    citizen = Client(SERVER_NAME="localhost")
    mover = demo(munich(), "lukasz")
    citizen.post("/anmelden/demo/", {"nachweis": demo_issuer.issue(person=mover.eid, subject="karte-7")})
    colleague = clerk(stuttgart(), subject="carla")
    elsewhere = clerk(munich(), subject="maxi")
    other_office = clerk(stuttgart(), subject="otto", office="standesamt")
    admin = clerk(stuttgart(), subject="ada", role="admin")
    for page in pages:
        assert citizen.get(page)["Location"].startswith("/dienst/anmelden/")
        assert colleague.get(page)["Location"] == counter()
        assert other_office.get(page)["Location"] == counter()
        assert elsewhere.get(page).status_code == 403
        assert elsewhere.get(page.replace(stuttgart().slug, munich().slug)).status_code == 302
        assert admin.get(page).status_code == 403
    assert citizen.get(f"/{stuttgart().slug}/vorgang/{case}/").status_code == 404
    assert elsewhere.get(f"/dienst/{munich().slug}/schalter/{case}/ausweis/").status_code == 404
    assert other_office.get(counter(f"{case}/ausweis/")).status_code == 403
    assert other_office.get(counter("neu/umzug/")).status_code == 403
    assert citizen.post(counter(f"{case}/angaben/"), {"geprueft": "ausdruck"}).status_code == 403


def test_access_ends_in_time_and_with_the_role(new_home: Any) -> None:
    from formlos.organisation.operations import dismiss

    paul = clerk(stuttgart(), subject="paul")
    page = paul.post(counter("neu/umzug/"), document(demo(munich(), "lukasz").eid), follow=True)
    there, start = place(page), clock.now()
    with clock.frozen(start + timedelta(minutes=20)):
        assert paul.get(there).status_code == 200
    with clock.frozen(start + timedelta(minutes=49)):
        assert paul.get(there).status_code == 200, "who works goes on"
    with clock.frozen(start + timedelta(minutes=80)):
        assert "Location" in paul.get(there)
    paul = clerk(stuttgart(), subject="paul")
    page = paul.post(counter("neu/umzug/"), document(demo(munich(), "lukasz").eid), follow=True)
    with within(stuttgart()):
        dismiss(issuer=demo_issuer.ISSUER, subject="paul", office="buergerbuero", role="clerk")
    assert paul.get(place(page)).status_code == 403


def test_what_is_only_prepared_is_never_sent_and_opens_in_its_own_browser_only(new_home: Any) -> None:
    me, page = prepared(new_home(stuttgart()))
    case = case_of(page)
    assert Client(SERVER_NAME="localhost").get(place(page)).status_code == 302
    with within(stuttgart()):
        assert {one.source for one in queries.state_of(case).facts.values()} <= {
            "person",
            "anschriften",
            "wohnungsgeberbestaetigungen",
        }
        with pytest.raises(operations.NotIdentified):
            operations.send_review(case_id=case, actor=preparing.PREPARER)
    assert me.post(place(page))["Location"].endswith("/termin/")
    assert me.get(f"/{munich().slug}/vorgang/{case}/angaben/").status_code == 302


def test_who_prepared_a_move_and_identifies_after_all_moves_online_with_nothing_said_twice(new_home: Any) -> None:
    home, lukasz = new_home(stuttgart()), demo(munich(), "lukasz")
    open_for_appointments(stuttgart())
    said: list[str] = []
    me = Client(SERVER_NAME="localhost")
    page = me.post(f"/{stuttgart().slug}/anliegen/umzug/ohne-pin/", follow=True)
    page = goes_on(me, page, answers_for(home), seen=said)
    case = case_of(page)
    times = re.findall(r'name="zeit" value="([^"]+)"', text(me.get(place(page).replace("angaben", "termin"))))
    me.post(place(page).replace("angaben", "termin"), {"zeit": times[0]})
    take = f"/{stuttgart().slug}/vorgang/{case}/uebernehmen/"
    assert take in text(me.get(place(page))) and "stufe=high" in me.post(take)["Location"]
    with override_settings(DEMO=True):
        me.post("/anmelden/demo/", {"nachweis": demo_issuer.issue(person=lukasz.eid, subject=lukasz.key)})
    again: list[str] = []
    goes_on(me, me.get(take, follow=True), answers_for(home), seen=again)
    own = f"/{stuttgart().slug}/vorgang/{case}/"

    def is_ready() -> bool:
        page = goes_on(me, me.get(f"{own}fragen/", follow=True), answers_for(home), seen=again)
        return bool(heading(page) == "Stimmt alles?")

    eventually(is_ready)
    assert not set(said) & set(again)
    with within(stuttgart()):
        assert appointments.of_case(case) is None
    me.post(f"{own}angaben/")
    eventually(lambda: present(stuttgart(), lukasz.name) and not present(munich(), lukasz.name))


@override_settings(DRAFT_DAYS=45)
def test_the_identity_step_offers_the_way_without_pin() -> None:
    begin = f"/{stuttgart().slug}/anliegen/umzug/beginnen/"
    somebody = Client(SERVER_NAME="localhost")
    page = somebody.post(begin, follow=True)
    link = f"/{stuttgart().slug}/anliegen/umzug/ohne-pin/"
    assert link in text(page) and link in text(somebody.get(begin))
    ways = text(somebody.get(link))
    assert "§ 20 Abs. 1 PAuswV" in ways and "PUK" in ways and "nach 45 Tagen gelöscht" in ways
    assert link not in text(somebody.get("/anmelden/?weiter=/meine/"))


def test_answers_at_the_counter_are_the_persons_own(new_home: Any) -> None:
    home, anna = new_home(stuttgart()), clerk(stuttgart())
    page = anna.post(counter("neu/umzug/"), document(demo(munich(), "lukasz").eid), follow=True)
    answer(anna, page, answers_for(home))
    case = case_of(page)
    told = [one for one in entries(case, "facts.asserted") if one.actor == "counter:anna"]
    assert told and all(one.payload["supplier"] == "Angabe der Person am Schalter" for one in told)
    assert not asked(anna.get(counter(f"{case}/")))


def test_what_a_clerk_typed_is_there_again_after_signing_in_and_for_no_colleague() -> None:
    anna, bert, typed = clerk(stuttgart()), clerk(stuttgart(), subject="bert"), "Sie heißt Kovač."
    begun = anna.post(counter("neu/umzug/"), document(demo(munich(), "jana").eid), follow=True)
    at = counter(f"{case_of(begun)}/stimmt-nicht/familienname/")
    anna.cookies.clear()
    away = anna.post(at, {"grund": typed})
    assert away["Location"] == f"/dienst/anmelden/?weiter={at.replace('/', '%2F')}"
    assert "Ihre Anmeldung ist abgelaufen" in text(anna.get(away["Location"]))
    for browser, subject in ((bert, "bert"), (anna, "anna")):
        name, value = staff_cookie(subject)
        browser.cookies[name], browser.cookies["eingaben"] = value, anna.cookies["eingaben"].value
    assert typed not in text(bert.get(at, follow=True))
    page = text(anna.get(at))
    assert f">{typed}</textarea>" in page and "Ihre Anmeldung war abgelaufen." in page
