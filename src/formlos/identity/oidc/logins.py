"""A login from the browser's side: begin, take the provider's answer, look how it goes, finish. Never calls out.

``browser`` is a secret that only the browser's login cookie holds: whoever has somebody else's link has nothing.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import UUID

import structlog
from django.db import transaction

from formlos.base import clock
from formlos.base.jobs import defer_for_node
from formlos.identity import tokens
from formlos.identity.levels import reaches
from formlos.identity.models import Login
from formlos.identity.oidc import claims, exchanging, providers
from formlos.identity.queries import PERSON, STAFF
from formlos.identity.refusals import (
    Cancelled,
    Expired,
    IdentityRefused,
    MixedUp,
    OtherBrowser,
    ProviderDown,
    ProviderRefused,
    Replayed,
    TooWeak,
)
from formlos.identity.sessions import begin_session

log = structlog.get_logger(__name__)
SIGN_IN_WITHIN = timedelta(minutes=15)
EXCHANGE_WITHIN = timedelta(seconds=45)
URGENT = 20
LONGEST_CODE = 4096


@dataclass(frozen=True)
class Progress:
    """Where a login stands. ``problem`` is the code of an ``IdentityRefused``, empty while all is well."""

    stage: str
    problem: str
    provider: str
    needed: str
    next: str


def begin(
    *,
    provider: str,
    browser: str,
    redirect_uri: str,
    next: str,
    needed: str = "none",
    purpose: str = PERSON,
    town: str = "",
) -> str:
    """Begin a login and return the provider's address to which the browser goes.

    A ``needed`` level makes it a step-up: the person is asked anew. Only a simulated provider is told the ``town`` whose
    page one comes from, so that it can name it. Raises ``UnknownIssuer``, ``TooWeak``.
    """
    row = providers.provider_named(provider, staff=purpose == STAFF)
    if not reaches(claims.strongest(row.levels), needed):
        raise TooWeak(f"{provider} vouches for no more than {claims.strongest(row.levels)}")
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    fresh = needed != "none"
    login = Login(
        provider=row,
        purpose=purpose,
        state_digest=tokens.digest_of(state),
        browser_digest=tokens.digest_of(browser),
        needed=needed,
        fresh=fresh,
        next=next,
        stage="sent",
        expires_at=clock.now() + SIGN_IN_WITHIN,
    )
    exchanging.seal_into(login, {"nonce": nonce, "verifier": verifier, "redirect_uri": redirect_uri})
    login.save()
    query = {
        "response_type": "code",
        "client_id": row.client_id,
        "redirect_uri": redirect_uri,
        "scope": row.scopes,
        "state": state,
        "nonce": nonce,
        "code_challenge": _challenge(verifier),
        "code_challenge_method": "S256",
    }
    if fresh:
        query["max_age"] = str(int(exchanging.FRESHNESS.total_seconds()))
        query["acr_values"] = " ".join(claims.acr_values(needed, row.levels))
    if town and row.accounts.simulated:
        query["town"] = town
    endpoint = row.metadata["authorization_endpoint"]
    return f"{endpoint}{'&' if urlsplit(endpoint).query else '?'}{urlencode(query)}"


def take_answer(*, provider: str, browser: str, answer: Mapping[str, str], purpose: str = PERSON) -> UUID:
    """Take what the provider sent the browser back with, and leave the rest to a job; returns the login's id.

    What is wrong with the answer is then the login's problem. Raises ``OtherBrowser`` when it is no login of this
    browser, ``Replayed`` when its answer came before.
    """
    with transaction.atomic():
        login = (
            Login.objects.select_for_update(of=("self",))
            .select_related("provider")
            .filter(state_digest=tokens.digest_of(answer.get("state", "")), purpose=purpose)
            .first()
        )
        if login is None or not hmac.compare_digest(login.browser_digest, tokens.digest_of(browser)):
            raise OtherBrowser("no login of this browser waits for this answer")
        if login.stage != "sent":
            raise Replayed("the answer to this login came before")
        try:
            _accept(login, provider, answer)
        except IdentityRefused as refused:
            exchanging.fail(login, refused)
        else:
            defer_for_node(exchanging.exchange, priority=URGENT, login_id=str(login.id))
    return login.id


def progress_of(login_id: UUID, *, browser: str, purpose: str = PERSON) -> Progress:
    """Where a login of this browser stands; raises ``OtherBrowser``."""
    login = _own(Login.objects.select_related("provider"), login_id, browser, purpose)
    stage, problem = login.stage, login.problem
    if stage == "returned" and login.returned_at and clock.now() > login.returned_at + EXCHANGE_WITHIN:
        stage, problem = "failed", ProviderDown.code
    if stage == "used":
        problem = Replayed.code
    return Progress(stage, problem, login.provider_id, login.needed, login.next)


def finish(login_id: UUID, *, browser: str, purpose: str = PERSON) -> tuple[str, str]:
    """Turn a login that is done into a session, once: its token, and the page to go on with.

    Raises ``OtherBrowser``, ``Replayed``, ``Expired``.
    """
    with transaction.atomic():
        rows = Login.objects.select_for_update(of=("self",)).select_related("provider")
        login = _own(rows, login_id, browser, purpose)
        if login.stage != "done":
            raise Replayed("this login is not there to be finished")
        if clock.now() > login.expires_at:
            raise Expired("this login took too long")
        found = exchanging.open_of(login)
        token = begin_session(
            issuer=login.provider.accounts_id,
            subject=found["subject"],
            level=found["level"],
            facts=found["facts"],
            purpose=purpose,
            provider=login.provider_id,
        )
        login.stage, login.sealed = "used", b""
        login.save(update_fields=["stage", "sealed"])
    return token, login.next


def _own(rows: Any, login_id: UUID, browser: str, purpose: str) -> Login:
    login: Login | None = rows.filter(id=login_id, purpose=purpose).first()
    if login is None or not hmac.compare_digest(login.browser_digest, tokens.digest_of(browser)):
        raise OtherBrowser("this browser has no such login")
    return login


def _accept(login: Login, provider: str, answer: Mapping[str, str]) -> None:
    """Check the authorization response and keep its code; raises an ``IdentityRefused``."""
    row, now = login.provider, clock.now()
    if provider != row.key or _names_other_issuer(answer, row.issuer, row.metadata):
        raise MixedUp("another provider answered than the one that was asked")
    if now > login.expires_at:
        raise Expired("the person took too long")
    if answer.get("error"):
        raise (
            Cancelled("broken off")
            if answer["error"] in ("access_denied", "login_required")
            else ProviderRefused("the provider refused the request")
        )
    code = answer.get("code", "")
    if not 0 < len(code) <= LONGEST_CODE:
        raise ProviderRefused("the provider sent no code")
    exchanging.seal_into(login, exchanging.open_of(login) | {"code": code})
    login.stage, login.returned_at = "returned", now
    login.save(update_fields=["stage", "returned_at", "sealed"])


def _names_other_issuer(answer: Mapping[str, str], issuer: str, metadata: Mapping[str, Any]) -> bool:
    """RFC 9207: the response names its issuer, which is compulsory where the provider says that it does."""
    named = answer.get("iss")
    if named is None:
        return bool(metadata.get("authorization_response_iss_parameter_supported"))
    return named != issuer


def _challenge(verifier: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
