"""Somebody else's move, with the wishes of whoever watches."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from formlos.base import clock
from formlos.base.tenancy import Municipality, within
from formlos.config.demo.accounts import living
from formlos.config.demo.evidence import register_of
from formlos.config.demo.family import play_move
from formlos.config.demo.node import Node
from formlos.config.demo.script import Script
from formlos.config.demo.telling import Teller
from formlos.config.demo.told import Told
from formlos.config.demo.towns import confirmed_dwelling
from formlos.config.municipalities import named
from formlos.registers.queries.demo import DemoPerson, demo_people


class NoSuchPerson(LookupError):
    """The town's demonstration street has nobody of this key; the message lists who lives there."""

    code = "no_such_person"


class NoSuchStreet(ValueError):
    """A street is written as "Neckarbogen 7"."""

    code = "no_such_street"


@dataclass(frozen=True)
class Wishes:
    """What was asked for on the command line; empty texts and None mean: choose something sensible."""

    origin: str
    to: str
    person: str
    day: date | None
    proof: str
    code: str
    street: str


def own_story(node: Node, teller: Teller, wishes: Wishes) -> Told:
    """Play a move as wished. Raises ``NoSuchMunicipality``, ``NoSuchPerson``, ``NoSuchStreet``."""
    there, here = named(wishes.origin), named(wishes.to)
    person = _person(there, wishes.person)
    anschrift, code = confirmed_dwelling(here, persons=[person.name], day=wishes.day or clock.today())
    if wishes.street:
        anschrift = _other_street(anschrift, wishes.street)
    teller.headline(f"{person.name} zieht von {there.name} nach {here.name}", person.story)
    script = Script(anschrift, wishes.day or clock.today(), wishes.code or code, wishes.proof)
    return play_move(node, teller, here=here, there=there, person=person, script=script)


def _person(town: Municipality, key: str) -> DemoPerson:
    """Somebody who still lives in the town."""
    with within(town):
        people = demo_people()
    here = living(register_of(town, [person.resident_id for person in people]))
    present = {person.key: person for person in people if person.name in here}
    if key not in present:
        listed = "\n".join(f"  {person.key:12} {person.name}: {person.story}" for person in present.values())
        raise NoSuchPerson(f"{key!r} does not live in {town.name} (any more). Choose one of:\n{listed}")
    return present[key]


def _other_street(anschrift: dict[str, Any], street: str) -> dict[str, Any]:
    name, _, number = street.rpartition(" ")
    if not name:
        raise NoSuchStreet(f'write a street as "Neckarbogen 7", not {street!r}')
    return anschrift | {"strasse": name, "hausnummer": number}
