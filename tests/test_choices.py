"""Objections and consents as people set them and take them back: register, sealed confirmation, page, journal."""

from __future__ import annotations

import re
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from django.test import Client
from tests.counters import clerk, document, heading, place, text
from tests.nodes import settled, stuttgart
from tests.people import Mover, build, person, settle

from formlos.base import clock, journal
from formlos.base.tenancy import within
from formlos.cases import queries
from formlos.identity import demo_issuer
from formlos.identity.operations import accept_assertion
from formlos.identity.queries import identity_for
from formlos.notices import consents
from formlos.notices import queries as notices
from formlos.registers.models import Lock
from formlos.registers.queries.objections import objections_of

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


def test_consent_to_electronic_notices_is_given_and_withdrawn_with_a_journal() -> None:
    mover = resident("Bo")
    me, _page = objects(mover, vorhaben="widersprechen", sperren=["parteien"])
    subject, town = subject_of(mover), stuttgart()

    def stands() -> dict[str, tuple[bool, bool]]:
        with within(town):
            return {one.way: (one.given, one.since is not None) for one in consents.consents_of(subject=subject)}

    assert stands() == {"abruf": (False, False), "postfach": (True, False)}
    for way, yes in (("abruf", "1"), ("abruf", "1"), ("postfach", "0")):
        me.post(MINE, {"gemeinde": town.slug, "weg": way, "ja": yes})
    assert stands() == {"abruf": (True, True), "postfach": (False, True)}
    page = text(me.get(MINE))
    assert "Sie haben eingewilligt, am" in page and "Ausgeschlossen seit" in page
    me.post(MINE, {"gemeinde": town.slug, "weg": "abruf", "ja": "0"})
    with within(town):
        chain = journal.load(consents._chain(subject))
        assert [entry.kind for entry in chain.entries] == ["consent.given", "consent.withdrawn", "consent.withdrawn"]
        assert journal.verify(consents._chain(subject)).intact


def test_nobody_consents_for_a_town_where_they_are_unknown_or_to_a_way_that_does_not_exist() -> None:
    me = signed_in(resident("Maximiliane"))
    assert me.post(MINE, {"gemeinde": stuttgart().slug, "weg": "abruf", "ja": "1"}).status_code == 404
    assert me.post(MINE, {"gemeinde": "nirgends", "weg": "abruf", "ja": "1"}).status_code == 404
    me, _page = objects(resident("Theodor"), vorhaben="widersprechen", sperren=["parteien"])
    assert me.post(MINE, {"gemeinde": stuttgart().slug, "weg": "brieftaube", "ja": "1"}).status_code == 404
    assert Client(SERVER_NAME="localhost").get(MINE).status_code == 302


def test_a_case_of_objections_belongs_to_its_person() -> None:
    _me, page = objects(resident("Heinrich"), vorhaben="widersprechen", sperren=["parteien"])
    assert signed_in(resident("Friederike")).get(place(page)).status_code == 404
    with within(stuttgart()):
        assert queries.cases_of_municipality(limit=1)
