"""The whole presentation over real HTTP: simulated wallet and web are processes of their own, a browser between them."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.test import override_settings

from formlos.config import initialise, processes
from formlos.portals.citizen.tests.serving import CHROMIUM, browsing

needs_browser = pytest.mark.skipif(CHROMIUM is None, reason="no chromium; apt install chromium-headless-shell")

PATIENCE = 30
ADA: dict[str, Any] = {
    "familienname": "Groß",
    "vornamen": "Ada",
    "geburtsdatum": "1990-02-28",
    "geburtsort": "Köln",
    "ausweis_art": "personalausweis",
    "anschrift": {"strasse": "Lindenweg", "hausnummer": "3", "postleitzahl": "12345", "ort": "Musterstadt"},
}


@dataclass(frozen=True)
class Running:
    web: str
    wallet: str
    logs: Path


@pytest.fixture
def running(request: Any, database: Any, tmp_path: Path) -> Iterator[Running]:
    """Web and wallet of a demo node that knows Ada."""
    from formlos.identity.wallet import demo_pid

    web, wallet = processes.free_address(), processes.free_address()
    settings = {
        "FORMLOS_HOME": str(tmp_path),
        "FORMLOS_DEMO": "1",
        "FORMLOS_PUBLIC_URL": f"http://{web}",
        "FORMLOS_WALLET_URL": f"http://{wallet}",
        "FORMLOS_WEB_BIND": web,
        "FORMLOS_WEB_WORKERS": "1",
        "FORMLOS_WALLET_BIND": wallet,
        "FORMLOS_VERIFIER_RESPONSE_MODE": getattr(request, "param", "direct_post"),
    }
    initialise.create_node_key(tmp_path / "secrets" / "node.key")
    with override_settings(DEMO=True, HOME=tmp_path):
        demo_pid.enable()
        demo_pid.hand_over(
            [{"key": "ada", "name": "Ada Groß", "town": "Musterstadt", "story": "Zieht um.", "person": ADA}]
        )
    environment = database.environment | settings
    with processes.node_running(environment=environment, logs=tmp_path, roles=("web", "wallet")):
        yield Running(f"http://{web}", f"http://{wallet}", tmp_path)


def waiting(running: Running, page: Any) -> None:
    page.goto(f"{running.web}/anmelden/wallet/?weiter=/pruefen/")
    page.get_by_role("button", name="Mit der Wallet ausweisen").click()


@needs_browser
@pytest.mark.parametrize("running", ["direct_post", "direct_post.jwt"], indirect=True)
def test_a_person_identifies_with_the_wallet_on_the_same_device(running: Running) -> None:
    with browsing(width=390, height=844) as page:
        waiting(running, page)
        page.get_by_role("link", name="Simulierte Wallet öffnen").click()
        page.get_by_role("link", name="Ada Groß").click()
        text = page.locator("main").inner_text()
        assert "Formlos" in text and "Lindenweg 3" in text and "Nationalität" not in text
        assert "Simulierte Wallet" in page.locator("header").inner_text()
        page.get_by_role("button", name="Teilen").click()
        page.wait_for_url(f"{running.web}/pruefen/")
        page.goto(f"{running.web}/anmelden/wallet/warten/")
        assert "Diese Anfrage gibt es nicht mehr" in page.locator("main").inner_text()
    for log in running.logs.glob("*.log"):
        assert "Groß" not in log.read_text() and "Lindenweg" not in log.read_text()


def sent(client: httpx.Client, page: httpx.Response, **fields: str) -> httpx.Response:
    """Send the page's form as a browser does, with its hidden fields."""
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.text))
    action = re.search(r'<form method="post" action="([^"]+)" class="f-form"', page.text)
    assert action is not None, page.text
    data = {name: unescape(value) for name, value in hidden.items()} | fields
    return client.post(page.url.join(action[1]), data=data, headers={"Referer": str(page.url)})


def scanned(running: Running) -> str:
    """What a camera reads from the code on the waiting page, looked up where the page has it from."""
    from django.db import connection

    from formlos.identity.models import WalletRequest
    from formlos.identity.wallet import requests, verifier

    key = (running.logs / "secrets" / "cookies").read_text().strip()
    with override_settings(HOME=running.logs, PUBLIC_URL=running.web, SECRET_KEY=key):
        row = WalletRequest.objects.get(same_device=False)
        link = requests.link(verifier.own_verifier(), verifier.asked(row), wallet=f"{running.wallet}/")
    connection.close()
    return link


def test_a_person_identifies_with_the_wallet_on_another_device(running: Running) -> None:
    with httpx.Client(follow_redirects=True, timeout=PATIENCE) as desk, httpx.Client(timeout=PATIENCE) as phone:
        waiting_page = sent(desk, desk.get(f"{running.web}/anmelden/wallet/", params={"weiter": "/pruefen/"}))
        assert waiting_page.url.path == "/anmelden/wallet/warten/"
        question = httpx.URL(scanned(running))
        done = sent(phone, phone.get(question.copy_with(path="/ada/")), entscheidung="teilen")
        assert "Auf dem anderen Gerät geht es weiter" in done.text and "Refresh" not in done.headers
        assert desk.get(waiting_page.url).url.path == "/pruefen/"
        assert httpx.get(waiting_page.url).status_code == 404


@needs_browser
def test_a_person_declines_in_the_wallet(running: Running) -> None:
    with browsing(width=390, height=844) as page:
        waiting(running, page)
        page.get_by_role("link", name="Simulierte Wallet öffnen").click()
        page.get_by_role("link", name="Ada Groß").click()
        page.get_by_role("button", name="Ablehnen").click()
        page.get_by_role("link", name="Zurück zu Formlos").click()
        assert "Sie haben in der Wallet abgelehnt" in page.locator("main").inner_text()


def test_the_wallet_answers_its_own_node_only(running: Running) -> None:
    foreign = {"client_id": "x509_san_dns:evil.example", "request_uri": "http://127.0.0.1:9/x"}
    answer = httpx.get(f"{running.wallet}/ada/", params=foreign, timeout=PATIENCE)
    assert answer.status_code == 400 and "own node only" in answer.text
    unknown = {"client_id": "x509_san_dns:127.0.0.1", "request_uri": f"{running.web}/wallet/anfrage/unknown"}
    assert "does not know this request" in httpx.get(f"{running.wallet}/ada/", params=unknown, timeout=PATIENCE).text
    assert httpx.get(f"{running.wallet}/nobody/").status_code == 404


def test_there_is_no_wallet_without_a_demo(tmp_path: Path) -> None:
    initialise.create_node_key(tmp_path / "secrets" / "node.key")
    settings = os.environ | {"FORMLOS_HOME": str(tmp_path), "FORMLOS_WALLET_BIND": processes.free_address()}
    with (
        pytest.raises(processes.ProcessFailed, match="FORMLOS_DEMO"),
        processes.running("wallet", environment=settings, log=tmp_path / "log"),
    ):
        pass
