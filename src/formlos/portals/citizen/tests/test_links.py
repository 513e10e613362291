"""A link to a second party on pages: two people, two browsers, one answer that nobody types."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.test import Client, override_settings

from formlos.base import clock
from formlos.base.tenancy import acting_for, within
from formlos.cases import queries, tasks
from formlos.cases.models import Invitation
from formlos.cases.tests.conftest import elsewhere, founded, here
from formlos.cases.tests.towns import resident
from formlos.portals.citizen.pages import links
from formlos.portals.citizen.tests.musterstadt import browser, issue_assertion
from formlos.portals.citizen.tests.serving import CHROMIUM, browsing_as, serving
from formlos.registers.models import Dwelling
from formlos.registers.queries.demo import demo_dwellings

__all__ = ["elsewhere", "founded", "here"]
KARL = {"familienname": "Wägele", "vornamen": "Karl Friedrich", "geburtsdatum": "1960-01-01"}
KARL |= {"ausweis_art": "personalausweis"}
HIS_HOME = {"strasse": "Weg", "hausnummer": "2", "zusatz": None, "postleitzahl": "70173", "ort": "Stuttgart"}


@pytest.fixture
def home(here: Any) -> dict[str, Any]:
    with within(here):
        found = demo_dwellings()[0]
        Dwelling.objects.filter(id=found.id).update(eigentuemer_name="Wägele, Karl", wohnungsgeber_name="Wägele, Karl")
        return dict(found.anschrift)


@pytest.fixture
def people(here: Any, home: Any) -> Iterator[tuple[str, str]]:
    """Assertions of Käthe, who moves, and of Karl, who lets."""
    with override_settings(DEMO=True):
        kaethe = issue_assertion(person=dict(resident(here, "kaethe").eid), subject="kaethe")
        karl = issue_assertion(person=KARL | {"anschrift": HIS_HOME | {"ags": "08111000"}}, subject="karl")
        yield kaethe, karl


def signed_in(assertion: str) -> Client:
    client = browser()
    client.post("/anmelden/demo/", {"nachweis": assertion})
    return client


def text(response: Any) -> str:
    return html.unescape(response.content.decode()).replace("\N{NO-BREAK SPACE}", " ")


def main(response: Any) -> str:
    return text(response).partition("<main")[2].partition("</main>")[0]


def work(here: Any) -> None:
    """What workers do for links and decided cases."""
    with within(here):
        found = [str(row.id) for row in Invitation.objects.all() if row.answer_id]
    with acting_for(here):
        for invitation in found:
            tasks.note_opened(invitation=invitation)
            tasks.hear_party(invitation=invitation)
        for line in queries.cases_of_municipality():
            tasks.go_on(case_id=str(line.id))


def answer(client: Client, address: str, home: Any, seen: list[str] | None = None, **said: Any) -> Any:
    """Answer page by page until something else than a question comes; returns that page. ``seen`` gets what was asked."""
    usual = {
        "berechtigung_ist_versichert": "true",
        "einzugsdatum": clock.today().isoformat(),
        "wohnungsnachweis": "link",
        "handelt_als": "eigentuemer",
        "bezug_ist_versichert": "true",
        "besonderheiten": "",
    }
    usual |= {f"neue_anschrift/{name}": value or "" for name, value in home.items() if name != "ags"}
    for _turn in range(12):
        page = client.get(address.partition("?")[0], follow=True)
        asked = re.findall(r'name="frage" value="([^"]+)"', page.content.decode())
        if not asked:
            return page
        if seen is not None:
            seen += asked
        client.post(page.request["PATH_INFO"], {**usual, **said, "frage": asked})
    raise AssertionError("the questions do not end")


def begin(client: Client, here: Any, home: Any) -> Any:
    started = client.post(f"/{here.slug}/anliegen/umzug/beginnen/")
    return answer(client, started["Location"], home)


def make_link(client: Client, page: Any) -> str:
    """The path of the link."""
    address = page.request["PATH_INFO"]
    assert "/link/wohnungsgeber/" in address
    made = client.post(address, {"tun": "erstellen"}, follow=True)
    return re.findall(r'id="link" value="[^"]*?(/[^/"]+/link/[^"]+)"', made.content.decode())[0]


def test_the_landlord_confirms_and_the_mover_is_registered(here: Any, home: Any, people: Any) -> None:
    kaethe, karl = map(signed_in, people)
    page = begin(kaethe, here, home)
    assert "Käthe Marie Häberle" in text(page) and "Wir schicken nichts" in text(page)
    link = make_link(kaethe, page)
    case = page.request["PATH_INFO"].partition("link/")[0]
    assert "Noch hat niemand den Link geöffnet" in text(kaethe.get(page.request["PATH_INFO"]))
    kaethe.post(f"{case}angaben/")
    waiting = text(kaethe.get(case))
    assert "Wir warten auf Ihren Vermieter" in waiting and "Zeit bis" in waiting
    stranger = text(browser().get(link))
    assert "K. M. H. möchte, dass Sie einen Einzug bestätigen." in stranger
    assert "Häberle" not in stranger and home["strasse"] not in stranger
    own = karl.post(link)["Location"]
    read = text(karl.get(own))
    assert "Käthe Marie Häberle" in read and home["strasse"] in read
    review = answer(karl, own.replace("einladung", "fragen"), home)
    karl.post(review.request["PATH_INFO"])
    work(here)
    registered = text(kaethe.get(case))
    assert "Sie sind gemeldet" in registered
    assert f'href="/{here.slug}/anliegen/hundesteuer_anmelden/"' in registered
    assert "Mit diesem Code hat sich schon jemand angemeldet." in text(karl.get(own.replace("einladung/", "")))
    assert "Link geöffnet" in text(kaethe.get("/meine/daten/"))
    data = text(karl.get("/meine/daten/"))
    assert "die Sie eingeladen hat: bestätigt" in data and "Von der Person, die Sie eingeladen hat" in data


def test_a_landlord_who_is_not_on_file_names_people_before_assuring_and_reads_why_a_clerk_looks(
    here: Any, home: Any, people: Any
) -> None:
    with within(here):
        Dwelling.objects.update(eigentuemer_name="Anders, Erna", wohnungsgeber_name="Anders, Erna")
    karl = signed_in(people[1])
    started = karl.post(f"/{here.slug}/anliegen/wohnungsgeberbestaetigung/beginnen/")["Location"]
    asked: list[str] = []
    review = answer(karl, started, home, asked, einziehende_personen="Käthe Häberle")
    assert asked.index("einziehende_personen") < asked.index("bezug_ist_versichert")
    sent = karl.post(review.request["PATH_INFO"])["Location"]
    work(here)
    assert "ein anderer oder noch kein Name" in text(karl.get(sent)) and "Erna" not in text(karl.get(sent))


def test_a_refusal_is_said_to_both_and_goes_to_a_clerk(here: Any, home: Any, people: Any) -> None:
    kaethe, karl = map(signed_in, people)
    page = begin(kaethe, here, home)
    link = make_link(kaethe, page)
    case = page.request["PATH_INFO"].partition("link/")[0]
    kaethe.post(f"{case}angaben/")
    own = karl.post(link)["Location"]
    karl.post(own, {"grund": "kenne ich nicht"})
    work(here)
    told = text(kaethe.get(case))
    assert "hat nicht bestätigt" in told and "kenne ich nicht" not in told
    assert "Anderen Weg wählen" in text(kaethe.get(page.request["PATH_INFO"]))


def test_who_is_not_signed_in_signs_in_first_and_comes_back_to_the_link(here: Any, home: Any, people: Any) -> None:
    kaethe, _karl = map(signed_in, people)
    link = make_link(kaethe, begin(kaethe, here, home))
    found = browser().post(link)
    assert found.status_code == 302 and "stufe=substantial" in found["Location"]
    assert link.replace("/", "%2F") in found["Location"]


def test_the_own_link_a_used_and_a_wrong_one_are_refused_kindly(here: Any, home: Any, people: Any) -> None:
    kaethe, karl = map(signed_in, people)
    link = make_link(kaethe, begin(kaethe, here, home))
    own = kaethe.post(link)
    assert own.status_code == 409 and "Das ist Ihr eigener Link" in text(own)
    karl.post(link)
    used, wrong = browser().get(link), browser().get(f"/{here.slug}/link/{'A' * 43}/")
    assert used.status_code == wrong.status_code == 404 and main(used) == main(wrong)
    assert karl.get(link)["Location"].endswith("/einladung/")


def test_the_links_of_others_cannot_be_made_or_seen(here: Any, home: Any, people: Any) -> None:
    kaethe, karl = map(signed_in, people)
    page = begin(kaethe, here, home)
    address = page.request["PATH_INFO"]
    make_link(kaethe, page)
    assert karl.get(address).status_code == 404 and karl.post(address, {"tun": "erstellen"}).status_code == 404


def test_guessing_is_limited(here: Any, home: Any, people: Any) -> None:
    client = browser()
    for _try in range(links.LINKS_OPENED.most):
        client.get(f"/{here.slug}/link/falsch/")
    found = client.get(f"/{here.slug}/link/falsch/")
    assert found.status_code == 429 and int(found["Retry-After"]) > 0


def test_another_way_can_be_taken_after_sending(here: Any, home: Any, people: Any) -> None:
    kaethe, karl = map(signed_in, people)
    page = begin(kaethe, here, home)
    link = make_link(kaethe, page)
    case = page.request["PATH_INFO"].partition("link/")[0]
    kaethe.post(f"{case}angaben/")
    change = f"{case}angaben/wohnungsnachweis/"
    assert "Womit weisen Sie die neue Wohnung nach?" in text(kaethe.get(change))
    kaethe.post(change, {"frage": ["wohnungsnachweis"], "wohnungsnachweis": "eigentum"})
    assert karl.get(link).status_code == 404
    assert "/angaben/" in kaethe.get(f"{case}fragen/", follow=True).request["PATH_INFO"]


def play(site: str, here: Any, home: Any, people: Any, look: Callable[[str, Any], None], size: tuple[int, int]) -> None:
    """Both in browsers of their own; ``look`` is shown every page."""
    with browsing_as("kaethe", "karl", width=size[0], height=size[1]) as (kaethe, karl):
        kaethe.goto(f"{site}/anmelden/demo/?nachweis={people[0]}&weiter=/{here.slug}/anliegen/umzug/beginnen/")
        kaethe.get_by_role("button", name="Ausweisen").click()
        with kaethe.expect_navigation():
            kaethe.get_by_role("button", name="Beginnen").click()
        _answer_in_browser(kaethe, home)
        look("1-link-wanted", kaethe)
        kaethe.get_by_role("button", name="Link erstellen").click()
        look("2-link-made", kaethe)
        link = "/" + kaethe.get_by_label("Ihr Link").input_value().split("/", 3)[3]
        kaethe.get_by_role("link", name="Weiter mit meinem Vorgang").click()
        look("3-review", kaethe)
        kaethe.get_by_role("button", name="Absenden").click()
        look("4-waiting", kaethe)
        karl.goto(site + link)
        look("5-landlord-link", karl)
        karl.goto(f"{site}/anmelden/demo/?nachweis={people[1]}&weiter={link}")
        karl.get_by_role("button", name="Ausweisen").click()
        karl.get_by_role("button", name="Ansehen und antworten").click()
        look("6-landlord-reads", karl)
        with karl.expect_navigation():
            karl.get_by_role("link", name="Ja, weiter").click()
        _answer_in_browser(karl, home)
        look("7-landlord-review", karl)
        karl.get_by_role("button", name="Absenden").click()
        look("8-landlord-done", karl)
        with ThreadPoolExecutor(1) as worker:
            worker.submit(work, here).result()
        kaethe.reload()
        look("9-registered", kaethe)
        assert kaethe.get_by_role("heading", level=1).inner_text() == "Sie sind gemeldet."
        kaethe.goto(f"{site}/meine/daten/")
        look("10-data", kaethe)


def _answer_in_browser(page: Any, home: Any) -> None:
    while page.locator('input[name="frage"]').count():
        for choice in ("Ich schicke meiner vermietenden Person einen Link", "Ich bin der Eigentümer", "Ja"):
            for found in page.get_by_label(choice).all():
                found.check()
        for name in ("strasse", "hausnummer", "postleitzahl", "ort"):
            field = page.locator(f'input[name="neue_anschrift/{name}"]')
            if field.count():
                field.fill(home[name])
        day = page.locator('input[name="einzugsdatum"]')
        if day.count():
            day.fill(clock.today().isoformat() if day.get_attribute("type") == "date" else f"{clock.today():%d.%m.%Y}")
        owner = page.locator('input[value="eigentuemer"]')
        if owner.count():
            owner.check()
        with page.expect_navigation():
            page.get_by_role("button", name="Weiter").click()


@pytest.mark.skipif(CHROMIUM is None, reason="no chromium; apt install chromium-headless-shell")
@pytest.mark.parametrize("size", [(390, 844), (1280, 800)], ids=["phone", "desk"])
def test_mover_and_landlord_play_it_in_two_browsers(here: Any, home: Any, people: Any, size: tuple[int, int]) -> None:
    from tests.eyes import findings  # skips where axe is missing

    wrong: dict[str, list[str]] = {}
    with serving() as site:
        play(site, here, home, people, lambda name, page: wrong.update({name: findings(page)}), size)
    assert not {name: found for name, found in wrong.items() if found}
