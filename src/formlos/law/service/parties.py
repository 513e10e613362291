"""Sources of kind `party`: somebody else with an own identity, whom the person invites by a link.

The link opens a case of another service for them; what comes of it is the answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from formlos.law.document import Document
from formlos.law.errors import LawError
from formlos.law.service.place import Place

PARTY, INVITATION = "party", "invitation"
REPRESENTED = "represented"  # what a register says of the child for whom somebody acts
LONGEST_DAYS = 60


def check_parties(document: Document, place: Place) -> None:
    """Raise LawError for a party that does not say what it opens, hands over and gives.

    `service`: what the link opens; `days`: how long it lasts; `confirms`: the bool fact that becomes true or, on a
    refusal, false; `case` (optional): the text fact that names the other case; `hands`: *fact there: name here*;
    `instead` (optional): the fact by which the person chooses another way.
    """
    for name, source in document.data["sources"].items():
        if source["kind"] == PARTY:
            _check(document, place, name, source)


def _check(document: Document, place: Place, name: str, source: Mapping[str, Any]) -> None:
    for key in ("service", "days", "confirms", "hands"):
        if not source.get(key):
            place.refuse("party", f"party {name} has no {key}", name)
    if not 1 <= place.number(source["days"], name) <= LONGEST_DAYS:
        place.refuse("party", f"party {name}: a link lasts 1 to {LONGEST_DAYS} days", name)
    _gives(document, place, name, source["confirms"], "bool")
    if "case" in source:
        _gives(document, place, name, source["case"], "text")
    for own in place.mapping(source["hands"], name).values():
        _known(document, place, name, own)
    if "instead" in source and source["instead"] not in document.data["facts"]:
        place.refuse("unknown_name", f"party {name}: {source['instead']} is no fact", name)


def _gives(document: Document, place: Place, name: str, fact: str, kind: str) -> None:
    entry = document.data["facts"].get(fact)
    if entry is None or name not in entry["sources"] or document.fact_types[fact].kind != kind:
        place.refuse("party", f"party {name}: {fact} must be a fact of type {kind} with this source", name)


def _known(document: Document, place: Place, name: str, own: str) -> None:
    try:
        document.type_of(own)
    except LawError:
        place.refuse("unknown_name", f"party {name} hands over {own}, which is no fact or rule", name)


def handed(document: Document) -> set[str]:
    """Return the names of facts and rules that parties are told."""
    sources = document.data["sources"].values()
    return {own for source in sources if source["kind"] == PARTY for own in source.get("hands", {}).values()}
