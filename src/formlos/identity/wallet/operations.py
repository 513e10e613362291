"""Ask a wallet, take its answer once, hand the session to the browser that asked; trust and distrust issuers."""

from __future__ import annotations

import hmac
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import timedelta
from typing import Any

import structlog
from cryptography import x509
from django.conf import settings
from django.db import transaction

from formlos.base import clock
from formlos.identity import tokens
from formlos.identity.levels import LEVELS
from formlos.identity.models import TrustedIssuer, WalletIssuer, WalletRequest
from formlos.identity.refusals import IdentityRefused
from formlos.identity.sessions import begin_session
from formlos.identity.wallet import compact, refusals, requests, verifier
from formlos.identity.wallet.answers import judge
from formlos.identity.wallet.pid import FindAgs

log = structlog.get_logger(__name__)
LIFETIME = timedelta(minutes=10)
LONGEST_WALLET_NONCE = 500


class IssuerRefused(ValueError):
    """This does not make a trusted issuer; the message says why."""

    code = "wallet_issuer_refused"


def begin() -> str:
    """Prepare to ask a wallet, on this device or another; returns the secret by which the browser is known again."""
    browser, now = tokens.new_token(), clock.now()
    for same_device in (True, False):
        id = secrets.token_urlsafe(24)
        WalletRequest.objects.create(
            id=id,
            same_device=same_device,
            browser_digest=tokens.digest_of(browser),
            nonce=secrets.token_urlsafe(24),
            mode=settings.VERIFIER["mode"],
            sealed_key=verifier.sealed(id, json.loads(verifier.new_key())),
            created_at=now,
            expires_at=now + LIFETIME,
        )
    return browser


def request_object(*, request_id: str, wallet_nonce: str = "") -> str:
    """The signed question, for the wallet that fetches it; raises ``NoSuchRequest``, ``RequestExpired``, ``AnsweredBefore``.

    Also ``MalformedAnswer`` where the wallet's nonce is too long to be one.
    """
    if len(wallet_nonce) > LONGEST_WALLET_NONCE:
        raise refusals.MalformedAnswer("wallet_nonce is too long")
    row = _waiting(WalletRequest.objects.filter(id=request_id).first())
    own = verifier.own_verifier()
    return requests.request_object(own, verifier.asked(row), now=clock.now(), wallet_nonce=wallet_nonce)


def take_answer(*, request_id: str, form: Mapping[str, str], find_ags: FindAgs) -> str:
    """Judge what a wallet posted. Returns the code by which the browser on the same device gets its session, or "".

    An answer that is refused ends the request. Raises an ``IdentityRefused``.
    """
    refused, code = None, ""
    with transaction.atomic():
        row = _waiting(WalletRequest.objects.select_for_update().filter(id=request_id).first())
        try:
            outcome = judge(row, form, find_ags=find_ags, now=clock.now())
        except IdentityRefused as problem:
            refused, row.state, row.problem = problem, "refused", problem.code
        else:
            code = tokens.new_token() if row.same_device else ""
            row.state, row.code_digest = "answered", tokens.digest_of(code) if code else ""
            row.sealed_outcome = verifier.sealed(row.id, asdict(outcome))
        row.save()
    log.info("identity.wallet.answered", same_device=row.same_device, problem=row.problem or None)
    if refused is not None:
        raise refused
    return code


def finish(*, browser: str, code: str | None = None) -> str:
    """Begin the session of the person whom the wallet identified, in the browser that asked; returns its token.

    The answer of a wallet on the same device needs the ``code`` that the wallet was given to bring back; without a
    code only an answer of another device counts. Raises ``OtherBrowser`` or ``NotYetAnswered``.
    """
    with transaction.atomic():
        rows = list(WalletRequest.objects.select_for_update().filter(browser_digest=tokens.digest_of(browser)))
        row = next((row for row in rows if row.same_device == (code is not None)), None)
        if row is None or (code is not None and not hmac.compare_digest(row.code_digest, tokens.digest_of(code))):
            raise refusals.OtherBrowser("begun in another browser")
        if row.state != "answered" or row.expires_at <= clock.now():
            raise refusals.NotYetAnswered("no answer that could still be used")
        session = begin_session(**verifier.unsealed(row.id, bytes(row.sealed_outcome)))
        for one in rows:
            one.state, one.sealed_outcome, one.sealed_key = "finished", b"", b""
            one.save()
    return session


def trust_wallet_issuer(
    *,
    issuer: str,
    name: str,
    keys: Sequence[Mapping[str, Any]] = (),
    certificates: Sequence[str] = (),
    level: str = "high",
    subject_claim: str = "",
    simulated: bool = False,
) -> None:
    """Accept PIDs of this issuer, signed with one of ``keys`` (public JWKs) or under ``certificates`` (PEM).

    Raises ``IssuerRefused``.
    """
    if not (keys or certificates) or level not in LEVELS:
        raise IssuerRefused(f"an issuer has a key or a certificate, and a level: {', '.join(LEVELS)}")
    public = [_public(key) for key in keys]
    checked = [_checked(pem) for pem in certificates]
    with transaction.atomic():
        known, _ = TrustedIssuer.objects.get_or_create(
            issuer=issuer, defaults={"name": name, "keys": [], "simulated": simulated}
        )
        if known.keys and known.simulated != simulated:
            raise IssuerRefused(f"{issuer} also signs assertions; it cannot be simulated in one and real in the other")
        known.name, known.simulated = name, simulated
        known.save()
        values = {"keys": public, "certificates": checked, "level": level, "subject_claim": subject_claim}
        WalletIssuer.objects.update_or_create(trusted=known, defaults=values)


def distrust_wallet_issuer(*, issuer: str) -> None:
    """Accept no more PIDs of this issuer; accounts stay. Raises ``IssuerRefused`` for one that is not trusted."""
    deleted, _ = WalletIssuer.objects.filter(trusted__issuer=issuer).delete()
    if not deleted:
        raise IssuerRefused(f"{issuer} is no trusted issuer; formlos identity wallet-issuer list shows them")


def _waiting(row: WalletRequest | None) -> WalletRequest:
    if row is None:
        raise refusals.NoSuchRequest("there is no such request")
    if row.state != "waiting":
        raise refusals.AnsweredBefore("this request was answered before")
    if row.expires_at <= clock.now():
        raise refusals.RequestExpired("this request has expired")
    return row


def _public(key: Mapping[str, Any]) -> dict[str, Any]:
    try:
        compact.public_key(key)
    except refusals.MalformedAnswer as error:
        raise IssuerRefused("keys of issuers are JWKs on P-256") from error
    if "d" in key:
        raise IssuerRefused("only public keys of issuers are kept here")
    return dict(key)


def _checked(pem: str) -> str:
    try:
        for certificate in x509.load_pem_x509_certificates(pem.encode()):
            certificate.public_key()
    except ValueError as error:
        raise IssuerRefused("certificates of issuers are in PEM") from error
    return pem
