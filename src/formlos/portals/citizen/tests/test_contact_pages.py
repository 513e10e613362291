"""The account's page: an address for messages, confirmed by a link, chosen, removed; and wrong input."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client, override_settings

from formlos.identity import contacts
from formlos.identity.queries import Identity
from formlos.portals.citizen.tests.musterstadt import browser

FORM = "/meine/konto/e-mail/"


@pytest.fixture(autouse=True)
def with_mail() -> Iterator[None]:
    with override_settings(MAIL_IS_SENT=True):
        yield


def read(client: Client, address: str = "/meine/konto/", status: int = 200, **more: Any) -> str:
    page: Any = client.get(address, **more)
    assert page.status_code == status
    return page.content.decode()


def link(ada: Identity) -> str:
    told = contacts.proposal_of(ada.sub)
    assert told
    return f"{FORM}{told[1]}/"


def test_an_address_is_given_confirmed_in_another_browser_chosen_and_removed(signed_in: Client, ada: Identity) -> None:
    assert signed_in.post(FORM, {"adresse": "ada@example.org"}).status_code == 302
    assert "Wir haben einen Link an ada@example.org geschickt." in read(signed_in)
    mailbox = browser()
    assert "Ja, bestätigen" in read(mailbox, link(ada))
    assert contacts.contact_of(ada.sub).address == ""
    confirmed: Any = mailbox.post(address := link(ada))
    assert "Ihre E-Mail-Adresse ist bestätigt." in confirmed.content.decode()
    assert "Dieser Link gilt nicht mehr." in read(mailbox, address, status=410)
    signed_in.post(f"{FORM}wahl/", {})
    assert not contacts.contact_of(ada.sub).wanted
    signed_in.post(f"{FORM}wahl/", {"hinweise": "1"})
    assert contacts.contact_of(ada.sub).wanted
    page = read(signed_in)
    assert "<strong>ada@example.org</strong>" in page and 'href="/meine/einwilligungen/"' in page
    signed_in.post(f"{FORM}entfernen/")
    assert contacts.contact_of(ada.sub) == contacts.ContactOf()


@pytest.mark.parametrize("wrong", ["", "ada", "<script>alert(1)</script>@x", "ada@example.org\r\nBcc: b@example.org"])
def test_what_is_no_address_is_said_and_shown_as_typed(signed_in: Client, ada: Identity, wrong: str) -> None:
    page: Any = signed_in.post(FORM, {"adresse": wrong})
    assert page.status_code == 422
    assert "Das ist keine E-Mail-Adresse." in page.content.decode() and "<script>alert" not in page.content.decode()
    assert contacts.contact_of(ada.sub) == contacts.ContactOf()


def test_too_many_tries_are_told_to_wait(signed_in: Client, ada: Identity) -> None:
    for _ in range(3):
        assert signed_in.post(FORM, {"adresse": "ada@example.org"}).status_code == 302
    page: Any = signed_in.post(FORM, {"adresse": "ada@example.org"})
    assert page.status_code == 429 and "Bitte warten Sie" in page.content.decode()


def test_links_are_not_guessed(town: Any, client: Client) -> None:
    codes = [client.get(f"{FORM}geraten{number}/").status_code for number in range(31)]
    assert codes == [410] * 30 + [429]


def test_strangers_sign_in_first(town: Any, demo: None, client: Client) -> None:
    for address in (FORM, f"{FORM}wahl/", f"{FORM}entfernen/"):
        assert client.post(address, {"adresse": "x@example.org"})["Location"].startswith("/anmelden/")


def test_the_demonstration_says_that_nothing_is_sent(signed_in: Client) -> None:
    assert "Es wird nichts verschickt." in read(signed_in)


def test_a_node_without_mail_server_says_so(signed_in: Client) -> None:
    with override_settings(MAIL_IS_SENT=False):
        page = read(signed_in)
    assert "Hier werden noch keine E-Mails verschickt." in page and "adresse" not in page


def test_the_page_speaks_english(signed_in: Client) -> None:
    page = read(signed_in, HTTP_ACCEPT_LANGUAGE="en")
    assert "Messages by e-mail" in page and "Your e-mail address" in page
