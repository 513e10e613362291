"""A tenant hands in the landlord's form on the page of the dialogue, in a real browser, with what can go wrong."""

from __future__ import annotations

import io
import re
from contextlib import contextmanager
from urllib.parse import urlencode

import pytest
from PIL import Image
from tests.citizens import Citizen
from tests.eyes import findings
from tests.nodes import stuttgart
from tests.test_faults import resident

from formlos.base.tenancy import acting_for, within
from formlos.cases import attachments, queries
from formlos.cases.models import Attachment
from formlos.identity import demo_issuer
from formlos.portals.citizen.tests.serving import CHROMIUM, browsing

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium; apt install chromium-headless-shell")

QUESTION = "wohnungsgeberbestaetigung"
PHONE, DESK = (390, 844), (1280, 800)
WAYS = [
    pytest.param(PHONE, True, id="phone"),
    pytest.param(PHONE, False, id="phone without scripts"),
    pytest.param(DESK, True, id="desk"),
    pytest.param(DESK, False, id="desk without scripts"),
]


def photo(*, side: int = 800, kind: str = "JPEG") -> bytes:
    drawn = io.BytesIO()
    Image.effect_noise((side, side), 60).convert("RGB").save(drawn, kind)
    return drawn.getvalue()


def file(name: str, content: bytes, kind: str = "image/jpeg") -> dict:
    return {"name": name, "mimeType": kind, "buffer": content}


@pytest.fixture
def tenant(node, new_home):
    """Somebody whose next question is for the landlord's form."""
    citizen = Citizen(node, stuttgart(), resident("Uta", "Hochlad"), new_home(stuttgart()), wohnungsnachweis="upload")
    citizen.answers["angegebener_wohnungsgeber"] = "Frau Vermieterin"
    citizen.begins().goes_on(asks_for_the_form)
    return citizen


def asks_for_the_form(case):
    return any(question["path"] == QUESTION for question in (case["pages"] or [[]])[0])


@contextmanager
def at_the_question(node, tenant, *, size=PHONE, scripts=True):
    """The page with the question for the file, signed in."""
    assertion = demo_issuer.issue(person=tenant.mover.eid, subject=tenant.mover.key)
    way = f"/{stuttgart().slug}/vorgang/{tenant.case['id']}/fragen/"
    with browsing(width=size[0], height=size[1], scripts=scripts, touch=size == PHONE) as page:
        page.goto(f"{node.web}/anmelden/demo/?{urlencode({'nachweis': assertion, 'weiter': way})}")
        with page.expect_navigation(url=re.compile("/fragen/[?]|/angaben/$")):
            page.get_by_role("button", name="Ausweisen").click()
        yield page


def go_on(page):
    for box in page.locator("main input[type=text]").all():
        if not box.input_value():
            box.fill("Frau Vermieterin")
    with page.expect_navigation():
        page.get_by_role("button", name="Weiter").click()


def handed_in(tenant):
    with acting_for(stuttgart()):
        known = queries.state_of(tenant.case["id"]).facts.get(QUESTION)
        if known is None:
            return None
        return attachments.file_of(known.value.partition("/")[0], case_id=tenant.case["id"])


def choose(page, *files):
    page.get_by_label("Laden Sie bitte die Bestätigung hoch.").set_input_files(list(files))


def is_reviewing(page):
    return page.get_by_role("heading", level=1).inner_text() == "Stimmt alles?"


def take_over(page, name):
    """Save the changed answer; the review then shows one file of this name."""
    page.get_by_role("button", name="Übernehmen").click()
    page.get_by_role("link", name=name, exact=True).wait_for()


@pytest.mark.parametrize(("size", "scripts"), WAYS)
def test_a_photo_of_the_form_is_handed_in_and_can_be_saved_again(node, tenant, size, scripts):
    with at_the_question(node, tenant, size=size, scripts=scripts) as page:
        wrong = findings(page) if scripts else []
        choose(page, file("IMG_0042.JPG", photo()))
        go_on(page)
        assert is_reviewing(page)
        with page.expect_download() as saving:
            page.get_by_role("link", name="IMG_0042.jpg").click()
        assert saving.value.suggested_filename == "IMG_0042.jpg"
    assert handed_in(tenant).name == "IMG_0042.jpg"
    assert not wrong


def test_a_phone_offers_its_camera_and_a_desk_does_not(node, tenant):
    with at_the_question(node, tenant) as page:
        camera = page.get_by_label("Oder gleich fotografieren")
        assert camera.get_attribute("capture") == "environment"
        camera.set_input_files(file("image.jpg", photo()))
        wrong = findings(page)
        go_on(page)
        assert is_reviewing(page)
    with at_the_question(node, tenant, size=DESK) as page:
        page.goto(page.url.replace("/angaben/", f"/angaben/{QUESTION}/"))
        assert page.get_by_text("Schon da: image.jpg").is_visible()
        assert not page.get_by_label("Oder gleich fotografieren").is_visible()
    assert not wrong


