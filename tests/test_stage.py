"""On stage: the plug is pulled and put back, the family waits calmly and is done, everybody goes home again."""

from __future__ import annotations

import re
from contextlib import contextmanager

import httpx
import pytest
from django.conf import settings
from tests.citizens import Citizen, is_over, waits
from tests.eyes import findings
from tests.nodes import eventually, kinds_sent, munich, settled, stuttgart
from tests.people import demo, present

from formlos.base import clock
from formlos.base.tenancy import within
from formlos.config.demo.evidence import register_of
from formlos.config.demo.towns import confirmed_dwelling
from formlos.portals.citizen.stage import acting, scene
from formlos.portals.citizen.tests.serving import CHROMIUM, browsing
from formlos.registers.queries.demo import demo_register


@pytest.fixture
def stage(node):
    """Presses buttons like whoever shows; the plug is in again afterwards."""
    acting.prepare()
    with httpx.Client(base_url=node.web, trust_env=False, timeout=30) as client:

        def press(button):
            token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', client.get("/vorfuehrung/").text)[1]
            answer = client.post("/vorfuehrung/", data={"tun": button, "csrfmiddlewaretoken": token})
            assert answer.status_code == 302, answer.text

        yield press
        press("stecken")


def ready_to_move(node, key):
    """The person with what the stage shows for them."""
    person = demo(munich(), key)
    shown = next(family for family in scene.families() if family.name == person.name)
    street, _, number = shown.street.rpartition(" ")
    assert shown.place == "70376 Stuttgart"
    address = {"strasse": street, "hausnummer": number, "postleitzahl": "70376", "ort": "Stuttgart"}
    citizen = Citizen(node, stuttgart(), person, neue_anschrift=address, zuordnungsmerkmal=shown.code)
    return person, citizen


def test_while_the_plug_is_out_a_family_waits_calmly_and_then_is_done(node, stage):
    person, citizen = ready_to_move(node, "aylin")
    stage("ziehen")
    citizen.begins().goes_on(waits)
    eventually(lambda: any(sent.state.startswith("wartet") for sent in scene.messages()))
    shown = scene.newest_case()
    assert shown.who == person.name
    assert any("nicht zu erreichen" in step.text for step in shown.steps)
    assert not scene.registers()[0].plugged_in
    stage("stecken")
    citizen.goes_on(is_over)
    settled(stuttgart(), munich())
    assert kinds_sent(stuttgart(), citizen.case["id"]) == ["1702", "0201"]
    [arrived, *_] = scene.registers()[1].entries
    assert arrived.people == "Aylin und Deniz Çelik" and arrived.fresh and not arrived.gone
    [left, *_] = scene.registers()[0].entries
    assert left.people == arrived.people and left.gone
    assert all(message.arrived for message in scene.messages())


def test_a_town_without_plug_sends_nothing_either(node, stage):
    person, citizen = ready_to_move(node, "giulia")
    citizen.begins().goes_on(lambda case: "personen" in {known["path"].partition("/")[0] for known in case["known"]})
    stage("ziehen")
    citizen.goes_on(is_over)
    eventually(lambda: any(sent.state.startswith("wartet") for sent in scene.messages()))
    register = register_of(munich(), list(person.household))
    assert register[str(person.household[0])]["wohnungen"][-1]["auszugsdatum"] is None
    stage("stecken")
    settled(stuttgart(), munich())
    after = register_of(munich(), list(person.household))
    assert after[str(person.household[0])]["wohnungen"][-1]["auszugsdatum"] == clock.today().isoformat()


def test_after_a_reset_everybody_is_home_and_can_move_again(node, stage):
    person, citizen = ready_to_move(node, "lukasz")
    household = list(person.household)
    before = register_of(munich(), household)
    for _ in range(2):
        citizen.begins()
        citizen.goes_on(is_over)
        settled(stuttgart(), munich())
        assert present(stuttgart(), person.name)
        stage("zurueck")
        eventually(lambda: not present(stuttgart(), person.name))
        eventually(lambda: register_of(munich(), household) == before)
        settled(stuttgart(), munich())
        assert person.name in [family.name for family in scene.families()]
        citizen = ready_to_move(node, "lukasz")[1]


def test_a_reset_takes_back_what_nobody_finished(node, stage):
    _person, citizen = ready_to_move(node, "bjoern")
    citizen.begins()
    stage("zurueck")
    eventually(lambda: citizen.looks()["state"] != "open")
    assert citizen.case["state"] == "withdrawn"


def test_the_stage_hands_out_no_dwelling_that_the_story_takes(node):
    with within(stuttgart()):
        free = len([line for line in demo_register() if line.left_for is None])
    assert free
    acting.prepare()
    anschrift, _code = confirmed_dwelling(stuttgart(), persons=["X"], day=clock.today())
    street = f"{anschrift['strasse']} {anschrift['hausnummer']}"
    assert street not in [family.street for family in scene.families()]


@pytest.mark.skipif(CHROMIUM is None, reason="no chromium; apt install chromium-headless-shell")
@pytest.mark.parametrize("width", [1920, 1280, 320])
def test_the_page_for_the_beamer_changes_by_itself_and_is_accessible(node, width):
    with browsing(width=width, height=1080) as page:
        refused = []
        page.on("console", lambda message: refused.append(message.text))
        page.goto(f"{node.web}/vorfuehrung/")
        page.evaluate("document.body.dataset.mark = 'not loaded again'")
        with browsing_elsewhere(page) as other:
            other.goto(f"{node.web}/vorfuehrung/")
            other.get_by_role("button", name="Stecker ziehen: München").click()
        page.get_by_text("Stecker gezogen").wait_for(timeout=10_000)
        assert page.evaluate("document.body.dataset.mark") == "not loaded again"
        found = findings(page)
        for language in [code for code, _name in settings.LANGUAGES if width == 320]:
            cookie = {"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": node.web}
            page.context.add_cookies([cookie])
            page.goto(f"{node.web}/vorfuehrung/")
            found += [f"{language}: {one}" for one in findings(page)]
        page.context.clear_cookies(name=settings.LANGUAGE_COOKIE_NAME)
        page.goto(f"{node.web}/vorfuehrung/")
        page.get_by_role("button", name="Stecker einstecken: München").click()
        page.get_by_role("button", name="Stecker ziehen: München").wait_for()
    assert not found + refused


@contextmanager
def browsing_elsewhere(page):
    """Another window of the same browser, without its cookies."""
    context = page.context.browser.new_context()
    try:
        yield context.new_page()
    finally:
        context.close()
