"""Acting for one's children on pages, and what others get when they try."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client, override_settings

from formlos.base import clock, people
from formlos.base.ids import new_id
from formlos.base.tenancy import acting_for, within
from formlos.cases import counter, drafts, linking, operations, queries, tasks
from formlos.cases.access import Person
from formlos.cases.counter import Clerk
from formlos.cases.identifying import ActsNoMore, Check, OtherPerson
from formlos.cases.models import Case
from formlos.cases.tests.conftest import elsewhere, founded, here
from formlos.cases.tests.towns import resident
from formlos.notices import consents
from formlos.notices.models import Notice
from formlos.portals.citizen.pages import acting
from formlos.portals.citizen.tests.musterstadt import browser, issue_assertion
from formlos.portals.citizen.tests.test_links import answer, signed_in, text
from formlos.registers.models import Lock, Relation, Resident
from formlos.registers.queries.demo import demo_dwellings

__all__ = ["elsewhere", "founded", "here"]


@pytest.fixture
def munich(elsewhere: Any) -> Any:
    with override_settings(DEMO=True):
        yield elsewhere


def person(town: Any, key: str) -> Client:
    return signed_in(issue_assertion(person=dict(resident(town, key).eid), subject=key))


def page_of(town: Any) -> str:
    return f"/{town.slug}/anliegen/umzug/fuer-wen/"


def child_id(town: Any, vornamen: str) -> UUID:
    with within(town):
        return Resident.objects.get(vornamen=vornamen).id


def begin_for_deniz(town: Any, client: Client) -> str:
    """The path of the child's case."""
    opened = client.post(page_of(town), {"kind": str(child_id(town, "Deniz"))})
    assert opened.status_code == 302
    return opened["Location"].partition("fragen/")[0]


def test_a_mother_opens_a_case_for_her_child(munich: Any) -> None:
    aylin = person(munich, "aylin")
    assert "Für mein Kind Deniz Çelik" in text(aylin.get(page_of(munich)))
    case = begin_for_deniz(munich, aylin)
    assert "für Deniz Çelik" in text(aylin.get("/meine/")) and "für Deniz Çelik" in text(aylin.get(case))
    with acting_for(munich):
        (line,) = queries.cases_of_municipality()
        opened = queries.journal_of(line.id)[0]
        known = {one.path: one for one in queries.case_for_staff(line.id).known}
    assert opened.payload["represented"]["name"] == "Deniz Çelik" and opened.actor.startswith("person:")
    assert known["vornamen"].value == "Deniz" and known["vornamen"].kind == "represented"
    assert known["vertretung_ist_nachgewiesen"].value is True
    assert known["vertrauensniveau"].kind == "identity"
    with within(munich):
        row = Case.objects.get()
    assert row.subject.startswith("child:") and row.representative and row.represented_until == date(2032, 1, 11)


def test_the_childs_move_asks_no_clerk_about_custody(munich: Any) -> None:
    aylin = person(munich, "aylin")
    with within(munich):
        home = demo_dwellings()[0].anschrift
    case = begin_for_deniz(munich, aylin)
    answer(aylin, f"{case}fragen/", home, wohnungsnachweis="eigentum", zieht_mit="true")
    aylin.post(f"{case}angaben/")
    with acting_for(munich):
        asked = {one.path for one in queries.clerk_questions()}
    assert "eigentum_ist_geprueft" in asked and "vertretung_ist_nachgewiesen" not in asked


def test_where_another_parent_with_custody_lives_elsewhere_a_clerk_looks(munich: Any) -> None:
    with within(munich):
        made = {"recorded_at": clock.now()}
        father, deniz = Resident.objects.get(vornamen="Łukasz"), Resident.objects.get(vornamen="Deniz")
        Relation.objects.create(kind=Relation.PARENT, resident=father, related=deniz, sorgerecht=True, **made)
    begin_for_deniz(munich, person(munich, "aylin"))
    with acting_for(munich):
        (line,) = queries.cases_of_municipality()
        known = {one.path for one in queries.case_for_staff(line.id).known}
    assert "vertretung_ist_nachgewiesen" not in known


@pytest.mark.parametrize("key", ["lukasz", "jana", "amelie"])
def test_nobody_opens_a_case_for_the_child_of_others(munich: Any, key: str) -> None:
    stranger = person(munich, key)
    found = stranger.post(page_of(munich), {"kind": str(child_id(munich, "Deniz"))})
    assert found.status_code == 422 and "Deniz" not in text(found)
    with acting_for(munich):
        assert queries.cases_of_municipality() == []


