"""An address for hints: confirmed by a link, sealed, limited; messages that say nothing, once for each occasion."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from typing import Any

import pytest
from django.core import mail
from django.test import override_settings

from formlos.base import clock, people
from formlos.base.limits import TooMany
from formlos.base.tenancy import Municipality, acting_for, within
from formlos.identity import contacts, hints, operations
from formlos.identity.models import Contact, Hint, Pseudonym
from formlos.identity.queries import Identity, identity_for
from formlos.identity.sessions import begin_session

ADDRESS = "ada@example.org"
SILENT = {"Ada", "Groß", "Stuttgart", "Umzug", "Bescheid"}


@pytest.fixture
def post() -> Iterator[list[Any]]:
    """What was sent."""
    mail.outbox = []
    with override_settings(EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend", MAIL_IS_SENT=True):
        yield mail.outbox


@pytest.fixture
def ada(stuttgart: Municipality) -> Identity:
    issuer = "https://ausweis.example"
    operations.trust_issuer(issuer=issuer, name="Ausweis", keys=[], simulated=False)
    facts = {"familienname": "Groß", "vornamen": "Ada"}
    return identity_for(token=begin_session(issuer=issuer, subject="card-1", level="high", facts=facts))


def link_in(message: Any) -> str:
    found = re.search(r"/meine/konto/e-mail/([\w-]+)/", message.body)
    assert found
    return found.group(1)


def give_address(ada: Identity, post: list[Any]) -> None:
    contacts.propose(ada.sub, address=ADDRESS, language="de")
    hints.send_link(account=ada.sub)
    contacts.confirm(link_in(post.pop()))


def tell(town: Municipality, ada: Identity, occasion: str = "case:1") -> None:
    with within(town):
        people.tell(ada.subject_for(town.id), occasion=occasion)


def test_an_address_counts_once_its_owner_opened_the_link(ada, post):
    contacts.propose(ada.sub, address=f" {ADDRESS} ", language="de")
    assert contacts.contact_of(ada.sub) == contacts.ContactOf(proposed=ADDRESS)
    hints.send_link(account=ada.sub)
    (message,) = post
    assert message.to == [ADDRESS]
    contacts.confirm(link_in(message))
    found = contacts.contact_of(ada.sub)
    assert (found.address, found.proposed, found.wanted) == (ADDRESS, "", True)


def test_a_link_works_once_and_for_a_day(ada, post):
    contacts.propose(ada.sub, address=ADDRESS, language="de")
    hints.send_link(account=ada.sub)
    token = link_in(post[0])
    with clock.frozen(clock.now() + timedelta(hours=25)), pytest.raises(contacts.LinkOver):
        contacts.confirm(token)
    contacts.confirm(token)
    with pytest.raises(contacts.LinkOver):
        contacts.confirm(token)


@pytest.mark.parametrize(
    "wrong", ["", "ada", "ada@", "a b@example.org", "a@example.org\nBcc: x@example.org", "x" * 300 + "@example.org"]
)
def test_what_is_no_address_is_refused(ada, post, wrong):
    with pytest.raises(contacts.AddressRefused):
        contacts.propose(ada.sub, address=wrong, language="de")


def test_nobody_can_flood_a_mailbox(ada, post):
    for _ in range(3):
        contacts.propose(ada.sub, address=ADDRESS, language="de")
    with pytest.raises(TooMany):
        contacts.propose(ada.sub, address=ADDRESS.upper(), language="de")


def test_the_address_is_not_readable_in_the_database(ada, post):
    give_address(ada, post)
    assert ADDRESS.encode() not in bytes(Contact.objects.get().sealed_address)


def test_a_message_says_that_there_is_news_and_nothing_else(ada, post, stuttgart):
    give_address(ada, post)
    tell(stuttgart, ada)
    hints.send(account=ada.sub)
    (message,) = post
    assert message.subject == "Es gibt Neues in Ihrem Postfach"
    assert not [word for word in SILENT if word in message.subject + message.body]
    assert "/meine/" in message.body and "/meine/konto/" in message.body
    assert message.extra_headers["Message-ID"]


def test_a_message_is_in_the_language_in_which_the_address_was_given(ada, post, stuttgart):
    contacts.propose(ada.sub, address=ADDRESS, language="en")
    hints.send_link(account=ada.sub)
    contacts.confirm(link_in(post.pop()))
    tell(stuttgart, ada)
    hints.send(account=ada.sub)
    assert post[0].subject == "There is something new in your inbox"


def test_an_occasion_is_told_once_and_several_together(ada, post, stuttgart):
    give_address(ada, post)
    tell(stuttgart, ada, "case:1")
    tell(stuttgart, ada, "case:1")
    tell(stuttgart, ada, "case:2")
    hints.send(account=ada.sub)
    hints.send(account=ada.sub)
    assert len(post) == 1
    tell(stuttgart, ada, "case:2")
    hints.send(account=ada.sub)
    assert len(post) == 1


def test_a_worker_that_dies_while_sending_is_relieved_with_the_same_message(ada, post, stuttgart):
    give_address(ada, post)
    tell(stuttgart, ada)
    claimed = hints._claim(ada.sub)
    hints.send(account=ada.sub)
    assert post == []
    with clock.frozen(clock.now() + timedelta(minutes=6)):
        hints.send(account=ada.sub)
    assert [message.extra_headers["Message-ID"].startswith(f"<{claimed[0].id}@") for message in post] == [True]


def test_a_mail_server_that_fails_is_tried_again(ada, post, stuttgart):
    give_address(ada, post)
    tell(stuttgart, ada)
    nowhere = {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": "127.0.0.1",
        "EMAIL_PORT": 1,
    }
    with override_settings(**nowhere), pytest.raises(OSError):
        hints.send(account=ada.sub)
    hints.send(account=ada.sub)
    assert len(post) == 1


def test_whoever_waits_for_news_hears_when_the_message_left(ada, post, stuttgart):
    give_address(ada, post)
    heard: list[str] = []
    people.on_told(lambda occasion, at: heard.append(occasion))
    tell(stuttgart, ada, "case:9")
    assert heard == []
    hints.send(account=ada.sub)
    assert heard == ["case:9"]


def test_who_switches_off_is_told_nothing(ada, post, stuttgart):
    give_address(ada, post)
    with acting_for(stuttgart):
        assert people.can_be_told(ada.subject_for(stuttgart.id))
        with override_settings(MAIL_IS_SENT=False):
            assert not people.can_be_told(ada.subject_for(stuttgart.id))
    contacts.choose(ada.sub, wanted=False)
    with acting_for(stuttgart):
        assert not people.can_be_told(ada.subject_for(stuttgart.id))
    tell(stuttgart, ada)
    hints.send(account=ada.sub)
    assert post == [] and not Hint.objects.exists()


def test_a_node_without_mail_server_notes_nothing(ada, post, stuttgart):
    give_address(ada, post)
    with override_settings(MAIL_IS_SENT=False):
        tell(stuttgart, ada)
    assert not Hint.objects.exists()


def test_people_without_address_are_known_in_no_town(ada, post, stuttgart):
    tell(stuttgart, ada)
    assert not Pseudonym.objects.exists() and not Hint.objects.exists()
    give_address(ada, post)
    contacts.remove(ada.sub)
    assert not Pseudonym.objects.exists() and contacts.contact_of(ada.sub) == contacts.ContactOf()


def test_a_town_that_comes_later_reaches_people_too(ada, post, stuttgart):
    give_address(ada, post)
    later = Municipality.objects.create(ags="09162000", name="München", land="BY", slug="muenchen")
    contacts.extend_to(later.id)
    tell(later, ada)
    assert Hint.objects.get().municipality_id == later.id


def test_links_that_are_over_are_forgotten(ada, post):
    contacts.propose(ada.sub, address=ADDRESS, language="de")
    with clock.frozen(clock.now() + timedelta(hours=25)):
        operations.forget_expired()
        assert contacts.proposal_of(ada.sub) is None


def test_a_demonstration_files_what_it_would_send(ada, tmp_path, stuttgart):
    filed = {"EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend", "EMAIL_FILE_PATH": tmp_path / "mail"}
    with override_settings(**filed, MAIL_IS_SENT=True, DEMO=True):
        contacts.propose(ada.sub, address=ADDRESS, language="de")
        hints.send_link(account=ada.sub)
    (file,) = (tmp_path / "mail").iterdir()
    told = message_from_bytes(file.read_bytes(), policy=default)
    assert told["To"] == ADDRESS and "nicht verschickt, sondern nur abgelegt" in told.get_content()
