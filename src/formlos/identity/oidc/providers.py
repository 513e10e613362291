"""The OpenID Connect providers of this node: connect, list, remove, keep what they publish fresh."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode, urlsplit

import structlog
from django.conf import settings
from django.db import transaction

from formlos.base import clock, sealing
from formlos.identity.levels import reaches
from formlos.identity.models import Provider, TrustedIssuer
from formlos.identity.oidc import claims, endpoints
from formlos.identity.oidc.endpoints import is_safe
from formlos.identity.refusals import IdentityRefused, UnknownIssuer

log = structlog.get_logger(__name__)
FRESH_FOR = timedelta(days=1)
KEY = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


class ProviderNotAllowed(ValueError):
    """These settings do not make a provider; the message says what to change."""

    code = "provider_not_allowed"


class NoSuchProvider(LookupError):
    """There is no such provider; formlos identity provider list shows them."""

    code = "no_such_provider"


@dataclass(frozen=True)
class Connection:
    """What an operator says of a provider. ``accounts_of``: whose accounts it continues; normally its own.

    ``towns``: AGS of the municipalities that offer it, none means all.
    """

    issuer: str
    key: str
    name: str
    client_id: str
    secret: str
    levels: Mapping[str, str]
    claims: Mapping[str, str]
    scopes: str = "openid"
    accounts_of: str = ""
    towns: Sequence[str] = ()
    for_people: bool = True
    for_staff: bool = False
    simulated: bool = False


@dataclass(frozen=True)
class Offered:
    """A provider as one chooses it. ``level`` is the strongest that it vouches for."""

    key: str
    name: str
    level: str
    simulated: bool


@dataclass(frozen=True)
class Listed(Offered):
    """A provider as an operator sees it, with the age of what is kept of it."""

    issuer: str
    client_id: str
    purposes: tuple[str, ...]
    towns: tuple[str, ...]
    metadata_at: datetime
    jwks_at: datetime


def connect(wanted: Connection) -> None:
    """Fetch what the provider publishes and keep it, or change a provider of the same issuer. Calls out.

    Raises ``ProviderNotAllowed``, ``MapRefused``, ``ProviderDown``.
    """
    _check(wanted)
    metadata = endpoints.discover(wanted.issuer)
    keys, now = endpoints.fetch_keys(metadata), clock.now()
    with transaction.atomic():
        trusted = _account_issuer(wanted)
        Provider.objects.filter(issuer=wanted.issuer).exclude(key=wanted.key).delete()
        Provider.objects.update_or_create(
            key=wanted.key,
            defaults={
                "issuer": wanted.issuer,
                "accounts": trusted,
                "client_id": wanted.client_id,
                "sealed_secret": sealing.seal(wanted.secret.encode(), context=f"provider {wanted.issuer}"),
                "scopes": wanted.scopes,
                "levels": dict(wanted.levels),
                "claims": dict(wanted.claims),
                "for_people": wanted.for_people,
                "for_staff": wanted.for_staff,
                "towns": list(wanted.towns),
                "metadata": metadata,
                "metadata_at": now,
                "jwks": keys,
                "jwks_at": now,
            },
        )


def remove(*, issuer: str) -> None:
    """Nobody signs in there any more; accounts and running sessions stay. Raises ``NoSuchProvider``."""
    if not Provider.objects.filter(issuer=issuer).delete()[0]:
        raise NoSuchProvider(f"{issuer} is no provider of this node; see: formlos identity provider list")


def listed() -> list[Listed]:
    """Every provider, by key."""
    return [
        Listed(
            **vars(_offered(row)),
            issuer=row.issuer,
            client_id=row.client_id,
            purposes=tuple(name for name, on in (("people", row.for_people), ("staff", row.for_staff)) if on),
            towns=tuple(row.towns),
            metadata_at=row.metadata_at,
            jwks_at=row.jwks_at,
        )
        for row in Provider.objects.select_related("accounts").order_by("key")
    ]


def offered(*, needed: str = "none", staff: bool = False, ags: str | None = None) -> list[Offered]:
    """Providers that can vouch for at least ``needed``, for people or staff, in a municipality; weakest first."""
    rows = Provider.objects.select_related("accounts").order_by("key")
    rows = rows.filter(for_staff=True) if staff else rows.filter(for_people=True)
    found = [_offered(row) for row in rows if _is_on(row) and (not ags or not row.towns or ags in row.towns)]
    return [one for one in found if reaches(one.level, needed)]


def account_issuer_of(issuer: str) -> str:
    """Under which issuer the accounts of a provider are kept; anybody else's under their own."""
    row = Provider.objects.filter(issuer=issuer).first()
    return str(row.accounts_id) if row else issuer


