"""Telling people by e-mail that there is something new, never what: no name, no service, no town.

A hint is a row, written once for each occasion in the transaction that causes it. A worker claims what waits for a
person, sends one message, and notes that it left. If it dies in between, another one sends the message with the same
Message-ID after a while; mail cannot be taken back, so twice is better than never.
"""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit
from uuid import UUID

import structlog
from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _

from formlos.base import clock, people
from formlos.base.jobs import defer_for_node, node_task
from formlos.base.tenancy import acting_for, current_municipality_id
from formlos.identity import contacts
from formlos.identity.models import Contact, Hint, Pseudonym

log = structlog.get_logger(__name__)
CLAIM_LASTS = timedelta(minutes=5)
LEFT_BEHIND_AFTER = timedelta(minutes=10)
AT_MOST = 500  # people whom one sweep takes up


def tell(subject: str, *, occasion: str) -> None:
    """Note in the running transaction that the person behind a pseudonym is to be told, if they want that."""
    known = _reached(subject)
    if known is None:
        return
    hint = Hint(
        account_id=known.account_id,
        municipality_id=known.municipality_id,
        occasion=occasion,
        created_at=clock.now(),
    )
    Hint.objects.bulk_create([hint], ignore_conflicts=True)
    defer_for_node(send, account=str(known.account_id))


def can_be_told(subject: str) -> bool:
    return _reached(subject) is not None


def _reached(subject: str) -> Pseudonym | None:
    """Whom the municipality of the context means, if messages leave this node and the person wants them."""
    if not settings.MAIL_IS_SENT:
        return None
    known = Pseudonym.objects.filter(subject=subject, municipality_id=current_municipality_id())
    return known.filter(account__contact__wanted=True).first()


@node_task(name="identity.send_hint", queue="identity")
def send(*, account: str) -> None:
    """Send one message for all that waits for a person. A second run finds nothing that waits."""
    contact = Contact.objects.filter(account_id=account, wanted=True).first()
    claimed = _claim(account)
    if contact is None or not claimed:
        return
    try:
        with translation.override(contact.language):
            _message(_("Es gibt Neues in Ihrem Postfach"), _news(), contacts.address_of(contact), claimed[0].id).send()
    except Exception:
        Hint.objects.filter(id__in=[hint.id for hint in claimed]).update(claimed_at=None)
        raise
    _note_sent(claimed)


@node_task(name="identity.send_link", queue="identity")
def send_link(*, account: str) -> None:
    """Send the link by which the owner of an address confirms it."""
    found = contacts.proposal_of(account)
    if found is None:
        return
    address, token, language = found
    with translation.override(language):
        link = f"{settings.PUBLIC_URL}/meine/konto/e-mail/{token}/"
        _message(_("Bitte bestätigen Sie Ihre E-Mail-Adresse"), _confirmation(link), address, None).send()
    log.info("identity.link.sent", account=account)


def send_left_behind() -> None:
    """Send what has waited for long."""
    late = clock.now() - LEFT_BEHIND_AFTER
    waiting = Hint.objects.filter(sent_at=None, created_at__lt=late, account__contact__wanted=True)
    for account in waiting.values_list("account_id", flat=True).distinct()[:AT_MOST]:
        defer_for_node(send, account=str(account))


def _claim(account: str) -> list[Hint]:
    """What waits for the person, now this worker's; another one leaves it alone until the claim is over."""
    now = clock.now()
    free = Q(claimed_at=None) | Q(claimed_at__lt=now - CLAIM_LASTS)
    waiting = Hint.objects.filter(free, account_id=account, sent_at=None)
    waiting.update(claimed_at=now)
    return list(Hint.objects.filter(account_id=account, sent_at=None, claimed_at=now).order_by("id"))


def _note_sent(claimed: list[Hint]) -> None:
    now = clock.now()
    Hint.objects.filter(id__in=[hint.id for hint in claimed]).update(sent_at=now)
    log.info("identity.hint.sent", account=str(claimed[0].account_id), occasions=len(claimed))
    for hint in claimed:
        with acting_for(hint.municipality_id):
            people.report_told(hint.occasion, now)


def _message(subject: str, body: str, address: str, hint: UUID | None) -> EmailMessage:
    host = urlsplit(settings.PUBLIC_URL).hostname or "localhost"
    headers = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}
    if hint:
        headers["Message-ID"] = f"<{hint}@{host}>"
    return EmailMessage(subject, body, settings.DEFAULT_FROM_EMAIL, [address], headers=headers)


def _news() -> str:
    return "\n\n".join(
        [
            _("Guten Tag,"),
            _("es gibt Neues in Ihrem Postfach. Bitte sehen Sie nach:"),
            f"{settings.PUBLIC_URL}/meine/",
            _(
                "Worum es geht, steht zu Ihrem Schutz nicht in dieser E-Mail. Wir fragen nie per E-Mail nach PIN oder Passwort."
            ),
            _("Diese Hinweise schalten Sie hier ab:") + f" {settings.PUBLIC_URL}/meine/konto/",
            *_demo(),
        ]
    )


def _confirmation(link: str) -> str:
    return "\n\n".join(
        [
            _("Guten Tag,"),
            _("jemand möchte an diese Adresse Hinweise auf neue Post bekommen. Waren Sie das? Dann bestätigen Sie es:"),
            link,
            _("Der Link gilt einen Tag. Waren Sie es nicht, tun Sie einfach nichts."),
            *_demo(),
        ]
    )


def _demo() -> list[str]:
    return (
        [_("Vorführung mit Spieldaten: Diese E-Mail wurde nicht verschickt, sondern nur abgelegt.")]
        if settings.DEMO
        else []
    )
