"""Judging what a wallet posted: opened, verified, compared with the question, turned into facts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings

from formlos.identity.models import WalletIssuer, WalletRequest
from formlos.identity.wallet import certificates, compact, dcql, pid, refusals, sdjwt, verifier
from formlos.identity.wallet.pid import FindAgs
from formlos.identity.wallet.refusals import MalformedAnswer
from formlos.identity.wallet.requests import ENCRYPTED_POST
from formlos.identity.wallet.sdjwt import Expected, Verified


@dataclass(frozen=True)
class Outcome:
    """Whom the answer identifies; arguments of ``identity.sessions.begin_session``."""

    issuer: str
    subject: str
    level: str
    facts: Mapping[str, Any]


def judge(row: WalletRequest, form: Mapping[str, str], *, find_ags: FindAgs, now: datetime) -> Outcome:
    """The outcome of what a wallet posted for a request; raises an ``IdentityRefused``."""
    answer = _opened(row, form)
    if answer.get("state") != row.id:
        raise MalformedAnswer("state is that of another request")
    if "error" in answer:
        refused = answer["error"] == "access_denied"
        raise refusals.Declined("declined") if refused else refusals.WalletCannot("the wallet cannot answer")
    query = dcql.read(pid.query())
    presentation = _only_presentation(answer.get("vp_token"), query)
    asked = verifier.asked(row)
    audience = verifier.own_verifier().client_id(asked.response_uri)
    expected = Expected(audience, row.nonce, row.created_at)
    issuers = _Issuers(now)
    found = sdjwt.verify(presentation, issuer_key=issuers.key, expected=expected, now=now)
    _check(found, query)
    return _outcome(found, issuers.named(found.issuer), find_ags)


def _opened(row: WalletRequest, form: Mapping[str, str]) -> Mapping[str, Any]:
    """The parameters of the answer; an answer that should be encrypted is not taken in the open, a refusal is."""
    if "response" in form and row.mode == ENCRYPTED_POST:
        return compact.decrypted(form["response"], key=verifier.answer_key(row))
    if "response" in form or (row.mode == ENCRYPTED_POST and "error" not in form):
        raise MalformedAnswer("encrypted, or not, other than asked")
    if "vp_token" not in form:
        return form
    try:
        return dict(form) | {"vp_token": json.loads(form["vp_token"])}
    except (ValueError, RecursionError) as error:
        raise MalformedAnswer("vp_token is a JSON object") from error


def _only_presentation(vp_token: Any, query: dcql.Query) -> str:
    """The presentation of the one credential that is asked for."""
    if not isinstance(vp_token, dict) or not all(isinstance(shown, list) for shown in vp_token.values()):
        raise MalformedAnswer("vp_token holds a list of presentations for each credential")
    if set(vp_token) - set(query.credentials) or any(len(shown) > 1 for shown in vp_token.values()):
        raise refusals.UnexpectedCredential("other or more credentials than asked")
    shown = vp_token.get(pid.ID) or [""]
    if not isinstance(shown[0], str) or not shown[0]:
        raise refusals.ClaimsMissing("no credential")
    return shown[0]


def _check(found: Verified, query: dcql.Query) -> None:
    dcql.check_answer(query, {pid.ID: [dcql.Credential(sdjwt.FORMAT, found.vct, found.claims)]})
    if not all(dcql.is_asked(query.credentials[pid.ID], path) for path in found.disclosed):
        raise refusals.TooMuchDisclosed("the wallet disclosed what was not asked")


def _outcome(found: Verified, issuer: WalletIssuer, find_ags: FindAgs) -> Outcome:
    facts = pid.facts_of(found.claims, level=issuer.level, find_ags=find_ags)
    lasting = found.claims.get(issuer.subject_claim) if issuer.subject_claim else ""
    if not isinstance(lasting, str) or (issuer.subject_claim and not lasting):
        raise refusals.ClaimsMissing(f"credentials of this issuer name {issuer.subject_claim}")
    subject = pid.subject_of(found.claims, found.holder, secret=verifier.subject_secret(), lasting=lasting)
    return Outcome(found.issuer, subject, issuer.level, facts)


class _Issuers:
    """Whom this node trusts to issue PIDs; simulated issuers count on demo nodes only."""

    def __init__(self, now: datetime) -> None:
        self._now = now

    def key(self, claims: Mapping[str, Any], header: Mapping[str, Any]) -> Mapping[str, Any]:
        issuer = self.named(claims.get("iss"))
        if issuer.certificates and "x5c" in header:
            return certificates.key_of_chain(header["x5c"], anchors=issuer.certificates, now=self._now)
        kid, keys = header.get("kid"), issuer.keys
        found = keys[0] if len(keys) == 1 and kid is None else next((k for k in keys if k.get("kid") == kid), None)
        if found is None:
            raise refusals.UntrustedIssuer("the issuer has no such key here")
        return found

    def named(self, issuer: Any) -> WalletIssuer:
        known = WalletIssuer.objects.select_related("trusted")
        found = (
            known.filter(trusted__issuer=issuer).first() if isinstance(issuer, str) and issuer.isprintable() else None
        )
        if found is None or (found.trusted.simulated and not settings.DEMO):
            raise refusals.UntrustedIssuer("this node does not trust the issuer to identify people")
        return found
