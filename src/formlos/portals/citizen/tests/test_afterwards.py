"""After sending: something is wrong, the refusal of a correction arrives, an objection to it, and how all that is told."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.core import mail
from django.test import Client, override_settings

from formlos.base import clock
from formlos.base.tenancy import Municipality, acting_for, within
from formlos.cases import linking, operations, queries, serving, tasks
from formlos.catalogue.operations import adopt, publish
from formlos.config.environment import PROJECT
from formlos.identity import contacts, demo_issuer, hints
from formlos.identity.queries import Identity
from formlos.notices import operations as notices
from formlos.notices.queries import letters_to_post, notices_of
from formlos.portals.citizen.tests.musterstadt import ADA, SLUG, browser

REASON = "Der Baum steht nachweislich auf dem Marktplatz."
FRIDAY = datetime(2026, 3, 6, 9, tzinfo=clock.BERLIN)


@pytest.fixture(autouse=True)
def friday() -> Iterator[None]:
    """The town is founded, and everything begins, on 6 March 2026."""
    with clock.frozen(FRIDAY):
        yield


@pytest.fixture
def services(town: Municipality) -> None:
    """Musterstadt offers corrections and objections, too."""
    with within(town):
        for name in ("berichtigung", "widerspruch"):
            adopt(document=publish(folder=PROJECT / "services" / name))


@pytest.fixture
def post() -> Iterator[list[Any]]:
    mail.outbox = []
    with override_settings(EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend", MAIL_IS_SENT=True):
        yield mail.outbox


def read(client: Client, address: str, status: int = 200) -> str:
    page: Any = client.get(address, follow=address.endswith("fragen/"))
    assert page.status_code == status, page.status_code
    return page.content.decode().replace("\N{NO-BREAK SPACE}", " ")


def at(case: UUID, rest: str = "") -> str:
    return f"/{SLUG}/vorgang/{case}/{rest}"


def case_in(location: str) -> UUID:
    found = re.search(r"/vorgang/([0-9a-f-]{36})/", location)
    assert found
    return UUID(found.group(1))


def run_jobs(town: Municipality, case: UUID) -> None:
    """What a worker does after the commit."""
    with acting_for(town):
        tasks.go_on(case_id=str(case))


def correct(client: Client, decided: UUID) -> UUID:
    """Say on the page of the case that the place of the tree is wrong, what is right, and send it."""
    begun: Any = client.post(at(decided, "falsch/"), {"angabe": "standort"})
    correction = case_in(begun["Location"])
    assert "Was ist richtig?" in read(client, begun["Location"])
    client.post(at(correction, "fragen/"), {"frage": "richtig", "richtig": "Er steht am Bahnhof."})
    client.post(at(correction, "angaben/"))
    return correction


def answer(town: Municipality, case: UUID, **values: Any) -> None:
    with acting_for(town):
        for path, value in values.items():
            operations.answer_question(case_id=case, path=path, value=value, reason="geprüft", clerk="amtfrau")


def refuse(town: Municipality, correction: UUID) -> UUID:
    """The clerk finds the entry right; returns the refusing notice."""
    answer(town, correction, ergebnis_der_pruefung="richtig_eingetragen", ablehnungsgrund=REASON)
    run_jobs(town, correction)
    with within(town):
        return next(one.id for one in notices_of(correction) if one.is_act)


def object_to(client: Client, correction: UUID, notice: UUID) -> UUID:
    begun: Any = client.post(at(correction, f"{notice}/rechtsbehelf/"))
    objection = case_in(begun["Location"])
    client.post(at(objection, "angaben/"))
    return objection


def test_what_was_picked_is_still_picked_after_identifying_more_strongly_for_the_correction(town, services, decided):
    client = browser()
    for level in ("substantial", "high"):
        token = demo_issuer.issue(person=ADA, subject="card-1", level=level)
        client.post("/anmelden/demo/", {"nachweis": token})
        if level == "substantial":
            up = client.post(at(decided, "falsch/"), {"angabe": "standort"})
            way = at(decided, "falsch/").replace("/", "%2F")
            assert up["Location"] == f"/anmelden/?weiter={way}&stufe=high"
    page = read(client, at(decided, "falsch/"))
    assert re.search(r'value="standort" id="a\d+" checked', page)
    assert "Sie haben sich ausgewiesen. Ihre Eingaben stehen noch da" in page
    assert "Was ist richtig?" in read(client, client.post(at(decided, "falsch/"), {"angabe": "standort"})["Location"])


def test_what_is_wrong_after_the_decision_becomes_a_case_of_its_own(town, services, decided, signed_in):
    page = read(signed_in, at(decided))
    assert "Etwas ist falsch" in page
    choices = read(signed_in, at(decided, "falsch/"))
    assert "Standort des Baums: Marktplatz" in choices and "Verborgen" not in choices
    correction = correct(signed_in, decided)
    with within(town):
        facts = queries.state_of(correction).facts
        (asked,) = queries.clerk_questions()
    assert (facts["angabe"].value, facts["bisher"].value) == ("Standort des Baums", "Marktplatz")
    assert facts["angabe"].supplier.startswith("Vorgang BAU-")
    assert (asked.case, asked.path) == (correction, "ergebnis_der_pruefung")
    assert "Daraus entstanden" in read(signed_in, at(decided))
    assert "Damit fing es an" in read(signed_in, at(correction))
    run_jobs(town, correction)
    assert "Ihr Antrag auf Berichtigung ist eingegangen" in read(signed_in, at(correction))


def test_nothing_picked_says_so_and_what_is_not_there_cannot_be_picked(services, decided, signed_in):
    for told in ({}, {"angabe": "../../x"}, {"angabe": "helfer/h2/familienname"}):
        page: Any = signed_in.post(at(decided, "falsch/"), told)
        assert page.status_code == 422 and "Bitte wählen Sie aus" in page.content.decode()


def test_saying_the_same_twice_leads_to_the_same_case(services, decided, signed_in):
    first, second = (signed_in.post(at(decided, "falsch/"), {"angabe": "standort"}) for _ in range(2))
    assert case_in(first["Location"]) == case_in(second["Location"])


def test_a_granted_correction_is_told_and_is_no_act(town, services, decided, signed_in):
    correction = correct(signed_in, decided)
    answer(town, correction, ergebnis_der_pruefung="berichtigt", richtiger_text="Bahnhof")
    run_jobs(town, correction)
    page = read(signed_in, at(correction))
    assert "Wir haben die Angabe berichtigt" in page and "Frist" not in page
    assert "Widerspruch erheben" not in page
    with within(town):
        (told,) = [one for one in notices_of(correction) if one.layout == "berichtigung"]
        assert letters_to_post() == []
    words = read(signed_in, at(correction, f"{told.id}/"))
    assert "diese Plattform ändert solche Angaben nicht selbst" in words and "Bahnhof" in words
    assert "Andere Stellen haben wir nicht unterrichtet." in words


def test_a_correction_may_undo_the_whole_case(town, services, decided, signed_in):
    correction = correct(signed_in, decided)
    answer(town, correction, ergebnis_der_pruefung="rueckgaengig")
    with acting_for(town):
        tasks.reverse(case_id=str(decided), reason="Berichtigung")
        assert queries.case_for_staff(decided).state == "reversed"


def test_a_refusal_goes_by_letter_and_its_month_begins_with_the_post(town, services, decided, signed_in):
    with clock.frozen(FRIDAY):
        notice = refuse(town, correction := correct(signed_in, decided))
        page = read(signed_in, at(correction))
        assert "Die Frist beginnt erst mit dem Brief." in page
        with within(town):
            assert [one.id for one in letters_to_post()] == [notice]
            notices.note_posted(notice_id=notice)
        page = read(signed_in, at(correction))
        assert "Mit der Post abgesandt am 6. März 2026." in page
        assert "Gilt als bekannt gegeben am 10. März 2026 (§ 41 Abs. 2 Satz 1 LVwVfG)." in page
        assert "Widerspruch ist möglich bis 10. April 2026" in page
        assert "Gilt als bekannt gegeben am 10. März 2026" in read(signed_in, "/meine/")
    words = read(signed_in, at(correction, f"{notice}/"))
    assert REASON in words
    assert "innerhalb eines Monats nach Bekanntgabe Widerspruch erhoben werden bei: Musterstadt, Am Markt 1" in words


def test_an_objection_is_raised_with_the_notice_and_remedied_by_deciding_anew(town, services, decided, signed_in):
    with clock.frozen(FRIDAY):
        notice = refuse(town, correction := correct(signed_in, decided))
        with within(town):
            notices.note_posted(notice_id=notice)
    with clock.frozen(FRIDAY + timedelta(days=35)):  # 10 April, the last day
        client = signed_in_again(signed_in)
        assert "Widerspruch ist möglich bis 10. April 2026" in read(client, at(correction, f"{notice}/rechtsbehelf/"))
        objection = object_to(client, correction, notice)
        page = read(client, at(objection))
        assert "Ihr Widerspruch ist da. Ein Mensch im Amt prüft ihn." in page
        assert "Ihre Berichtigung wird abgelehnt" in page and "Damit fing es an" in page
        run_jobs(town, objection)
        assert "Ihr Widerspruch ist eingegangen" in read(client, at(objection))
        with within(town):
            state = queries.state_of(objection)
            (asked,) = [one for one in queries.clerk_questions() if one.case == objection]
        assert asked.path == "widerspruch_ist_begruendet"
        known = state.facts["bekanntgegeben_am"]
        assert (known.value, known.source) == ("2026-03-10", "bescheid")
        assert known.supplier == "Ihre Berichtigung wird abgelehnt, 06.03.2026"
        answer(town, objection, widerspruch_ist_begruendet=True)
        run_jobs(town, objection)
        with acting_for(town):
            for _ in range(2):  # safe to run twice
                tasks.decide_anew(case_id=str(correction), about=str(objection), reason="Abhilfe nach § 72 VwGO")
            assert queries.case_for_staff(correction).state == "reversed"
            (anew,) = [one for one in linking.linked_cases(correction) if one.relation == linking.ANEW]
            questions = [(one.case, one.path) for one in queries.clerk_questions()]
        assert questions == [(anew.case, "ergebnis_der_pruefung")]
        assert "Ihr Widerspruch hat Erfolg." in read(client, at(objection))
        assert "Wir helfen Ihrem Widerspruch ab" in read(client, at(objection))
        assert "Zurückgenommen: bitte nicht mehr verwenden." in read(client, at(correction))
        answer(town, anew.case, ergebnis_der_pruefung="berichtigt", richtiger_text="Bahnhof")
        assert "Sie hatten recht" in read(client, at(anew.case))


def signed_in_again(client: Client) -> Client:
    from formlos.portals.citizen.tests.musterstadt import ADA, issue_assertion

    client.post("/anmelden/demo/", {"nachweis": issue_assertion(person=ADA, subject="card-1")})
    return client


def test_an_objection_that_is_not_remedied_goes_on_to_the_next_authority(town, services, decided, signed_in):
    notice = refuse(town, correction := correct(signed_in, decided))
    objection = object_to(signed_in, correction, notice)
    answer(town, objection, widerspruch_ist_begruendet=False)
    run_jobs(town, objection)
    page = read(signed_in, at(objection))
    assert "Jetzt entscheidet die Widerspruchsbehörde." in page
    assert "simuliert: sie ist hier nicht angeschlossen" in page and "Wir geben Ihren Widerspruch ab" in page
    assert read(signed_in, at(correction))  # the notice stands
    with within(town):
        assert queries.case_for_staff(correction).state == "closed"


def test_a_late_objection_is_asked_why_and_a_clerk_judges_it(town, services, decided, signed_in):
    with clock.frozen(FRIDAY):
        notice = refuse(town, correction := correct(signed_in, decided))
        with within(town):
            notices.note_posted(notice_id=notice)
    with clock.frozen(FRIDAY + timedelta(days=38)):  # Monday, 13 April
        client = signed_in_again(signed_in)
        page = read(client, at(correction, f"{notice}/rechtsbehelf/"))
        assert "Die Frist für den Widerspruch endete am 10. April 2026" in page and "Die Frist ist vorbei." in page
        begun: Any = client.post(at(correction, f"{notice}/rechtsbehelf/"))
        objection = case_in(begun["Location"])
        assert "Die Frist ist vorbei. Was hat Sie gehindert?" in read(client, begun["Location"])
        with acting_for(town):
            subject = queries.case_for_staff(objection)
            told = {"grund_der_verspaetung": "Krankenhaus", "hindernis_entfallen_am": "2026-04-10"}
            operations.record_answers(case_id=subject.id, values=told, actor="person:x")
        client.post(at(objection, "angaben/"))
        with within(town):
            asked = {one.path for one in queries.clerk_questions() if one.case == objection}
        assert "wiedereinsetzung_ist_zu_gewaehren" in asked


def test_where_the_land_knows_no_objection_the_page_says_what_is_open(town, services, decided, signed_in):
    Municipality.objects.filter(id=town.id).update(land="BY")
    notice = refuse(town, correction := correct(signed_in, decided))
    page = read(signed_in, at(correction, f"{notice}/rechtsbehelf/"))
    assert "Sie können gleich klagen." in page and "Widerspruch beginnen" not in page
    refused: Any = signed_in.post(at(correction, f"{notice}/rechtsbehelf/"))
    assert refused.status_code == 200 and "Sie können gleich klagen." in refused.content.decode()


def test_what_is_no_act_is_not_objected_to(town, services, decided, signed_in):
    correction = correct(signed_in, decided)
    run_jobs(town, correction)
    with within(town):
        (receipt,) = notices_of(correction)
    page = read(signed_in, at(correction, f"{receipt.id}/rechtsbehelf/"))
    assert "Widerspruch gibt es nur gegen Bescheide." in page and "01234 5670" in page


def test_nobody_objects_to_somebody_elses_notice(town, services, decided, signed_in, client):
    notice = refuse(town, correction := correct(signed_in, decided))
    from formlos.portals.citizen.tests.musterstadt import browser, issue_assertion

    stranger = browser()
    nobody = {"familienname": "Neu", "vornamen": "Ina", "geburtsdatum": "1980-01-01", "ausweis_art": "personalausweis"}
    stranger.post("/anmelden/demo/", {"nachweis": issue_assertion(person=nobody, subject="card-2")})
    assert stranger.post(at(correction, f"{notice}/rechtsbehelf/")).status_code == 404
    assert stranger.post(at(decided, "falsch/"), {"angabe": "standort"}).status_code == 404


def test_before_the_decision_what_was_sent_is_changed_and_sent_again(town, services, case, signed_in):
    signed_in.post(at(case, "fragen/"), {"frage": "standort", "standort": "Marktplatz"})
    signed_in.post(at(case, "angaben/"))
    assert "Etwas ist falsch" in read(signed_in, at(case))
    assert "Meine Angaben ändern" in read(signed_in, at(case, "falsch/"))
    taken: Any = signed_in.post(at(case, "falsch/"))
    assert taken["Location"] == at(case, "angaben/")
    with within(town):
        assert queries.clerk_questions() == []
    signed_in.post(at(case, "angaben/standort/"), {"frage": "standort", "standort": "Bahnhof"})
    signed_in.post(at(case, "angaben/"))
    with within(town):
        assert queries.state_of(case).facts["standort"].value == "Bahnhof"
        assert [one.path for one in queries.clerk_questions()] == ["baum_ist_frei"]


def consent(client: Client, ada: Identity, post: list[Any]) -> None:
    """Ada gives an address and agrees on the one page for that to retrieve acts."""
    contacts.propose(ada.sub, address="ada@example.org", language="de")
    hints.send_link(account=ada.sub)
    found = re.search(r"/meine/konto/e-mail/([\w-]+)/", post.pop().body)
    assert found
    contacts.confirm(found.group(1))
    client.post("/meine/einwilligungen/", {"gemeinde": SLUG, "ja": "1"})


def test_who_agreed_retrieves_the_act_and_the_day_after_counts(town, services, decided, signed_in, ada, post):
    consent(signed_in, ada, post)
    with clock.frozen(FRIDAY):
        notice = refuse(town, correction := correct(signed_in_again(signed_in), decided))
        hints.send(account=ada.sub)
        (message,) = post
        assert not [word for word in ("Berichtigung", "Baum", "Groß", "Musterstadt") if word in message.body]
        with within(town):
            assert letters_to_post() == []
        assert "Öffnen Sie ihn nicht bis 16. März 2026, kommt er mit der Post." in read(signed_in, at(correction))
        read(signed_in, at(correction, f"{notice}/"))
        page = read(signed_in, at(correction))
    assert "Von Ihnen geöffnet am 6. März 2026." in page
    assert "Gilt als bekannt gegeben am 7. März 2026 (§ 41 Abs. 2a LVwVfG)." in page
    with within(town):
        opened = [entry for entry in queries.journal_of(correction) if entry.kind == "notice.retrieved"]
    assert len(opened) == 1 and opened[0].actor.startswith("person:")


def test_what_is_not_retrieved_in_ten_days_is_served_again_by_letter(town, services, decided, signed_in, ada, post):
    consent(signed_in, ada, post)
    with clock.frozen(FRIDAY):
        notice = refuse(town, correction := correct(signed_in_again(signed_in), decided))
        hints.send(account=ada.sub)
        with acting_for(town):
            assert serving.serve_again() == 0
    with clock.frozen(datetime(2026, 3, 17, 5, tzinfo=clock.BERLIN)):
        client = signed_in_again(signed_in)
        with acting_for(town):
            assert serving.serve_again() == 1
            assert serving.serve_again() == 0
        with within(town):
            assert [one.id for one in letters_to_post()] == [notice]
        page = read(client, at(correction))
        assert "Er gilt noch nicht und kommt jetzt mit der Post." in page
        read(client, at(correction, f"{notice}/"), status=404)
        hints.send(account=ada.sub)
        assert len(post) == 2
        with within(town):
            notices.note_posted(notice_id=notice)
            assert notices_of(correction)[-1].effect.day == date(2026, 3, 21)
        assert REASON in read(client, at(correction, f"{notice}/"))


def test_the_page_tells_how_long_it_takes_once_enough_is_known(town, services, ada, case, signed_in):
    from formlos.cases.models import Case
    from formlos.portals.citizen.tests.musterstadt import bring_to_decision, open_case

    assert "Wie lange es dauert" not in read(signed_in, f"/{SLUG}/anliegen/baumpatenschaft/beginnen/")
    for _ in range(10):
        bring_to_decision(town, open_case(town, ada), ada)
    with within(town):
        for number, one in enumerate(Case.objects.exclude(decided_at=None).order_by("id")):
            taken = timedelta(minutes=2) if number < 5 else timedelta(hours=20)
            Case.objects.filter(id=one.id).update(decided_at=one.sent_at + taken)
    sentence = "Die Hälfte der letzten 10 Vorgänge war in 2 Minuten entschieden, 9 von 10 in 20 Stunden."
    assert sentence in read(signed_in, f"/{SLUG}/anliegen/baumpatenschaft/beginnen/")
    signed_in.post(at(case, "fragen/"), {"frage": "standort", "standort": "Marktplatz"})
    signed_in.post(at(case, "angaben/"))
    assert "Hat ein Mensch hingesehen, war die Hälfte der letzten 10" in read(signed_in, at(case))
