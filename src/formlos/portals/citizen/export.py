"""Everything a person's cities hold about them as one open file; docs/export.md describes it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from formlos.base import clock
from formlos.identity import contacts
from formlos.identity.queries import Identity
from formlos.law.types import encode
from formlos.notices import consents
from formlos.portals.citizen.holdings import Holding, TownHolding

FORMAT, VERSION = "formlos-my-data", 1
RETRIEVAL = "retrieve_acts_here"


def export_of(person: Identity, held: Iterable[TownHolding]) -> dict[str, Any]:
    """JSON-able but for moments, days and ids, which Django's encoder writes as ISO texts."""
    return {
        "format": FORMAT,
        "version": VERSION,
        "exported_at": clock.now(),
        "identity": {"provider": person.issuer, "level": person.level, "simulated": person.simulated},
        "messages": asdict(contacts.contact_of(person.sub)),
        "towns": [_town(one) for one in held],
    }


def _town(held: TownHolding) -> dict[str, Any]:
    return {
        "ags": held.town.ags,
        "name": held.town.name,
        "cases": [_case(one) for one in held.cases],
        "cases_not_exported": held.unread,
        "register_entry_known": held.in_register,
        "register_accesses": [asdict(access) for access in held.accesses],
        "consents": _consents(held),
    }


def _consents(held: TownHolding) -> list[dict[str, Any]]:
    """What the person consented to; empty where they never said anything."""
    if not held.said:
        return []
    history = [asdict(said) for said in held.said]
    return [{"kind": RETRIEVAL, "norm": consents.NORM, **asdict(held.retrieval), "history": history}]


def _case(held: Holding) -> dict[str, Any]:
    view = held.view
    return {
        "id": view.id,
        "reference": view.reference,
        "service": view.service,
        "title": view.title,
        "state": view.state,
        "opened_at": view.opened_at,
        "decided_at": view.decided_at,
        "facts": [vars(known) | {"value": encode(known.value)} for known in view.known],
        "exchanges": [asdict(exchange) for exchange in held.exchanges],
        "objections": [encode(known.value) for known in held.objections],
        "decision": {name: held.decision[name] for name in ("goals", "explanation") if name in held.decision},
        "documents": [asdict(document) for document in held.documents],
    }