REFUSED = [
    ("Vertrag.exe", b"MZ\x90\x00" + bytes(2000), "Diese Datei können wir nicht lesen."),
    ("foto.jpg", b"MZ\x90\x00" + bytes(2000), "Diese Datei können wir nicht lesen."),
    ("foto.jpg", b"<html><script>alert(1)</script></html>", "Diese Datei können wir nicht lesen."),
    ("bild.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "können wir nicht lesen"),
    ("seite.pdf", b"<html>%PDF-1.4 %%EOF</html>", "Diese Datei können wir nicht lesen."),
    ("abgebrochen.jpg", photo()[:3000], "Diese Datei können wir nicht lesen."),
    ("leer.pdf", b"", "Die Datei ist leer."),
    ("gross.pdf", b"%PDF-1.4" + bytes(10 * 1024 * 1024) + b"%%EOF", "Die Datei ist zu groß."),
    ("riesig.pdf", b"%PDF-1.4" + bytes(40 * 1024 * 1024) + b"%%EOF", "Die Datei ist zu groß."),
]


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_what_is_no_document_is_explained_and_can_be_replaced_at_once(node, tenant, tmp_path, scripts):
    wrong = []
    with at_the_question(node, tenant, scripts=scripts) as page:
        for name, content, sentence in REFUSED:
            (tmp_path / name).write_bytes(content)
            choose(page, tmp_path / name)
            go_on(page)
            alert = page.get_by_role("alert")
            assert sentence in alert.inner_text(), name
            assert alert.get_by_role("link").get_attribute("href") == f"#f-{QUESTION}"
        wrong += findings(page) if scripts else []
        choose(page, file("doch.png", photo(kind="PNG"), "image/png"))
        go_on(page)
        assert is_reviewing(page)
    assert handed_in(tenant).name == "doch.jpg"
    assert not wrong


def test_going_on_without_a_file_asks_for_one(node, tenant):
    with at_the_question(node, tenant) as page:
        go_on(page)
        assert "Bitte wählen Sie eine Datei aus" in page.get_by_role("alert").inner_text()


def test_the_same_file_twice_is_there_once_and_another_one_replaces_it(node, tenant):
    with at_the_question(node, tenant) as page:
        form, content = page.url, photo()
        for _ in range(2):
            page.goto(form)
            if not is_reviewing(page):
                choose(page, file("form.jpg", content))
                go_on(page)
            page.get_by_role("link", name=re.compile("ändern – Bestätigung")).click()
            choose(page, file("form.jpg", content))
            take_over(page, "form.jpg")
        page.get_by_role("link", name=re.compile("ändern – Bestätigung")).click()
        take_over(page, "form.jpg")
        page.get_by_role("link", name=re.compile("ändern – Bestätigung")).click()
        choose(page, file("besser.jpg", photo(side=300)))
        take_over(page, "besser.jpg")
    with acting_for(stuttgart()), within():
        assert sorted(Attachment.objects.filter(case=tenant.case["id"]).values_list("name", flat=True)) == [
            "besser.jpg",
            "form.jpg",
        ]


def test_a_file_that_came_is_kept_while_something_else_is_mended(node, tenant):
    with at_the_question(node, tenant) as page:
        choose(page, file("form.jpg", photo()))
        page.evaluate(
            """() => { const other = document.createElement("input");
            other.type = "hidden"; other.name = "frage"; other.value = "einzugsdatum";
            document.querySelector("main form").append(other); }"""
        )
        go_on(page)
        assert page.get_by_text("Schon da: form.jpg").is_visible()
        page.locator("input[type=date]").fill(tenant.answers["einzugsdatum"])
        go_on(page)
        assert not page.get_by_role("alert").count()
    assert handed_in(tenant).name == "form.jpg"


def test_a_file_of_somebody_elses_case_is_no_answer(node, tenant, new_home):
    with at_the_question(node, tenant) as page:
        page.evaluate(
            """path => { const other = document.createElement("input");
            other.type = "hidden"; other.name = path; other.value = "01a20186-bc9b-7240-b10f-c5e1de418a70/fremd.pdf";
            document.querySelector("main form").append(other); }""",
            QUESTION,
        )
        go_on(page)
        assert "Bitte wählen Sie eine Datei aus" in page.get_by_role("alert").inner_text()
    assert handed_in(tenant) is None
