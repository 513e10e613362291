"""Whose identity document it is: what a clerk saw of it, compared with who identified when the case was opened.

Where the facts of a case do not tell who acts (the service needs no birth date, or it is a child's case), its journal
keeps marks: digests of family name, given name and birth date with the node's key, which can be compared and not read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from formlos.base import sealing
from formlos.base.tenancy import current_municipality_id
from formlos.cases.representation import has_lapsed
from formlos.cases.state import ADOPTED, CHECKED, OPENED
from formlos.cases.values import values_from
from formlos.cases.work import Work
from formlos.law import Document
from formlos.vocabulary.names import search_form

DOCUMENTS = ("personalausweis", "eid_karte", "eat", "reisepass", "anderer")
LONGEST_ENDING = 4
PERSON = ("familienname", "vornamen", "geburtsdatum")  # by which a document is compared with a case
MARKS = "identified"  # in the journal's entries of kinds ``OPENED``, ``CHECKED`` and ``ADOPTED``
ONLINE_ONLY = {"clerk": (), "identity": ("vertrauensniveau",)}


class OtherPerson(Exception):
    """The document does not belong to the person of the case."""

    code = "other_person"


class NotComparable(Exception):
    """The case knows too little of its person to compare a document with."""

    code = "not_comparable"


class ActsNoMore(Exception):
    """It is the document of who acted for a child, and they may not any more."""

    code = "acts_no_more"


class CheckRefused(ValueError):
    """The check of identity is incomplete; ``fields`` names what is missing or wrong."""

    code = "check_refused"

    def __init__(self, fields: Iterable[str]) -> None:
        self.fields = tuple(fields)
        super().__init__(", ".join(self.fields))


@dataclass(frozen=True)
class Check:
    """What the clerk saw. ``document`` is one of ``DOCUMENTS``, ``ending`` its number's last characters or empty.

    ``person`` holds what is read from the document, in JSON form by fact name; data that the case knows is left out.
    """

    document: str
    ending: str = ""
    person: Mapping[str, Any] = field(default_factory=dict)


def marks_for(service: Mapping[str, Any], person: Mapping[str, Any], *, for_child: bool) -> dict[str, list[str]]:
    """What the journal keeps of who acts, where the facts of a service (a document's data) will not tell; else empty."""
    facts, sources = service["facts"], service["sources"]
    told = {name for name in PERSON if any(sources[one]["kind"] == "identity" for one in _sources(facts, name))}
    marks = [] if told == set(PERSON) and not for_child else _marks(person)
    return {MARKS: marks} if marks else {}


def _sources(facts: Mapping[str, Any], name: str) -> Iterable[str]:
    return facts[name]["sources"] if name in facts else ()


def _marks(person: Mapping[str, Any]) -> list[str]:
    """One for each given name: documents may shorten them. None where a name or the birth date is not known."""
    family, given, day = (person.get(name) for name in PERSON)
    if not (isinstance(family, str) and isinstance(given, str) and day and search_form(family)):
        return []
    context = f"person {current_municipality_id()}"
    who = search_form(family)
    return sorted({sealing.mark(f"{who}/{one}/{day}", context=context) for one in search_form(given).split()})


def marks_in(work: Work) -> set[str]:
    """What a case's journal keeps of who acts in it."""
    entries = (entry.payload for entry in work.chain.of_kind(OPENED, CHECKED, ADOPTED) if entry.payload)
    return {mark for payload in entries for mark in payload.get(MARKS, ())}


def require_same_person(work: Work, check: Check) -> None:
    """Family name, one of the given names and the birth date are the same; a case without identity is anybody's.

    In a child's case it is who acts for it. Where the birth date is not known, only the document that was seen before
    is taken. Raises ``OtherPerson``, ``NotComparable``, ``ActsNoMore``.
    """
    if marks := marks_in(work):
        if marks.isdisjoint(_marks(check.person)):
            raise OtherPerson(work.case.reference)
    elif work.case.representative:
        raise NotComparable(work.case.reference)
    else:
        _require_same_facts(work, check)
    if has_lapsed(work.case, work.state.opened):
        raise ActsNoMore(work.case.reference)


def _require_same_facts(work: Work, check: Check) -> None:
    known = work.state.facts
    if "familienname" not in known:
        return
    if not all(_same(name, known[name].value, check.person.get(name)) for name in PERSON if name in known):
        raise OtherPerson(work.case.reference)
    if "geburtsdatum" not in known:
        checks = [entry.payload["ending"] for entry in work.chain.of_kind(CHECKED) if entry.payload]
        if not check.ending or check.ending not in checks:
            raise NotComparable(work.case.reference)


def _same(name: str, told: Any, seen: Any) -> bool:
    """Names without accents and case; of the given names one that both have is enough, documents may shorten them."""
    if name == "geburtsdatum":
        return str(told) == str(seen)
    ours, theirs = search_form(str(told)), search_form(str(seen or ""))
    return bool(set(ours.split()) & set(theirs.split())) if name == "vornamen" else bool(ours) and ours == theirs


def require_document(check: Check) -> None:
    wrong = [] if check.document in DOCUMENTS else ["document"]
    if len(check.ending) > LONGEST_ENDING or not (check.ending.isalnum() or not check.ending):
        wrong.append("ending")
    if wrong:
        raise CheckRefused(wrong)


def seen_facts(
    document: Document, check: Check, *, known: Iterable[str] = (), for_child: bool = False
) -> list[tuple[str, dict[str, Any]]]:
    """What the clerk saw, by the sources of the service that may tell it; what is ``known`` (paths) stays.

    ``for_child``: it is the document of who acts, so that it tells nothing of the case's person.
    """
    kind = check.document if check.document in ("personalausweis", "eid_karte", "eat") else "anderer"
    seen: dict[str, Any] = {"ausweis_ist_vorgelegt": True}
    seen |= {} if kind in ("personalausweis", "eid_karte") else {"auslaendischer_ausweis_ist_geprueft": True}
    missing = {"ausweis_art": kind, "vertrauensniveau": "none", **({} if for_child else check.person)}
    there = set(known)
    seen |= {name: value for name, value in missing.items() if name not in there and f"{name}/strasse" not in there}
    told: set[str] = set()
    found = []
    for source, declared in _seeing(document.data):
        values = {
            path: value
            for path, value in values_from(document, source, seen).items()
            if path not in told and not path.endswith(ONLINE_ONLY[declared["kind"]])
        }
        told |= set(values)
        if values:
            found.append((source, values))
    return found


def _seeing(service: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    """The clerk's sources first; a fact that only an identity source may tell is told as that one."""
    sources = service["sources"].items()
    return [(name, told) for kind in ("clerk", "identity") for name, told in sources if told["kind"] == kind]
