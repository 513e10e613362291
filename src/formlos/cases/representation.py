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

from formlos.base import clock
from formlos.law.service.parties import REPRESENTED

__all__ = ["REPRESENTED", "Represented", "acting", "own_identity", "until_age"]


@dataclass(frozen=True)
class Represented:
    """A child as the register knows it. ``facts`` by fact name, in JSON form; ``supplier``: the register's name.

    ``until`` is the birthday on which acting for the child ends.
    """

    resident: UUID
    name: str
    until: date
    supplier: str
    facts: Mapping[str, Any]


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
    """Cases of this person: the own ones, and those of children as long as the person may act for them."""
    return Q(subject=subject) | Q(representative=subject, represented_until__gt=clock.today())


def own_identity(service: Mapping[str, Any], identity: Mapping[str, Any]) -> dict[str, Any]:
    """What an identity tells of the one who acts, without what the service asks of the child."""
    sources, facts = service["sources"], service["facts"]
    of_child = {
        name
        for name, fact in facts.items()
        if any(sources[source]["kind"] == REPRESENTED for source in fact["sources"])
    }
    return {path: value for path, value in identity.items() if path.partition("/")[0] not in of_child}