@pytest.mark.parametrize("guess", ["", "x", "01a20202-3d6e-76f4-8129-ae05bee85820", "' OR 1=1 --"])
def test_guessed_ids_open_nothing(munich: Any, guess: str) -> None:
    assert person(munich, "aylin").post(page_of(munich), {"kind": guess}).status_code == 422


def test_nobody_else_reads_or_goes_on_with_the_childs_case(munich: Any, here: Any) -> None:
    case = begin_for_deniz(munich, person(munich, "aylin"))
    jana = person(munich, "jana")
    for page in ("", "fragen/", "angaben/", "zuruecknehmen/"):
        assert jana.get(case + page).status_code == 404
    assert "Deniz" not in text(jana.get("/meine/"))
    assert browser().get(case).status_code == 302
    assert person(munich, "aylin").get(case.replace(munich.slug, here.slug)).status_code == 404


def test_a_parent_of_another_town_has_no_children_here(munich: Any, here: Any) -> None:
    aylin = person(munich, "aylin")
    there = aylin.get(page_of(here))
    assert there.status_code == 200 and "Deniz" not in text(there)
    assert aylin.post(page_of(here), {"kind": str(child_id(munich, "Deniz"))}).status_code == 422


def test_once_the_child_is_sixteen_the_parent_no_longer_sees_the_case(munich: Any) -> None:
    case = begin_for_deniz(munich, person(munich, "aylin"))
    with clock.frozen(clock.now().replace(year=2032, month=1, day=12)):
        aylin = person(munich, "aylin")
        assert "Deniz" not in text(aylin.get("/meine/")) and "Deniz" not in text(aylin.get("/meine/daten/"))
        assert aylin.get(case).status_code == 404
        assert "Deniz" not in text(aylin.get(page_of(munich)))


def test_a_protected_child_is_as_if_it_were_not_there(munich: Any) -> None:
    with within(munich):
        deniz = Resident.objects.get(vornamen="Deniz")
        made = {"recorded_at": clock.now()}
        Lock.objects.create(resident=deniz, kind=Lock.AUSKUNFTSSPERRE, **made)
    with_lock, childless = (text(person(munich, key).get(page_of(munich))) for key in ("aylin", "lukasz"))
    assert with_lock.partition("<main")[2].split("csrf")[0] == childless.partition("<main")[2].split("csrf")[0]
    tried = person(munich, "aylin").post(page_of(munich), {"kind": str(child_id(munich, "Deniz"))})
    assert tried.status_code == 422 and "Deniz" not in text(tried)


def test_who_is_not_identified_strongly_enough_signs_in_first(munich: Any) -> None:
    found = browser().get(page_of(munich))
    assert found.status_code == 302 and "stufe=high" in found["Location"]


def test_a_service_without_children_has_no_such_page(munich: Any) -> None:
    address = f"/{munich.slug}/anliegen/wohnungsgeberbestaetigung/fuer-wen/"
    assert person(munich, "aylin").get(address).status_code == 404
    with acting_for(munich), pytest.raises(operations.NotForChildren):
        child = operations.Represented(new_id(), "X", clock.today() + timedelta(days=9), "", {}, new_id())
        who = Person("a", "high", {}, "")
        operations.open_case(service="wohnungsgeberbestaetigung", child=child, person=who)


def test_looking_into_the_register_is_limited(munich: Any) -> None:
    aylin = person(munich, "aylin")
    for _look in range(acting.LOOK_UPS.most):
        aylin.get(page_of(munich))
    assert aylin.get(page_of(munich)).status_code == 429


def lose_custody(deniz: Resident) -> None:
    Relation.objects.filter(related=deniz).update(sorgerecht=False)


def bar(deniz: Resident) -> None:
    Lock.objects.create(resident=deniz, kind=Lock.AUSKUNFTSSPERRE, recorded_at=clock.now())


def send_for_deniz(town: Any, client: Client) -> str:
    """The path of the child's case, which has been sent."""
    with within(town):
        home = demo_dwellings()[0].anschrift
    case = begin_for_deniz(town, client)
    answer(client, f"{case}fragen/", home, wohnungsnachweis="eigentum", zieht_mit="true")
    client.post(f"{case}angaben/")
    return case


