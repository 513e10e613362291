"""Staff and people without PIN at the pages of a node: what the tests of the counter share."""

from __future__ import annotations

import html
import re
from typing import Any
from uuid import UUID

from django.core import signing
from django.test import Client

from formlos.appointments.operations import set_hours
from formlos.base.tenancy import Municipality, within
from formlos.identity import demo_issuer
from formlos.identity.sessions import begin_session
from formlos.organisation.operations import appoint
from formlos.portals import cookies
from formlos.portals.clerk import visits

HOURS = {day: ["08:00-18:00"] for day in ("mo", "di", "mi", "do", "fr", "sa", "so")}
PAPER = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def open_for_appointments(town: Municipality) -> None:
    with within(town):
        set_hours(office="buergerbuero", hours={"hours": HOURS, "minutes": 30, "desks": 1, "days_ahead": 14})


def clerk(town: Municipality, *, subject: str = "anna", role: str = "clerk", office: str = "buergerbuero") -> Client:
    """The browser of somebody who works there and has signed in."""
    demo_issuer.enable()
    issuer = demo_issuer.ISSUER
    with within(town):
        appoint(issuer=issuer, subject=subject, office=office, role=role, name=subject.title())
    client = Client(SERVER_NAME="localhost")
    name, value = staff_cookie(subject)
    client.cookies[name] = value
    return client


def staff_cookie(subject: str) -> tuple[str, str]:
    token = begin_session(issuer=demo_issuer.ISSUER, subject=subject, level="high", facts={}, purpose="staff")
    return cookies.named(visits.COOKIE), signing.dumps(token, salt=visits.COOKIE)


def text(page: Any) -> str:
    return html.unescape(page.content.decode()).replace("\N{NO-BREAK SPACE}", " ")


def heading(page: Any) -> str:
    found = re.search(r"<h1[^>]*>(.*?)</h1>", text(page), re.DOTALL)
    return re.sub(r"<[^>]+>", "", found[1]).strip() if found else ""


def asked(page: Any) -> list[str]:
    return re.findall(r'name="frage" value="([^"]+)"', text(page))


def place(page: Any) -> str:
    chain = getattr(page, "redirect_chain", None)
    return str(chain[-1][0] if chain else page.request["PATH_INFO"])


def answer(client: Client, page: Any, answers: dict[str, Any]) -> Any:
    """Answer what the page asks, by the last part of each question's path, and go where it leads."""
    sent: dict[str, Any] = {"frage": asked(page)}
    if 'name="mitglieder"' in text(page):
        sent |= {"mitglieder": "1", "mitglied": asked(page)}
    for path in asked(page):
        said = answers[path.rpartition("/")[2]]
        if isinstance(said, dict):
            sent |= {f"{path}/{part}": value or "" for part, value in said.items() if part != "ags"}
        elif "mitglied" not in sent:
            sent[path] = said
    return client.post(place(page), sent, follow=True)


def goes_on(client: Client, page: Any, answers: dict[str, Any], *, seen: list[str] | None = None) -> Any:
    """Answer until nothing is asked any more. What may be a slip is asked once more, and answered the same."""
    while asked(page):
        if seen is not None:
            seen += asked(page)
        before, page = asked(page), answer(client, page, answers)
        if asked(page) == before and "kern-alert--warning" in text(page):
            page = answer(client, page, answers)
        assert page.status_code == 200, text(page)
        assert asked(page) != before, text(page)
    return page


def document(person: dict[str, Any], *, kind: str = "personalausweis", **more: str) -> dict[str, str]:
    """What a clerk notes of the card of somebody (facts as the chip tells them)."""
    told = {name: str(person[name]) for name in ("familienname", "vornamen", "geburtsdatum")}
    home = {name: value or "" for name, value in person["anschrift"].items() if name != "ags"}
    return {"dokument": kind, "endung": "7T2", "gesehen": "1", **told, **home, **more}


def case_of(page: Any) -> UUID:
    found = re.search(r"/(?:vorgang|schalter)/([0-9a-f-]{36})/", place(page))
    assert found, place(page)
    return UUID(found[1])
