"""Objections and consents as people set them and take them back: register, sealed confirmation, page, journal."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from django.test import Client, override_settings
from tests.counters import clerk, document, heading, place, text
from tests.nodes import settled, stuttgart
from tests.people import Mover, build, person, settle

from formlos.base import clock, journal
from formlos.base.tenancy import within
from formlos.cases import queries
from formlos.identity import contacts, demo_issuer
from formlos.identity.operations import accept_assertion
from formlos.identity.queries import identity_for
from formlos.notices import consents
from formlos.notices import queries as notices
from formlos.registers.models import Lock, Residence, Resident
from formlos.registers.queries.objections import objections_of
from formlos.registers.queries.records import snapshot

pytestmark = pytest.mark.usefixtures("node")
MINE = "/meine/einwilligungen/"
NUMBERS = count(1)


def resident(vornamen: str) -> Mover:
    _dwelling, address = build(stuttgart(), street="Sperrgasse", number=str(next(NUMBERS)))
    return settle(stuttgart(), address, person(vornamen, "Wahl"))


def signed_in(mover: Mover) -> Client:
    me = Client(SERVER_NAME="localhost")
    me.post("/anmelden/demo/", {"nachweis": demo_issuer.issue(person=mover.eid, subject=mover.key)})
    return me


def subject_of(mover: Mover) -> str:
    found = identity_for(token=accept_assertion(token=demo_issuer.issue(person=mover.eid, subject=mover.key)))
    return found.subject_for(stuttgart().id)


def says(client: Client, page: Any, **answers: Any) -> Any:
    paths = re.findall(r'name="frage" value="([^"]+)"', text(page))
    return client.post(place(page), {"frage": paths} | {path: answers[path] for path in paths}, follow=True)


def decides(client: Client, page: Any, *, later: str = "", **answers: Any) -> Any:
    """Answer what is asked, add a later day in the review if there is one, and send."""
    while heading(page) != "Stimmt alles?":
        page = says(client, page, **answers)
    if later:
        page = client.get(place(page) + "gilt_erst_spaeter/", follow=True)
        page = client.post(place(page), {"frage": "gilt_erst_spaeter", "gilt_erst_spaeter": "true"}, follow=True)
        page = says(client, client.get(place(page).replace("angaben", "fragen"), follow=True), gewuenschter_tag=later)
    page = client.post(place(page), follow=True)
    settled(stuttgart())
    return page


def objects(mover: Mover, **answers: Any) -> Any:
    me = signed_in(mover)
    page = me.post(f"/{stuttgart().slug}/anliegen/uebermittlungssperren/beginnen/", follow=True)
    return me, decides(me, page, **answers)


def held(mover: Mover) -> list[tuple[str, Any, Any]]:
    with within(stuttgart()):
        found = objections_of(resident_id=mover.household[0], today=clock.today())
        return [(one.kind, one.since, one.until) for one in found]


def test_an_objection_is_entered_confirmed_under_seal_and_shown_with_since_when() -> None:
    mover, today = resident("Ida"), clock.today()
    me, page = objects(mover, vorhaben="widersprechen", sperren=["parteien", "jubilaeen"])
    assert held(mover) == [("parteien", today, None), ("jubilaeen", today, None)]
    page = me.get(place(page))
    assert "Ihr Widerspruch gegen die Weitergabe von Meldedaten" in text(page)
    (pdf,) = re.findall(r'href="(/[^"]+\.pdf)"', text(page))
    assert notices.check(me.get(pdf).content).genuine
    shown = text(me.get(MINE))
    assert f'<form method="post" action="/{stuttgart().slug}/anliegen/uebermittlungssperren/beginnen/">' in shown
    assert shown.count("Sie haben widersprochen. Es gilt seit") == 2 and "Die Weitergabe ist erlaubt." in shown


def test_an_objection_ends_on_the_day_that_the_person_names_and_can_come_back() -> None:
    mover, today = resident("Edda"), clock.today()
    objects(mover, vorhaben="widersprechen", sperren=["parteien"])
    day = today + timedelta(days=9)
    me, _page = objects(mover, vorhaben="aufheben", sperren=["parteien"], later=day.isoformat())
    assert held(mover) == [("parteien", today, day)]
    assert "Es endet am" in text(me.get(MINE))
    with clock.frozen(clock.now() + timedelta(days=10)):
        assert held(mover) == []
    objects(mover, vorhaben="widersprechen", sperren=["parteien"])
    assert held(mover) == [("parteien", today, None)]


def test_taking_back_what_was_never_objected_to_changes_nothing() -> None:
    mover = resident("Karla")
    objects(mover, vorhaben="aufheben", sperren=["religionsgesellschaft"])
    assert held(mover) == []


def test_who_is_not_in_the_register_becomes_a_clerks_question_and_loses_no_right() -> None:
    stranger = resident("Ottilie")
    stranger.eid["familienname"] = "Unbekannt"
    me, page = objects(stranger, vorhaben="widersprechen", sperren=["parteien"])
    assert heading(me.get(place(page))).startswith("Ein Mensch im Amt sucht Ihren Eintrag")


def test_a_made_up_kind_of_objection_is_refused() -> None:
    me = signed_in(resident("Leopold"))
    page: Any = me.post(f"/{stuttgart().slug}/anliegen/uebermittlungssperren/beginnen/", follow=True)
    answers = {"frage": ["vorhaben", "sperren"], "vorhaben": "widersprechen", "sperren": ["auskunftssperre"]}
    assert me.post(place(page), answers).status_code == 422
    with within(stuttgart()):
        assert not Lock.objects.filter(kind="auskunftssperre", since__isnull=False).exists()


def test_the_counter_sets_the_same_objection() -> None:
    mover, anna = resident("Wilhelmina"), clerk(stuttgart(), subject="anselm")
    counter = f"/dienst/{stuttgart().slug}/schalter/"
    page = anna.post(f"{counter}neu/uebermittlungssperren/", document(mover.eid), follow=True)
    while heading(page) != "Stimmt alles?":
        page = says(anna, page, vorhaben="widersprechen", sperren=["jubilaeen"])
    anna.post(place(page), {"geprueft": "bildschirm"})
    settled(stuttgart())
    assert [kind for kind, _since, _until in held(mover)] == ["jubilaeen"]


@pytest.fixture
def mail_leaves() -> Iterator[None]:
    with override_settings(MAIL_IS_SENT=True):
        yield


def confirms_an_address(mover: Mover) -> None:
    account = identity_for(token=accept_assertion(token=demo_issuer.issue(person=mover.eid, subject=mover.key))).sub
    contacts.propose(account, address=f"{mover.key}@example.org", language="de")
    told = contacts.proposal_of(account)
    assert told
    contacts.confirm(told[1])


def consents_in(me: Client, yes: bool) -> Any:
    return me.post(MINE, {"gemeinde": stuttgart().slug, "ja": "1" if yes else "0"})


def test_consent_to_retrieval_is_given_and_withdrawn_on_one_page_with_a_journal(mail_leaves: None) -> None:
    mover = resident("Bo")
    me, _page = objects(mover, vorhaben="widersprechen", sperren=["parteien"])
    confirms_an_address(mover)
    subject, town = subject_of(mover), stuttgart()
    assert "Sie haben nicht eingewilligt. Bescheide kommen mit der Post." in text(me.get(MINE))
    for _twice in range(2):
        assert consents_in(me, True).status_code == 302
    page = text(me.get(MINE))
    assert "Eingewilligt am" in page and "Am Tag nach dem Öffnen gilt ein Bescheid" in page
    consents_in(me, False)
    assert "Einwilligung zurückgenommen am" in text(me.get(MINE))
    with within(town):
        chain = journal.load(consents._chain(subject))
        assert [entry.kind for entry in chain.entries] == ["consent.given", "consent.withdrawn"]
        assert journal.verify(consents._chain(subject)).intact


def test_a_consent_that_could_not_work_is_not_taken_and_the_page_says_why(mail_leaves: None) -> None:
    mover = resident("Balduin")
    me, _page = objects(mover, vorhaben="widersprechen", sperren=["parteien"])
    refused = consents_in(me, True)
    assert refused.status_code == 409 and "Dafür brauchen Sie Hinweise per E-Mail" in text(refused)
    with within(stuttgart()):
        assert consents.consent_of(subject_of(mover)) == consents.Consent()


def test_without_messages_a_consent_rests_and_the_page_says_that_letters_come(mail_leaves: None) -> None:
    mover = resident("Berthold")
    me, _page = objects(mover, vorhaben="widersprechen", sperren=["parteien"])
    confirms_an_address(mover)
    consents_in(me, True)
    me.post("/meine/konto/e-mail/wahl/", {})
    assert "Zurzeit kommt trotzdem jeder Bescheid mit der Post" in text(me.get(MINE))
    with within(stuttgart()):
        stands = consents.consent_of(subject_of(mover))
    assert stands.given and not stands.works


def test_nobody_consents_for_a_town_where_they_are_unknown() -> None:
    me = signed_in(resident("Maximiliane"))
    assert consents_in(me, True).status_code == 404
    assert me.post(MINE, {"gemeinde": "nirgends", "ja": "1"}).status_code == 404
    assert Client(SERVER_NAME="localhost").get(MINE).status_code == 302


def test_who_fits_two_entries_is_told_so_instead_of_seeing_no_objections() -> None:
    mover = resident("Zita")
    me, _page = objects(mover, vorhaben="widersprechen", sperren=["parteien"])
    with within(stuttgart()):
        first = Resident.objects.get(id=mover.household[0])
        home = Residence.objects.get(resident=first)
        Resident.objects.filter(id=first.id).update(vornamen="Zita Alt")
        twin = Resident.objects.create(
            familienname="Wahl",
            vornamen=first.vornamen,
            geburtsdatum=first.geburtsdatum,
            geschlecht=first.geschlecht,
            staatsangehoerigkeit=first.staatsangehoerigkeit,
            familienstand=first.familienstand,
            suchform=first.suchform,
            recorded_at=clock.now(),
        )
        Residence.objects.create(
            resident=twin,
            dwelling=home.dwelling,
            status="alleinige",
            einzugsdatum=home.einzugsdatum,
            anmeldedatum=home.anmeldedatum,
            recorded_at=clock.now(),
        )
    page: Any = me.post(f"/{stuttgart().slug}/anliegen/uebermittlungssperren/beginnen/", follow=True)
    decides(me, page, vorhaben="widersprechen", sperren=["jubilaeen"])
    shown = text(me.get(MINE))
    assert "Im Register passt mehr als ein Eintrag zu Ihnen." in shown and "Weitergabe ist erlaubt" not in shown


def test_an_objection_taken_back_is_in_no_record_and_one_that_begins_later_begins_with_the_next() -> None:
    mover, today = resident("Walburga"), clock.today()
    later = today + timedelta(days=20)
    objects(mover, vorhaben="widersprechen", sperren=["parteien"], later=later.isoformat())
    assert held(mover) == [("parteien", later, None)]
    objects(mover, vorhaben="widersprechen", sperren=["parteien"])
    assert held(mover) == [("parteien", today, None)]
    objects(mover, vorhaben="aufheben", sperren=["parteien"])
    objects(mover, vorhaben="widersprechen", sperren=["jubilaeen"], later=later.isoformat())
    objects(mover, vorhaben="aufheben", sperren=["jubilaeen"], later=later.isoformat())
    assert held(mover) == []
    with within(stuttgart()):
        key = str(mover.household[0])
        assert snapshot(residents=[key], today=today)[key]["sperren"] == []


def test_a_case_of_objections_belongs_to_its_person() -> None:
    _me, page = objects(resident("Heinrich"), vorhaben="widersprechen", sperren=["parteien"])
    assert signed_in(resident("Friederike")).get(place(page)).status_code == 404
    with within(stuttgart()):
        assert queries.cases_of_municipality(limit=1)