def provider_named(key: str, *, staff: bool) -> Provider:
    """The row of a provider that may be used now; raises ``UnknownIssuer``. Private to identity."""
    row = Provider.objects.select_related("accounts").filter(key=key).first()
    if row is None or not _is_on(row) or not (row.for_staff if staff else row.for_people):
        raise UnknownIssuer(f"{key!r} is no provider of this node")
    return row


def secret_of(row: Provider) -> str:
    return sealing.unseal(bytes(row.sealed_secret), context=f"provider {row.issuer}").decode()


def refresh(row: Provider) -> None:
    """Fetch anew what the provider publishes. Raises ``ProviderDown``; what was known stays then."""
    metadata = endpoints.discover(row.issuer)
    row.metadata, row.jwks = metadata, endpoints.fetch_keys(metadata)
    row.metadata_at = row.jwks_at = clock.now()
    row.save(update_fields=["metadata", "jwks", "metadata_at", "jwks_at"])


def refresh_old() -> None:
    """Fetch anew what is older than a day; a provider that is down keeps what is known and is tried again."""
    for row in Provider.objects.filter(metadata_at__lt=clock.now() - FRESH_FOR):
        try:
            refresh(row)
        except IdentityRefused as refused:
            log.warning("identity.provider.not_refreshed", provider=row.key, code=refused.code)


def sign_out_address(key: str, *, back: str) -> str | None:
    """Where the person also signs out at the provider (RP-initiated logout 1.0), if it offers that.

    Without ``id_token_hint``: the ID token would stand in addresses and so in histories and logs.
    """
    row = Provider.objects.filter(key=key).first()
    endpoint = row.metadata.get("end_session_endpoint") if row else None
    if row is None or not isinstance(endpoint, str) or not is_safe(endpoint):
        return None
    query = urlencode({"client_id": row.client_id, "post_logout_redirect_uri": back})
    return f"{endpoint}{'&' if urlsplit(endpoint).query else '?'}{query}"


def _offered(row: Provider) -> Offered:
    return Offered(row.key, row.accounts.name, claims.strongest(row.levels), row.accounts.simulated)


def _is_on(row: Provider) -> bool:
    return settings.DEMO or not row.accounts.simulated


def _account_issuer(wanted: Connection) -> TrustedIssuer:
    """The issuer whose accounts people get; one that is simulated never turns real, nor the other way round."""
    known = TrustedIssuer.objects.filter(issuer=wanted.accounts_of or wanted.issuer).first()
    if known is None and wanted.accounts_of:
        raise ProviderNotAllowed(f"nobody knows the issuer {wanted.accounts_of!r} whose accounts it would continue")
    if known is None:
        return TrustedIssuer.objects.create(issuer=wanted.issuer, name=wanted.name, keys=[], simulated=wanted.simulated)
    if known.simulated != wanted.simulated:
        raise ProviderNotAllowed(
            f"{known.issuer!r} is {'' if known.simulated else 'not '}simulated; that cannot change"
        )
    known.name = wanted.name
    known.save(update_fields=["name"])
    return known


def _check(wanted: Connection) -> None:
    claims.check(wanted.levels, wanted.claims)
    problems = []
    if not is_safe(wanted.issuer) or urlsplit(wanted.issuer).query or urlsplit(wanted.issuer).fragment:
        problems.append("the issuer is an https address without query, such as https://login.stadt.example")
    if not KEY.fullmatch(wanted.key):
        problems.append(f"the key {wanted.key!r} has up to 40 small letters, digits and hyphens")
    if not wanted.name.strip() or not wanted.client_id.strip():
        problems.append("name and client id are needed")
    if "openid" not in wanted.scopes.split():
        problems.append("the scopes contain openid")
    if not (wanted.for_people or wanted.for_staff):
        problems.append("the provider is for people, for staff or for both")
    if wanted.simulated and not settings.DEMO:
        problems.append("simulated providers exist on demo nodes only")
    if problems:
        raise ProviderNotAllowed("; ".join(problems))