@pytest.mark.parametrize("happens", [bar, lose_custody])
def test_a_bar_or_lost_custody_ends_access_to_a_case_that_is_open_already(munich: Any, happens: Any) -> None:
    aylin = person(munich, "aylin")
    case = begin_for_deniz(munich, aylin)
    with within(munich):
        happens(Resident.objects.get(vornamen="Deniz"))
        id = Case.objects.get().id
    for page in ("", "fragen/", "angaben/", "zuruecknehmen/"):
        assert aylin.get(case + page).status_code == 404
    assert "Deniz" not in text(aylin.get("/meine/"))
    with acting_for(munich):
        operations.continue_case(case_id=id)
        assert not any(entry.kind == "source.answered" for entry in queries.journal_of(id))


def test_what_was_sent_before_a_bar_is_for_a_clerk_to_decide(munich: Any) -> None:
    send_for_deniz(munich, person(munich, "aylin"))
    with within(munich):
        bar(Resident.objects.get(vornamen="Deniz"))
        id = Case.objects.get().id
    with acting_for(munich):
        operations.continue_case(case_id=id)
        assert "vertretung_ist_nachgewiesen" in {one.path for one in queries.clerk_questions()}


def test_a_parent_never_reads_whether_somebody_has_a_bar(munich: Any) -> None:
    aylin = person(munich, "aylin")
    case = send_for_deniz(munich, aylin)
    assert "Schutz vor Auskünften" not in text(aylin.get(case))
    with acting_for(munich):
        (line,) = queries.cases_of_municipality()
        assert not any("auskunftssperre" in one.path for one in queries.case_for_staff(line.id).known)


def settle(town: Any) -> None:
    """What clerks do, until nothing is asked of them."""
    with acting_for(town):
        while asked := queries.clerk_questions():
            for one in asked:
                value = True if one.kind == "bool" else next(iter(one.options), "x")
                operations.answer_question(case_id=one.case, path=one.path, value=value, reason="ja", clerk="k")


def test_a_parent_corrects_a_decided_case_of_the_child(munich: Any) -> None:
    aylin = person(munich, "aylin")
    case = send_for_deniz(munich, aylin)
    settle(munich)
    assert aylin.post(f"{case}falsch/", {"angabe": "anderes"}).status_code == 302
    with within(munich):
        first, second = Case.objects.order_by("opened_at")
        assert second.service == "berichtigung"
    for name in ("subject", "representative", "represented_until"):
        assert getattr(first, name) == getattr(second, name)
    with acting_for(munich):
        known = {one.path: one.value for one in queries.case_for_staff(second.id).known}
    assert known["vornamen"] == "Deniz" and known["geburtsdatum"] == "2016-01-11"


