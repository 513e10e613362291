"""``formlos demo --lan``: a phone reads the code on the stage, and everything it comes to has the address of this machine."""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree

import httpx
import pytest
import segno
from tests.nodes import MUNICH, STUTTGART, Node, munich, stuttgart

from formlos.config.demo import lan, provider, towns
from formlos.config.demo import node as demo
from formlos.identity.demo_provider.pages import PIN
from formlos.portals.citizen.tests.serving import CHROMIUM, browsing

needs_browser = pytest.mark.skipif(CHROMIUM is None, reason="no chromium; apt install chromium-headless-shell")
ROLES = ("web", "worker", "idp", "wallet")
PERSON = "Aylin Çelik"
STAGE = "/vorfuehrung/"


@pytest.fixture(scope="module")
def address() -> str:
    try:
        return lan.own_address()
    except lan.NoNetwork as reason:
        pytest.skip(str(reason))


@pytest.fixture(scope="module")
def reached(new_node: Any, address: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[demo.Node]:
    """A node with the settings of a demo that phones may join."""
    wanted = demo._addresses(tmp_path_factory.mktemp("lan"), address)
    settings = {name: value for name, value in demo.settings_of(wanted).items() if name != "FORMLOS_HOME"}
    with new_node(STUTTGART, MUNICH, **settings) as node, _at_hand(node, wanted):
        cities = (stuttgart(), munich())
        towns.fill_wallet(cities)
        provider.introduce(cities)
        node.start(*ROLES)
        provider.connect()
        yield wanted


@contextmanager
def _at_hand(node: Node, wanted: demo.Node) -> Iterator[None]:
    node.web = wanted.web
    node.more_settings = {"IDP_URL": wanted.idp, "WALLET_URL": wanted.wallet}
    with node.at_hand():
        yield


@pytest.fixture
def phone(reached: demo.Node) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=reached.web, trust_env=False, timeout=30) as client:
        yield client


def dots_of(svg: str) -> list[list[bool]]:
    """Which dots of a drawn code are dark, its quiet margin of two dots left out: lines of an SVG path, one a row."""
    root = ElementTree.fromstring(svg)  # noqa: S314  the node's own page
    drawing = next(one for one in root.iter() if one.get("class") == "qrline")
    (scale,) = re.findall(r"scale\((\d+)\)", svg)
    size = int(root.attrib["width"]) // int(scale)
    dark, x, y = set(), 0.0, 0.0
    for step, said in re.findall(r"([Mmh])([-\d. ]+)", drawing.attrib["d"]):
        moved = [float(one) for one in said.split()]
        if step == "h":
            dark |= {(int(y), int(x) + more) for more in range(int(moved[0]))}
            x += moved[0]
        else:
            x, y = (moved[0], moved[1]) if step == "M" else (x + moved[0], y + moved[1])
    return [[(row, column) in dark for column in range(2, size - 2)] for row in range(2, size - 2)]


def blocks_of(drawn: str) -> list[list[bool]]:
    """The same of a code drawn in a terminal, where a block is two dots high and the margin shows what is light."""
    halves = {" ": (False, False), "\N{UPPER HALF BLOCK}": (True, False), "\N{LOWER HALF BLOCK}": (False, True)}
    pairs = [
        [halves.get(one, (True, True)) for one in line] for line in re.sub(r"\x1b\[[\d;]*m", "", drawn).split("\n")
    ]
    rows = [[pair[half] for pair in line] for line in pairs if line for half in (0, 1)]
    size = len(rows[0])
    return [[dot != rows[0][0] for dot in row[2 : size - 2]] for row in rows[2 : size - 2]]


def dots_that_say(text: str, *, error: str = "m") -> list[list[bool]]:
    return [[bool(dot) for dot in row] for row in segno.make(text, error=error, micro=False).matrix]


def test_the_code_on_the_stage_opens_the_town_at_the_address_of_this_machine(
    reached: demo.Node, phone: httpx.Client, address: str
) -> None:
    page = phone.get(STAGE)
    drawn = re.findall(r'src="data:image/svg\+xml;?([^,]*),([^"]+)"', page.text)
    assert page.status_code == 200 and len(drawn) == 1
    coding, data = drawn[0]
    svg = b64decode(data).decode() if "base64" in coding else unquote(data)
    (opened,) = set(re.findall(rf"http://{re.escape(address)}:\d+/stuttgart[\w-]*/", page.text))
    assert dots_of(svg) == dots_that_say(opened)
    assert dots_of(svg) != dots_that_say(opened.replace(address, "127.0.0.1"))
    assert phone.get(opened).status_code == 200


def test_the_code_in_the_terminal_opens_the_pages_at_the_address_of_this_machine(reached: demo.Node) -> None:
    assert blocks_of(lan.code_of(reached.web)) == dots_that_say(reached.web, error="l")


def test_pages_are_reached_from_outside_and_from_the_machine_itself(reached: demo.Node, phone: httpx.Client) -> None:
    assert phone.get("/").status_code == 200
    port = urlsplit(reached.web).port
    assert httpx.get(f"http://127.0.0.1:{port}/", trust_env=False).status_code == 200
    assert httpx.get(reached.web, headers={"Host": "fremd.example"}, trust_env=False).status_code == 400


def test_forms_are_taken_from_pages_at_this_address_only(reached: demo.Node, phone: httpx.Client) -> None:
    token = re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', phone.get("/").text)[0]
    sent = {"language": "en", "next": "/", "csrfmiddlewaretoken": token}
    assert phone.post("/sprache/", data=sent, headers={"Origin": reached.web}).status_code == 302
    assert phone.post("/sprache/", data=sent, headers={"Origin": "http://fremd.example"}).status_code == 403


@contextmanager
def following(reached: demo.Node) -> Iterator[Any]:
    """A phone's browser, for which there is no address but this machine's."""
    with browsing(width=390, height=844, touch=True) as page:
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        yield page
        hosts = {urlsplit(url).hostname for url in asked if not url.startswith("data:")}
        assert hosts == {urlsplit(reached.web).hostname}


@needs_browser
def test_a_phone_signs_in_at_the_simulated_provider_and_comes_back(reached: demo.Node) -> None:
    with following(reached) as page:
        page.goto(f"{reached.web}/anmelden/?weiter=/meine/")
        page.locator("main a[href*='/los/']").tap()
        page.wait_for_url(f"{reached.idp}/anmelden?*")
        page.locator("input[type=radio]").first.check()
        page.locator("#pin").fill(PIN)
        page.locator("main form button").first.tap()
        page.wait_for_url(f"{reached.web}/meine/")
        page.locator("header").get_by_role("button", name="Ausloggen").tap()
        page.get_by_role("link", name="Auch beim Ausweisdienst ausloggen").tap()
        page.wait_for_url(f"{reached.web}/")


@needs_browser
def test_a_phone_identifies_with_the_simulated_wallet_and_comes_back(reached: demo.Node) -> None:
    with following(reached) as page:
        page.goto(f"{reached.web}/anmelden/wallet/?weiter=/meine/")
        page.locator("main form button").first.tap()
        page.get_by_role("link", name="Simulierte Wallet öffnen").tap()
        page.wait_for_url(f"{reached.wallet}/?*")
        page.get_by_role("link", name=PERSON).tap()
        page.get_by_role("button", name="Teilen").tap()
        page.wait_for_url(f"{reached.web}/meine/")
