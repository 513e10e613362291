"""Where a question to a wallet stands, for the browser that asked; which issuers are trusted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from formlos.base import clock
from formlos.identity import tokens
from formlos.identity.levels import LEVELS, reaches
from formlos.identity.models import WalletIssuer, WalletRequest
from formlos.identity.wallet import requests, verifier
from formlos.identity.wallet.refusals import RequestExpired

WAITING, ANSWERED_HERE, ANSWERED_ELSEWHERE, REFUSED = "waiting", "answered_here", "answered_elsewhere", "refused"


@dataclass(frozen=True)
class Progress:
    """``state``: one of the constants above; ``problem``: the code of a refusal.

    The answer of a wallet on this device counts only once the wallet has led back to the browser.
    """

    state: str
    problem: str
    expires_at: datetime


@dataclass(frozen=True)
class Issuer:
    """A trusted issuer of PIDs, as listed."""

    issuer: str
    name: str
    level: str
    keys: int
    certificates: int
    simulated: bool


def progress(*, browser: str) -> Progress | None:
    """Where the question stands; None if this browser asks nothing."""
    rows = _rows(browser)
    if not rows:
        return None
    expires = rows[0].expires_at
    elsewhere, here = (next((row for row in rows if row.same_device is same), rows[0]) for same in (False, True))
    if elsewhere.state == "answered" and expires > clock.now():
        return Progress(ANSWERED_ELSEWHERE, "", expires)
    refused = next((row for row in rows if row.state == "refused"), None)
    if refused is not None:
        return Progress(REFUSED, refused.problem, expires)
    if expires <= clock.now() or here.state == "finished":
        return Progress(REFUSED, RequestExpired.code, expires)
    return Progress(ANSWERED_HERE if here.state == "answered" else WAITING, "", expires)


def links(*, browser: str, wallet: str = requests.SCHEME) -> tuple[str, str]:
    """The addresses that open a wallet on this device and on another. Raises ``LookupError`` if nothing is asked."""
    own, rows = verifier.own_verifier(), {row.same_device: row for row in _rows(browser)}
    here, elsewhere = (requests.link(own, verifier.asked(rows[same]), wallet=wallet) for same in (True, False))
    return here, elsewhere


def wallet_issuers() -> list[Issuer]:
    """All trusted issuers of PIDs."""
    return [
        Issuer(
            row.trusted.issuer,
            row.trusted.name,
            row.level,
            len(row.keys),
            len(row.certificates),
            row.trusted.simulated,
        )
        for row in WalletIssuer.objects.select_related("trusted").order_by("trusted__issuer")
    ]


def offered(*, needed: str = "none") -> Issuer | None:
    """The strongest issuer whose PIDs vouch for at least ``needed`` here, a real one first; None if there is none."""
    found = [one for one in wallet_issuers() if reaches(one.level, needed) and (settings.DEMO or not one.simulated)]
    return max(found, key=lambda one: (not one.simulated, LEVELS.index(one.level)), default=None)


def _rows(browser: str) -> list[WalletRequest]:
    return list(WalletRequest.objects.filter(browser_digest=tokens.digest_of(browser)).order_by("-same_device"))


def leads_back(*, request_id: str) -> bool:
    """Whether the wallet that answers this request is on the same device and leads back to the browser."""
    return WalletRequest.objects.filter(id=request_id, same_device=True).exists()
