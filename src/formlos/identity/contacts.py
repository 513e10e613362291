"""Where a person wants to be told of news: an address of the account, confirmed by a link, of use to hints alone.

An address counts only after its owner opened the link; until then an earlier one stays. Whether acts are retrieved here
instead of coming by letter is a consent to each town, kept in ``notices.consents``; it works only with such an address.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import structlog
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from formlos.base import clock, sealing
from formlos.base.jobs import defer_for_node
from formlos.base.limits import Limit
from formlos.base.tenancy import Municipality
from formlos.identity import tokens
from formlos.identity.models import Account, Contact, ContactProposal, Pseudonym
from formlos.identity.queries import pseudonym

log = structlog.get_logger(__name__)
LONGEST = 254  # signs of an address, RFC 5321
LINK_LIVES = timedelta(hours=24)
OF_AN_ACCOUNT = Limit("contact.account", most=5, within=timedelta(days=1))
TO_AN_ADDRESS = Limit("contact.address", most=3, within=timedelta(hours=1))


class AddressRefused(ValueError):
    """What was given is no e-mail address."""

    code = "address_refused"


class LinkOver(LookupError):
    """The link was used, replaced by a newer one, or is older than a day."""

    code = "link_over"


@dataclass(frozen=True)
class ContactOf:
    """``address`` that counts, ``proposed`` one that waits for its link to be opened; empty where there is none."""

    address: str = ""
    proposed: str = ""
    wanted: bool = False


def contact_of(account: str) -> ContactOf:
    found = Contact.objects.filter(account_id=account).first()
    waiting = ContactProposal.objects.filter(account_id=account, expires_at__gt=clock.now()).first()
    proposed = _opened(waiting)["address"] if waiting else ""
    if found is None:
        return ContactOf(proposed=proposed)
    return ContactOf(address_of(found), proposed, found.wanted)


def propose(account: str, *, address: str, language: str) -> None:
    """Let a link be sent to an address. Raises ``AddressRefused`` and ``TooMany``."""
    from formlos.identity.hints import send_link

    told = address.strip()
    try:
        validate_email(told)
    except ValidationError:
        raise AddressRefused("no e-mail address") from None
    if len(told) > LONGEST:
        raise AddressRefused("too long")
    OF_AN_ACCOUNT.count(account)
    TO_AN_ADDRESS.count(told.casefold())
    token = tokens.new_token()
    sealed = sealing.seal(json.dumps({"address": told, "token": token}).encode(), context=f"proposal {account}")
    values = {"sealed": sealed, "token_digest": tokens.digest_of(token), "language": language}
    with transaction.atomic():
        ContactProposal.objects.update_or_create(
            account_id=account, defaults=values | {"expires_at": clock.now() + LINK_LIVES}
        )
        defer_for_node(send_link, account=account)


def confirm(token: str) -> None:
    """The owner of an address opened the link: the address counts from now. Raises ``LinkOver``."""
    with transaction.atomic():
        found = ContactProposal.objects.select_for_update().filter(
            token_digest=tokens.digest_of(token), expires_at__gt=clock.now()
        )
        proposal = found.first()
        if proposal is None:
            raise LinkOver("open the newest link, or ask for another one")
        address = _opened(proposal)["address"].encode()
        values = {
            "sealed_address": sealing.seal(address, context=f"contact {proposal.account_id}"),
            "language": proposal.language,
            "confirmed_at": clock.now(),
            "wanted": True,
        }
        Contact.objects.update_or_create(account_id=proposal.account_id, defaults=values)
        _know_in(proposal.account, list(Municipality.objects.values_list("id", flat=True)))
        proposal.delete()
    log.info("identity.contact.confirmed", account=str(proposal.account_id))


def is_open(token: str) -> bool:
    """Whether a link can still be used."""
    return ContactProposal.objects.filter(token_digest=tokens.digest_of(token), expires_at__gt=clock.now()).exists()


def choose(account: str, *, wanted: bool) -> None:
    """Want messages or not. Without an address nothing changes."""
    Contact.objects.filter(account_id=account).update(wanted=wanted)


def remove(account: str) -> None:
    """Forget the address, and with it whose the pseudonyms are."""
    with transaction.atomic():
        for model in (Contact, ContactProposal, Pseudonym):
            model.objects.filter(account_id=account).delete()


def extend_to(municipality_id: UUID) -> None:
    """Reach those who gave an address in a municipality that is new on this node, too."""
    for contact in Contact.objects.select_related("account").iterator():
        _know_in(contact.account, [municipality_id])


def address_of(contact: Contact) -> str:
    return sealing.unseal(bytes(contact.sealed_address), context=f"contact {contact.account_id}").decode()


def proposal_of(account: str) -> tuple[str, str, str] | None:
    """Address, token and language of the link that is to be sent."""
    found = ContactProposal.objects.filter(account_id=account, expires_at__gt=clock.now()).first()
    if found is None:
        return None
    opened = _opened(found)
    return opened["address"], opened["token"], found.language


def _opened(proposal: ContactProposal) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(
        sealing.unseal(bytes(proposal.sealed), context=f"proposal {proposal.account_id}")
    )
    return found


def _know_in(account: Account, municipalities: list[UUID]) -> None:
    rows = [
        Pseudonym(subject=pseudonym(bytes(account.seed), one), account=account, municipality_id=one)
        for one in municipalities
    ]
    Pseudonym.objects.bulk_create(rows, ignore_conflicts=True)
