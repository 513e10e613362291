"""Acting for a child: whose case it is, who acts, on what evidence, and for how long.

A service allows it by ``for_children: {until_age, basis}``; facts about the child have a source of kind `represented`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q

from formlos.base import clock, journal
from formlos.cases.models import Case
from formlos.law.service.parties import REPRESENTED
from formlos.registers.operations.children import may_still_act

__all__ = ["REPRESENTED", "Represented", "acting", "addressee", "has_lapsed", "is_open_to", "own_identity", "until_age"]


@dataclass(frozen=True)
class Represented:
    """A child as the register knows it. ``facts`` by fact name, in JSON form; ``supplier``: the register's name.

    ``until`` is the birthday on which acting for the child ends; ``parent``: the resident who acts.
    """

    resident: UUID
    name: str
    until: date
    supplier: str
    facts: Mapping[str, Any]
    parent: UUID


class NotForChildren(Exception):
    """Nobody acts for a child in this service, or not any more at this age."""

    code = "not_for_children"


def until_age(service: Mapping[str, Any]) -> int:
    """The age (years) from which nobody acts for a child in this service. Raises ``NotForChildren``."""
    declared = service["service"].get("for_children")
    if not declared:
        raise NotForChildren(service["service"]["name"])
    return int(declared["until_age"])


def acting(subject: str) -> Q:
    """Cases of this person: the own ones, and those of children below the age; see ``has_lapsed`` for the rest."""
    return Q(subject=subject) | Q(representative=subject, represented_until__gt=clock.today())


def has_lapsed(case: Case, opened: Mapping[str, Any]) -> bool:
    """Whether nobody may act for the child of a case any more: its age, custody or a bar, as the register knows them now.

    opened: payload of the first entry of the case's journal. False for cases without a child.
    """
    if not case.representative:
        return False
    told = opened.get("represented", {})
    if not told.get("parent") or case.represented_until is None or case.represented_until <= clock.today():
        return True
    parent, child = UUID(told["parent"]), UUID(told["resident"])
    return not may_still_act(parent=parent, child=child, today=clock.today())


def is_open_to(case: Case) -> bool:
    """The same for access of a case's person, reading the journal's beginning where there is a child."""
    if not case.representative:
        return True
    entries = journal.load(case.id).entries
    return bool(entries) and not has_lapsed(case, entries[0].payload or {})


def addressee(case: Case) -> str:
    """Who is told of news: the person, or who acts for a child as long as they may; empty when nobody is."""
    if not case.representative:
        return case.subject
    return case.representative if is_open_to(case) else ""


def own_identity(service: Mapping[str, Any], identity: Mapping[str, Any]) -> dict[str, Any]:
    """What an identity tells of the one who acts, without what the service asks of the child."""
    sources, facts = service["sources"], service["facts"]
    of_child = {
        name
        for name, fact in facts.items()
        if any(sources[source]["kind"] == REPRESENTED for source in fact["sources"])
    }
    return {path: value for path, value in identity.items() if path.partition("/")[0] not in of_child}
