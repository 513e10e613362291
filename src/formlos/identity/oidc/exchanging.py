"""The job that ends a login: exchange the code, verify the ID token, read the person. The only part that calls out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import structlog

from formlos.base import clock, sealing
from formlos.base.jobs import node_task
from formlos.identity.levels import reaches
from formlos.identity.models import Login, Provider
from formlos.identity.oidc import claims, endpoints, id_tokens, providers
from formlos.identity.oidc.id_tokens import Expected, UnknownKey
from formlos.identity.persons import facts_of_account
from formlos.identity.refusals import IdentityRefused, ProviderRefused, TooWeak

log = structlog.get_logger(__name__)
FRESHNESS = timedelta(minutes=5)
KEYS_AT_MOST_EVERY = timedelta(seconds=30)


@node_task(name="identity.exchange_code", queue="identity", retry=None)
def exchange(*, login_id: str) -> None:
    """Ask the provider about a login whose code came back; a second run finds it over, or its code spent."""
    login = Login.objects.select_related("provider").filter(id=login_id, stage="returned").first()
    if login is None:
        return
    try:
        outcome = _identify(login, login.provider)
    except IdentityRefused as refused:
        fail(login, refused)
        return
    seal_into(login, outcome)
    Login.objects.filter(id=login.id, stage="returned").update(stage="done", sealed=login.sealed)
    log.info("identity.login.done", login=str(login.id), provider=login.provider_id, level=outcome["level"])


def fail(login: Login, refused: IdentityRefused) -> None:
    """End a login with a problem; what was sealed in it is forgotten."""
    Login.objects.filter(id=login.id).exclude(stage="used").update(stage="failed", problem=refused.code, sealed=b"")
    log.info("identity.login.failed", login=str(login.id), provider=login.provider_id, code=refused.code)


def seal_into(login: Login, content: Mapping[str, Any]) -> None:
    login.sealed = sealing.seal(json.dumps(dict(content)).encode(), context=f"login {login.id}")


def open_of(login: Login) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(sealing.unseal(bytes(login.sealed), context=f"login {login.id}"))
    return found


def _identify(login: Login, provider: Provider) -> dict[str, Any]:
    """``subject``, ``level`` and ``facts`` of the person. Raises an ``IdentityRefused``."""
    kept = open_of(login)
    answer = endpoints.redeem(
        provider.metadata,
        client_id=provider.client_id,
        secret=providers.secret_of(provider),
        code=kept["code"],
        verifier=kept["verifier"],
        redirect_uri=kept["redirect_uri"],
    )
    expected = Expected(provider.issuer, provider.client_id, kept["nonce"], FRESHNESS if login.fresh else None)
    told = _verified(answer, provider, expected)
    level = claims.level_of(told.get("acr"), provider.levels)
    if not reaches(level, login.needed):
        raise TooWeak(f"identified with {level}, {login.needed} is needed")
    told = _with_userinfo(told, provider, answer["access_token"])
    facts = facts_of_account(claims.person(told, provider.claims), level)
    return {"subject": told["sub"], "level": level, "facts": facts}


def _verified(answer: Mapping[str, Any], provider: Provider, expected: Expected) -> dict[str, Any]:
    """The ID token's claims; unknown keys are fetched once, but not for everybody who asks."""
    arguments = {"expected": expected, "access_token": answer["access_token"], "now": clock.now()}
    try:
        return id_tokens.verify(answer["id_token"], keys=provider.jwks, **arguments)
    except UnknownKey:
        if clock.now() < provider.jwks_at + KEYS_AT_MOST_EVERY:
            raise
    providers.refresh(provider)
    return id_tokens.verify(answer["id_token"], keys=provider.jwks, **arguments)


def _with_userinfo(told: dict[str, Any], provider: Provider, access_token: str) -> dict[str, Any]:
    """The ID token's claims win; the userinfo endpoint adds what they lack."""
    if not isinstance(provider.metadata.get("userinfo_endpoint"), str) or not claims.missing(told, provider.claims):
        return told
    more = endpoints.userinfo(provider.metadata, access_token=access_token)
    if more.get("sub") != told["sub"]:
        raise ProviderRefused("the userinfo is about somebody else")
    return more | told
