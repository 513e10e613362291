"""SIMULATED issuer and holder of PIDs for demo nodes: credentials of invented people. Never for real ones.

It stands where Germany's PID provider and people's own wallets will stand. Refuses to exist unless the node is a demo
(``FORMLOS_DEMO``), and only such a node accepts its credentials.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from joserfc.jwk import ECKey

from formlos.base import clock
from formlos.base.secret_files import read_or_create, secret_folder
from formlos.identity.demo_issuer import DemoOnly
from formlos.identity.wallet import dcql, holding, operations, pid, sdjwt, verifier

ISSUER = "urn:formlos:demo-pid-issuer"
NAME = "Simulierte Wallet"
LIFETIME = timedelta(days=90)
DOCUMENTS = {ours: theirs for theirs, ours in pid.DOCUMENTS.items()}


@dataclass(frozen=True)
class Card:
    """A PID in the simulated wallet, with the private key that it is bound to. ``story`` says who the person is."""

    key: str
    name: str
    town: str
    story: str
    issued: holding.Issued
    holder: ECKey

    @property
    def credential(self) -> dcql.Credential:
        """As DCQL sees it."""
        return dcql.Credential(sdjwt.FORMAT, pid.GERMAN, holding.held_claims(self.issued))


def enable() -> None:
    """Make the issuer's key if need be and trust it on this node; raises ``DemoOnly``."""
    public = dict(_issuer_key().as_dict(private=False))
    operations.trust_wallet_issuer(issuer=ISSUER, name=NAME, keys=[public], simulated=True)


def issue(*, person: Mapping[str, Any], holder: ECKey, **changes: Any) -> holding.Issued:
    """A PID for an invented person (as in ``assertions``), bound to a key; ``changes`` to what is always seen.

    Raises ``DemoOnly``.
    """
    key, now = _issuer_key(), clock.now()
    always = {"iss": ISSUER, "vct": pid.GERMAN, "iat": int(now.timestamp()), "exp": int((now + LIFETIME).timestamp())}
    public = holder.as_dict(private=False)
    return holding.issue(claims_of(person), open_claims=always | changes, holder=public, key=key)


def claims_of(person: Mapping[str, Any]) -> dict[str, Any]:
    """An invented person in the words of the PID; what the person does not have is left out."""
    home = person.get("anschrift") or {}
    street = " ".join(filter(None, (home.get("strasse"), home.get("hausnummer"))))
    address = {"street_address": street, "postal_code": home.get("postleitzahl"), "locality": home.get("ort")}
    claims = {
        "family_name": person.get("familienname"),
        "given_name": person.get("vornamen"),
        "birth_family_name": person.get("geburtsname"),
        "birthdate": person.get("geburtsdatum"),
        "place_of_birth": {"locality": person["geburtsort"]} if person.get("geburtsort") else None,
        "address": address | {"country": "DE"} if street else None,
        "nationalities": ["DE"] if person.get("staatsangehoerigkeit", "DEU") == "DEU" else None,
        "source_document_type": DOCUMENTS.get(str(person.get("ausweis_art"))),
    }
    return {name: value for name, value in claims.items() if value}


def hand_over(people: Iterable[Mapping[str, Any]]) -> None:
    """Put people into the simulated wallet: ``key``, ``name``, ``town``, ``story`` and ``person``. Raises ``DemoOnly``."""
    cards = []
    for one in people:
        holder = ECKey.generate_key("P-256")
        issued = issue(person=one["person"], holder=holder)
        kept = {name: one[name] for name in ("key", "name", "town", "story")}
        disclosures = [[list(path), text] for path, text in issued.disclosures.items()]
        kept |= {"credential": issued.credential, "disclosures": disclosures}
        cards.append(kept | {"holder": holder.as_dict(private=True)})
    file = _file()
    partial = file.with_suffix(".new")
    partial.touch(mode=0o600)
    partial.write_text(json.dumps(cards, ensure_ascii=False))
    partial.replace(file)


def cards() -> list[Card]:
    """Everybody in the simulated wallet; nobody before ``hand_over``. Raises ``DemoOnly``."""
    file = _file()
    return [_card(kept) for kept in json.loads(file.read_text())] if file.exists() else []


def present(card: Card, *, claims: Iterable[dcql.ClaimQuery], audience: str, nonce: str, now: datetime) -> str:
    """The presentation with which the person of a card answers."""
    disclosures = holding.disclosures_for(card.issued, [claim.path for claim in claims])
    return holding.present(card.issued, disclosures, key=card.holder, audience=audience, nonce=nonce, now=now)


def _card(kept: Mapping[str, Any]) -> Card:
    disclosures = {tuple(path): text for path, text in kept["disclosures"]}
    issued = holding.Issued(kept["credential"], disclosures)
    holder = ECKey.import_key(kept["holder"])
    return Card(kept["key"], kept["name"], kept["town"], kept["story"], issued, holder)


def _file() -> Path:
    _require_demo()
    return secret_folder(settings.HOME) / "demo-wallet.json"


def _issuer_key() -> ECKey:
    _require_demo()
    kept = read_or_create(secret_folder(settings.HOME) / "demo-pid-issuer.json", verifier.new_key)
    return ECKey.import_key(json.loads(kept))


def _require_demo() -> None:
    if not settings.DEMO:
        raise DemoOnly(DemoOnly.__doc__)
