"""Asking the language model for a person who agreed: a sealed question, a job, an answer, and both forgotten.

The text is sealed with the node key and erased before the model is asked; what the model proposed is names of our own
list. Rows are deleted ten minutes after the question.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

import structlog

from formlos.base import clock, sealing
from formlos.base.jobs import defer
from formlos.base.tenancy import within
from formlos.catalogue.finder import finding
from formlos.catalogue.finder import model as language_model
from formlos.catalogue.finder.finding import Offer
from formlos.catalogue.finder.matching import LONGEST
from formlos.catalogue.finder.model import ModelFailed
from formlos.catalogue.finder.sentence import NothingSaid, TooLong
from formlos.catalogue.models import Consultation

log = structlog.get_logger(__name__)
KEPT_FOR = timedelta(minutes=10)
PATIENCE = timedelta(seconds=45)
WAITING, ANSWERED, FAILED = "waiting", "answered", "failed"


class NoModel(Exception):
    """The operator has named no language model."""

    code = "no_model"


class NoSuchConsultation(LookupError):
    """There is no such question, or it is forgotten."""

    code = "no_such_consultation"


@dataclass(frozen=True)
class Consulted:
    """``state``: waiting, answered or failed; ``offers``: what the model proposed, for the person to judge."""

    state: str
    offers: tuple[Offer, ...] = ()


def ask(text: str) -> str:
    """Let a job ask the model; returns the token by which the answer is found. Inside ``within()``.

    Raises ``NoModel``, ``NothingSaid``, ``TooLong``.
    """
    from formlos.catalogue import tasks  # tasks load this room

    if language_model.model() is None:
        raise NoModel
    if not text.strip():
        raise NothingSaid
    if len(text) > LONGEST:
        raise TooLong
    token = secrets.token_urlsafe(32)
    sealed = sealing.seal(text.encode(), context=_key(token))
    row = Consultation.objects.create(key=_key(token), sealed=sealed, asked_at=clock.now())
    defer(tasks.ask_model, consultation=str(row.id), priority=5)
    return token


def answer(*, consultation: str) -> None:
    """The job: take the text, forget it, ask the model, keep what it proposed. Asks once; outside transactions."""
    with within():
        row = Consultation.objects.select_for_update().filter(id=consultation, state=WAITING).first()
        asked = language_model.model()
        if row is None or asked is None or not row.sealed:
            return
        text = sealing.unseal(bytes(row.sealed), context=row.key).decode()
        row.sealed = b""
        row.save(update_fields=["sealed"])
        matters = finding.all_matters()
    try:
        proposed = language_model.propose(text, matters=matters, asked=asked, today=clock.today().isoformat())
        result = {"state": ANSWERED, "proposed": proposed}
    except ModelFailed as failed:
        log.warning("finder.model.failed", reason=str(failed))
        result = {"state": FAILED}
    with within():
        Consultation.objects.filter(id=consultation).update(**result)


def consulted(token: str) -> Consulted:
    """How the question stands. Inside ``within()``. Raises ``NoSuchConsultation``."""
    row = Consultation.objects.filter(key=_key(token), asked_at__gt=clock.now() - KEPT_FOR).first()
    if row is None:
        raise NoSuchConsultation
    if row.state == WAITING and clock.now() - row.asked_at > PATIENCE:
        return Consulted(FAILED)
    known = {offer.matter.name: offer for offer in finding.all_matters()} if row.proposed else {}
    found = [_offer(known[one["name"]], one["facts"]) for one in row.proposed if one["name"] in known]
    return Consulted(row.state, tuple(found))


def forget_old() -> None:
    """Delete the questions of the municipality that are over. Inside ``within()``."""
    Consultation.objects.filter(asked_at__lte=clock.now() - KEPT_FOR).delete()


def _offer(offer: Offer, facts: Mapping[str, str]) -> Offer:
    """The facts are checked once more: the law may have changed since."""
    return replace(offer, suggested=finding.acceptable(offer.document, facts) if offer.document else {})


def _key(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