def test_who_acts_for_a_child_is_told_of_news(munich: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setitem(people._reach, "tell", lambda subject, *, occasion: told.append(subject))
    begin_for_deniz(munich, person(munich, "aylin"))
    with within(munich):
        representative = Case.objects.get().representative
    with clock.frozen(clock.now() + timedelta(days=25)), acting_for(munich):
        drafts.look_after(silence=timedelta(days=30))
    assert told == [representative]


def test_two_presses_for_a_child_begin_one_case_and_each_child_has_its_own(munich: Any) -> None:
    aylin = person(munich, "aylin")
    first = begin_for_deniz(munich, aylin)
    assert begin_for_deniz(munich, aylin) == first
    own = aylin.post(f"/{munich.slug}/anliegen/umzug/beginnen/")["Location"]
    assert own.replace("fragen/", "") != first, "her own move is another case"
    with within(munich):
        of_child = [one.startswith("child:") for one in Case.objects.values_list("subject", flat=True)]
    assert sorted(of_child) == [False, True]
    with clock.frozen(clock.now() + timedelta(seconds=61)):
        assert begin_for_deniz(munich, person(munich, "aylin")) != first


@pytest.mark.parametrize(("consents_to_it", "way"), [(True, "portal"), (False, "post")])
def test_an_act_in_a_childs_case_takes_the_way_that_who_acts_has_chosen(
    munich: Any, monkeypatch: pytest.MonkeyPatch, consents_to_it: bool, way: str
) -> None:
    told: list[tuple[str, str]] = []
    monkeypatch.setitem(people._reach, "tell", lambda subject, *, occasion: told.append((subject, occasion)))
    monkeypatch.setitem(people._reach, "reachable", lambda subject: not subject.startswith("child:"))
    aylin = person(munich, "aylin")
    case = send_for_deniz(munich, aylin)
    settle(munich)
    assert aylin.post(f"{case}falsch/", {"angabe": "anderes"}).status_code == 302
    with within(munich):
        second = Case.objects.get(service="berichtigung")
        if consents_to_it:
            consents.set_consent(subject=second.representative, given=True)
    with acting_for(munich):
        operations.record_answers(case_id=second.id, values={"richtig": "Alles"}, actor="person:x")
        operations.send_review(case_id=second.id, actor="person:x")
        told.clear()
        refused = {"ergebnis_der_pruefung": "richtig_eingetragen", "ablehnungsgrund": "Der Eintrag ist richtig."}
        while asked := [one for one in queries.clerk_questions() if one.case == second.id]:
            for one in asked:
                value = refused[one.path]
                operations.answer_question(case_id=one.case, path=one.path, value=value, reason="ja", clerk="k")
        tasks.go_on(case_id=str(second.id))
    with within(munich):
        (act,) = [one for one in Notice.objects.filter(case_id=second.id) if one.is_act]
    assert act.way == way
    assert (f"notice:{act.id}" in [occasion for _subject, occasion in told]) is consents_to_it
    assert {subject for subject, _occasion in told} == {second.representative}


CLERK = Clerk("issuer", "anna", "buergerbuero")


def at_the_counter(town: Any, case: UUID, eid: Any, **other: str) -> Any:
    """A clerk looks at somebody's document and takes the case over."""
    seen = {name: str(eid[name]) for name in ("familienname", "vornamen", "geburtsdatum")} | other
    with acting_for(town):
        return counter.open_case_of_person(case_id=case, clerk=CLERK, check=Check("personalausweis", "", seen))


def test_the_document_of_who_acts_opens_the_childs_case_and_tells_nothing_of_the_child(munich: Any) -> None:
    begin_for_deniz(munich, person(munich, "aylin"))
    with within(munich):
        case = Case.objects.get().id
        deniz = Resident.objects.get(vornamen="Deniz")
        of_child = {name: str(getattr(deniz, name)) for name in ("familienname", "vornamen", "geburtsdatum")}
    for stranger in (of_child, resident(munich, "lukasz").eid):
        with pytest.raises(OtherPerson):
            at_the_counter(munich, case, stranger)
    at_the_counter(munich, case, resident(munich, "aylin").eid)
    with acting_for(munich):
        facts = queries.state_of(case).facts
        opened = queries.journal_of(case)[0].payload
    assert {name: facts[name].value for name in of_child} == of_child
    assert facts["ausweis_ist_vorgelegt"].value is True
    assert opened["identified"] and resident(munich, "aylin").eid["geburtsdatum"] not in str(opened)


@pytest.mark.parametrize("happens", [bar, lose_custody])
def test_who_may_act_no_more_does_not_come_in_at_the_counter(munich: Any, happens: Any) -> None:
    begin_for_deniz(munich, person(munich, "aylin"))
    with within(munich):
        case = Case.objects.get().id
        happens(Resident.objects.get(vornamen="Deniz"))
    with pytest.raises(OtherPerson):
        at_the_counter(munich, case, resident(munich, "lukasz").eid)
    with pytest.raises(ActsNoMore):
        at_the_counter(munich, case, resident(munich, "aylin").eid)


def test_a_correction_and_a_new_decision_in_the_childs_case_know_who_acts(munich: Any) -> None:
    aylin = person(munich, "aylin")
    case = send_for_deniz(munich, aylin)
    settle(munich)
    aylin.post(f"{case}falsch/", {"angabe": "anderes"})
    with within(munich):
        first, second = Case.objects.order_by("opened_at")
    at_the_counter(munich, second.id, resident(munich, "aylin").eid)
    with acting_for(munich):
        linking.decide_anew(case_id=first.id, about="x", reason="x")
        counter.leave(clerk_issuer=CLERK.issuer, clerk_subject=CLERK.subject)
    with within(munich):
        anew = Case.objects.order_by("opened_at").last()
    assert anew.id not in (first.id, second.id)
    at_the_counter(munich, anew.id, resident(munich, "aylin").eid)
