"""Answering a question: the presentation with its key binding, posted to the verifier; or a refusal."""

from __future__ import annotations

import json
from dataclasses import dataclass

import httpx
from django.conf import settings

from formlos.base import clock
from formlos.identity.wallet import compact, demo_pid
from formlos.identity.wallet.requests import ENCRYPTED_POST
from formlos.portals.wallet.questions import TIMEOUT, NotAQuestion, Question


@dataclass(frozen=True)
class Answered:
    """What the verifier said. ``back`` leads to the browser that asked, if it is on this device."""

    accepted: bool
    back: str
    problem: str


def share(question: Question, card: demo_pid.Card) -> Answered:
    """Show the verifier what it asked for. Raises ``NotAQuestion``."""
    claims = question.claims_of(card.credential)
    if claims is None:
        return _post(question, {"error": "access_denied", "state": question.state})
    shown = demo_pid.present(card, claims=claims, audience=question.client_id, nonce=question.nonce, now=clock.now())
    vp_token = {id: [shown] for id in question.query.credentials}
    if question.mode == ENCRYPTED_POST:
        plain = {"vp_token": vp_token, "state": question.state}
        return _post(question, {"response": compact.encrypt(plain, jwk=_key(question), enc="A256GCM")})
    return _post(question, {"vp_token": json.dumps(vp_token), "state": question.state})


def decline(question: Question) -> Answered:
    """Tell the verifier that the person does not want to. Raises ``NotAQuestion``."""
    return _post(question, {"error": "access_denied", "state": question.state})


def _key(question: Question) -> dict[str, str]:
    found = next((dict(key) for key in question.keys if key.get("alg") == compact.AGREEMENT), None)
    if found is None:
        raise NotAQuestion("the request names no key to encrypt to")
    return found


def _post(question: Question, form: dict[str, str]) -> Answered:
    try:
        answer = httpx.post(question.response_uri, data=form, timeout=TIMEOUT)
        said = answer.json()
    except (httpx.HTTPError, ValueError) as error:
        raise NotAQuestion("the verifier cannot be reached") from error
    back = said.get("redirect_uri", "")
    own = isinstance(back, str) and back.startswith(f"{settings.PUBLIC_URL}/")
    problem = "" if answer.is_success else str(said.get("error_description", answer.status_code))
    return Answered(answer.is_success, back if own else "", problem)
