"""What paper and cryptography cost, each measured alone: processor milliseconds of one call."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from time import perf_counter

from formlos.base import clock, keys, messages
from formlos.base.ids import new_id
from formlos.base.tenancy import Municipality, acting_for, within
from formlos.config.bench.timing import milliseconds
from formlos.exchange import queries
from formlos.exchange.envelope import Message, open_envelope, seal
from formlos.exchange.receipts import Receipt, sign_receipt, verify_receipt
from formlos.notices.contents import contents_for
from formlos.notices.letterheads import own_letterhead
from formlos.notices.rendering import render
from formlos.notices.sealing import seal as seal_page

LAYOUT = "meldebestaetigung"
ANSCHRIFT = {
    "strasse": "Schwabstraße",
    "hausnummer": "12",
    "zusatz": "3. OG links",
    "postleitzahl": "70197",
    "ort": "Stuttgart",
    "ags": "08111000",
}
PERSON = {"familienname": "Şahin-Groß", "vornamen": "Eva Maria", "geburtsdatum": "1994-07-01"}


@dataclass(frozen=True)
class Costs:
    """``pdf`` sets a confirmation of one page, ``seal`` seals it; ``message`` is all the cryptography of one message:
    signed, encrypted, decrypted, verified, receipt signed and verified. ``delivery``: milliseconds by the clock from
    outbox to receipt over HTTP, commits on both sides included. ``messages`` belong to one move.
    """

    pdf: float
    seal: float
    message: float
    delivery: float
    messages: int = 4

    @property
    def crypto_a_move(self) -> float:
        return self.seal + self.messages * self.message


def measure(*, here: Municipality, there: Municipality, deliveries: int) -> Costs:
    """Run after the moves, while no worker runs: what is delivered here is processed by nobody."""
    with within(here):
        page = _page(date(2026, 3, 10))
        key, now = keys.active(purpose="seal"), clock.now()
        certificate, private = key.certificate_pem, key.private_key()
    sealed = milliseconds(lambda: seal_page(page, key=private, certificate_pem=certificate, at=now))
    with within(here):
        pdf = milliseconds(lambda: _page(date(2026, 3, 10)))
    return Costs(pdf, sealed, milliseconds(_message(here, there)), _delivery(here, there, deliveries))


def _page(day: date) -> bytes:
    arguments = {
        "person": PERSON,
        "anschrift": ANSCHRIFT,
        "einzugsdatum": day.isoformat(),
        "meldedatum": day.isoformat(),
        "wohnungsstatus": "alleinige",
    }
    contents = contents_for(layout=LAYOUT, arguments=arguments)
    page: bytes = render(layout=LAYOUT, contents=contents, head=own_letterhead(), written_on=day)
    return page


def _message(here: Municipality, there: Municipality) -> Callable[[], None]:
    """One message from here to there and its receipt back, without HTTP and database."""
    now, directory = clock.now(), queries.current_directory()
    ours, theirs = directory.entries[here.ags], directory.entries[there.ags]
    to, receipts_by = theirs.key(use="enc", moment=now), theirs.key(use="sig", moment=now)
    signed_by = ours.key(use="sig", moment=now)
    assert to and receipts_by and signed_by
    with within(here):
        sender = queries.signing_key(ours, now)
    with within(there):
        opener, receiver = queries.decryption_key(to.kid), queries.signing_key(theirs, now)

    def exchange() -> None:
        message = _told(here, there)
        envelope = seal(
            message,
            key=sender,
            receiver_kid=to.kid,
            receiver_jwk=to.jwk,
            directory_entry=theirs.digest,
            issued=now,
            lifetime=timedelta(hours=1),
        )
        opened = open_envelope(
            envelope,
            receiver=there.ags,
            decryption_key=lambda kid: opener,
            sender_key=lambda ags, kid: signed_by.jwk,
            now=now,
        ).message
        receipt = sign_receipt(Receipt(opened.id, here.ags, there.ags, opened.digest, "accepted", now), key=receiver)
        verify_receipt(receipt, jwk=receipts_by.jwk, message_id=message.id, digest=message.digest, receiver=there.ags)

    return exchange


def _told(here: Municipality, there: Municipality) -> Message:
    body = {"personen": [PERSON], "bisherige_anschrift": ANSCHRIFT, "neue_anschrift": ANSCHRIFT}
    return Message(new_id(), here.ags, there.ags, "xmeld:0201", "Rückmeldung", "§ 33 Abs. 1 BMG", None, body)


def _delivery(here: Municipality, there: Municipality, count: int) -> float:
    told, reference = _told(here, there), "bench"
    with within(here):
        for _ in range(count):
            messages.send(
                kind=told.kind,
                receiver_ags=there.ags,
                body=told.body,
                purpose=told.purpose,
                norm=told.norm,
                reference=reference,
            )
    begun = perf_counter()
    with acting_for(here):
        messages.deliver_pending(reference=reference)
    return (perf_counter() - begun) * 1000 / count
