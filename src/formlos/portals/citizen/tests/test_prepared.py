"""What somebody prepares in the browser without card or PIN: found again, taken into the account after all, or erased."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client, override_settings
from django.utils.formats import date_format

from formlos.appointments import queries as appointments
from formlos.appointments.operations import book, set_hours
from formlos.base import clock, journal
from formlos.base.tenancy import Municipality, within
from formlos.cases import drafts, operations, queries
from formlos.cases.access import LevelTooLow, Person
from formlos.cases.adopting import adopt_case
from formlos.cases.counter import Clerk, open_case_of_person
from formlos.cases.identifying import Check
from formlos.cases.models import Case
from formlos.cases.preparing import new_key, prepare_case
from formlos.cases.work import NoSuchCase
from formlos.identity.queries import Identity
from formlos.portals.citizen.tests import musterstadt
from formlos.portals.citizen.tests.musterstadt import SLUG

WITHOUT = f"/{SLUG}/anliegen/baumpatenschaft/ohne-pin/"
BEGIN = f"/{SLUG}/anliegen/baumpatenschaft/beginnen/"
AFTER_ALL = "Ich habe doch einen Ausweis mit PIN"
RESUME = "Weiter, wo Sie waren"


def text(page: Any) -> str:
    return html.unescape(page.content.decode()).replace("\N{NO-BREAK SPACE}", " ")


def of(case: Any, page: str = "fragen/") -> str:
    return f"/{SLUG}/vorgang/{case}/{page}"


def prepare(browser: Client, **answers: str) -> UUID:
    response = browser.post(WITHOUT)
    case = UUID(re.findall(r"/vorgang/([-\w]+)/", response["Location"])[0])
    if answers:
        browser.post(of(case), {"frage": list(answers), **answers})
    return case


def cases(town: Municipality) -> list[Case]:
    with within(town):
        return list(Case.objects.order_by("opened_at"))


def told(town: Municipality, case: UUID) -> dict[str, Any]:
    with within(town):
        return {path: one.value for path, one in queries.state_of(case).facts.items()}


def kinds(town: Municipality, case: UUID) -> list[str]:
    with within(town):
        return [entry.kind for entry in queries.journal_of(case)]


def in_words(days: int) -> str:
    return date_format(clock.today() + timedelta(days=days), "DATE_FORMAT")


def appointment_for(town: Municipality, case: UUID) -> None:
    hours = {day: ["08:00-18:00"] for day in ("mo", "di", "mi", "do", "fr", "sa", "so")}
    with within(town):
        set_hours(office="gartenamt", hours={"hours": hours, "minutes": 30, "desks": 1, "days_ahead": 14})
        book(office="gartenamt", starts_at=appointments.free_times(office="gartenamt")[0], about="x", case_id=case)


def test_who_prepared_and_identifies_after_all_sends_online_with_nothing_said_twice(
    town: Municipality, client: Client, assertion: str
) -> None:
    case = prepare(client, standort="Marktplatz")
    appointment_for(town, case)
    for page in (of(case, "angaben/"), of(case, "termin/"), of(case, "termin/?aendern"), of(case, "angaben/standort/")):
        assert AFTER_ALL in text(client.get(page)) and of(case, "uebernehmen/") in text(client.get(page)), page
    page = client.get(of(case, "uebernehmen/"))
    assert "wird dann frei für andere" in text(page) and "Ausweisen und übernehmen" in text(page)
    away = client.post(of(case, "uebernehmen/"))
    assert away["Location"] == f"/anmelden/?weiter=%2F{SLUG}%2Fvorgang%2F{case}%2Fuebernehmen%2F&stufe=substantial"

    client.post("/anmelden/demo/", {"nachweis": assertion})
    page = client.get(of(case, "uebernehmen/"), follow=True)
    assert page.redirect_chain[-1][0] == of(case, "angaben/?uebernommen=termin")
    assert "ist jetzt in Ihrem Konto" in text(page) and "er ist abgesagt" in text(page) and "Marktplatz" in text(page)
    assert told(town, case)["familienname"] == "Groß", "what the identity tells is known"
    assert "case.adopted" in kinds(town, case)
    with within(town):
        assert appointments.of_case(case) is None
    client.post(of(case, "angaben/"))
    with within(town):
        assert queries.state_of(case).reviewed


def test_what_is_still_asked_says_that_it_is_in_the_account_now(town: Municipality, signed_in: Client) -> None:
    case = prepare(signed_in)
    page = signed_in.post(of(case, "uebernehmen/"), follow=True)
    assert page.redirect_chain[-1][0] == of(case, "fragen/?frage=standort&uebernommen")
    assert "ist jetzt in Ihrem Konto" in text(page) and "Wo steht der Baum?" in text(page)


def test_the_key_is_worthless_after_adoption(town: Municipality, client: Client, assertion: str) -> None:
    case = prepare(client, standort="Marktplatz")
    kept = {name: morsel.value for name, morsel in client.cookies.items() if name.startswith("vorbereitet")}
    client.post("/anmelden/demo/", {"nachweis": assertion})
    client.post(of(case, "uebernehmen/"))
    stranger = musterstadt.browser()
    for name, value in kept.items():
        stranger.cookies[name] = value
    assert stranger.get(of(case))["Location"].startswith("/anmelden/")
    assert stranger.post(of(case, "verwerfen/"))["Location"] == f"/{SLUG}/"
    assert stranger.post(of(case, "uebernehmen/"))["Location"] == of(case, "")
    assert cases(town)[0].state != "withdrawn"


def test_a_link_takes_nothing_over_and_says_as_whom_one_is_signed_in(town: Municipality, signed_in: Client) -> None:
    case = prepare(signed_in, standort="Marktplatz")
    page = text(signed_in.get(of(case, "uebernehmen/")))
    assert "Ausgewiesen als" in page and "Ada Groß" in page and "In mein Konto übernehmen" in page
    assert cases(town)[0].subject == ""


def test_only_who_holds_the_key_takes_over_and_never_what_a_clerk_has_checked(
    town: Municipality, ada: Identity
) -> None:
    with within(town):
        person, key = Person.of(ada), new_key()
        case = prepare_case(service="baumpatenschaft", key=key).case.id
        with pytest.raises(NoSuchCase):
            adopt_case(case_id=case, key=new_key(), person=person)
        weak = Person(person.subject, "basic", person.identity, person.issuer)
        with pytest.raises(LevelTooLow):
            adopt_case(case_id=case, key=key, person=weak)
        clerk = Clerk("https://staff.example", "anna", "gartenamt")
        open_case_of_person(case_id=case, clerk=clerk, check=Check("personalausweis", "1234", musterstadt.ADA))
        with pytest.raises(NoSuchCase):
            adopt_case(case_id=case, key=key, person=person)


def test_too_low_a_level_is_stepped_up_and_the_case_stays_prepared(town: Municipality, client: Client) -> None:
    from formlos.identity import demo_issuer

    with override_settings(DEMO=True):
        case = prepare(client, standort="Marktplatz")
        demo_issuer.enable()
        weak = demo_issuer.issue(person=musterstadt.ADA, subject="card-1", level="basic")
        client.post("/anmelden/demo/", {"nachweis": weak})
        assert "stufe=substantial" in client.post(of(case, "uebernehmen/"))["Location"]
    assert cases(town)[0].subject == ""


def test_an_own_draft_in_which_nothing_was_said_gives_way_to_what_was_prepared(
    town: Municipality, client: Client, ada: Identity, assertion: str
) -> None:
    own = musterstadt.open_case(town, ada)
    case = prepare(client, standort="Marktplatz")
    client.post("/anmelden/demo/", {"nachweis": assertion})
    assert client.post(of(case, "uebernehmen/"))["Location"].startswith(of(case, "angaben/"))
    with within(town):
        assert queries.state_of(own).ended and not queries.state_of(case).ended
        assert [one.id for one in queries.own_cases(subject=ada.subject_for(town.id))] == [case]


def test_an_own_case_in_which_something_was_said_is_led_to_and_nothing_is_lost(
    town: Municipality, client: Client, ada: Identity, assertion: str
) -> None:
    own, actor = musterstadt.open_case(town, ada), f"person:{ada.subject_for(town.id)}"
    with within(town):
        operations.record_answers(case_id=own, values={"standort": "Stadtpark"}, actor=actor)
    case = prepare(client, standort="Marktplatz")
    client.post("/anmelden/demo/", {"nachweis": assertion})
    page = client.post(of(case, "uebernehmen/"))
    assert page.status_code == 409 and "Das haben Sie schon begonnen" in text(page) and of(own) in text(page)
    assert told(town, own)["standort"] == "Stadtpark" and told(town, case)["standort"] == "Marktplatz"
    assert client.post(of(case, "uebernehmen/"), {"trotzdem": "1"})["Location"].startswith(of(case, "angaben/"))
    assert {one.subject for one in cases(town)} == {ada.subject_for(town.id)}


@pytest.mark.parametrize("page", ["/", f"/{SLUG}/", BEGIN, WITHOUT])
def test_what_is_prepared_is_found_again_with_the_day_on_which_it_is_erased(
    town: Municipality, client: Client, page: str
) -> None:
    assert RESUME not in text(client.get(page))
    case = prepare(client)
    shown = text(client.get(page))
    assert RESUME in shown and of(case) in shown and of(case, "verwerfen/") in shown
    assert f"Es wird am {in_words(30)} gelöscht" in shown and "Alle meine Vorgänge" not in shown
    assert RESUME not in text(musterstadt.browser().get(page)), "in this browser alone"


@override_settings(DRAFT_DAYS=45)
def test_the_day_moves_on_when_more_is_said_and_is_the_day_on_which_the_draft_goes(
    town: Municipality, client: Client
) -> None:
    case = prepare(client)
    start = clock.now()
    with clock.frozen(start + timedelta(days=20)):
        client.post(of(case), {"frage": "standort", "standort": "Marktplatz"})
        for page in (of(case, "angaben/"), of(case, "termin/"), of(case, "angaben/standort/"), "/"):
            assert f"Es wird am {in_words(45)} gelöscht" in text(client.get(page)), page
    with clock.frozen(start + timedelta(days=58)), within(town):
        drafts.look_after(silence=timedelta(days=45))
        assert not queries.state_of(case).ended
    with clock.frozen(start + timedelta(days=65, hours=1)), within(town):
        drafts.look_after(silence=timedelta(days=45))
        assert not journal.load(case).entries[0].payload
    assert RESUME not in text(client.get("/"))


def test_what_is_prepared_can_be_thrown_away_with_its_appointment(town: Municipality, client: Client) -> None:
    case = prepare(client, standort="Marktplatz")
    appointment_for(town, case)
    assert "wird abgesagt" in text(client.get(of(case, "verwerfen/")))
    assert cases(town)[0].state == "open", "looking erases nothing"
    page = client.post(of(case, "verwerfen/"), follow=True)
    assert "Das Vorbereitete ist gelöscht" in text(page) and RESUME not in text(page)
    with within(town):
        assert appointments.of_case(case) is None
        assert not journal.load(case).entries[0].payload
    assert not told(town, case)


def test_on_a_strange_device_it_is_forgotten_and_left_for_the_counter(town: Municipality, client: Client) -> None:
    case = prepare(client, standort="Marktplatz")
    page = client.post(of(case, "verwerfen/"), {"nur_hier": "1"}, follow=True)
    assert "Am Schalter lässt es sich noch fertig machen" in text(page) and RESUME not in text(page)
    assert told(town, case)["standort"] == "Marktplatz"


def test_pressing_prepare_twice_opens_one_case(town: Municipality, client: Client) -> None:
    client.get(WITHOUT)
    before = client.cookies.copy()
    first = prepare(client)
    client.cookies = before  # the second press left before the first was answered
    assert prepare(client) == first
    assert prepare(client) == first, "later, too: nothing has been said yet"
    assert len(cases(town)) == 1


def test_with_answers_one_goes_on_or_begins_anew_which_erases_the_first(town: Municipality, client: Client) -> None:
    first = prepare(client, standort="Marktplatz")
    page = client.post(WITHOUT)
    assert page.status_code == 409 and "Sie haben schon angefangen" in text(page) and of(first) in text(page)
    assert len(cases(town)) == 1
    before = client.cookies.copy()
    again = client.post(WITHOUT, {"statt": str(first)})["Location"]
    client.cookies = before
    assert client.post(WITHOUT, {"statt": str(first)})["Location"] == again, "pressed twice"
    assert [one.state for one in cases(town)] == ["withdrawn", "open"]
    with within(town):
        assert not journal.load(first).entries[0].payload


def test_signing_out_leaves_nothing_of_it_in_the_browser(town: Municipality, signed_in: Client) -> None:
    case = prepare(signed_in)
    signed_in.get(WITHOUT)
    signed_in.post("/abmelden/")
    assert RESUME not in text(signed_in.get("/"))
    assert signed_in.get(of(case))["Location"].startswith("/anmelden/")
    assert not [name for name, one in signed_in.cookies.items() if name.startswith("vorbereitet") and one.value]
