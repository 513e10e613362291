"""Who moves in the measurement: single people in Munich with a card, a free dwelling in Stuttgart and its code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from formlos.base import clock
from formlos.base.effects import EffectContext, effect_kind
from formlos.base.ids import new_id
from formlos.base.tenancy import Municipality, within
from formlos.identity import demo_issuer, operations
from formlos.registers.operations.codes import confirm_dwelling
from formlos.registers.queries.addresses import free_dwellings

BORN = "1990-04-12"
SHARERS = 6
"""How many of them live at one address in Munich; strangers, so each moves alone."""


@dataclass(frozen=True)
class Mover:
    """A person who is signed in and ready to open a case. ``answers``: by the last part of a question's path."""

    session: str
    answers: Mapping[str, Any]


class TooFewDwellings(Exception):
    """The invented town has not enough free dwellings; invent more residents."""

    code = "too_few_dwellings"


def movers(*, there: Municipality, here: Municipality, count: int) -> list[Mover]:
    """Register ``count`` people in ``there``, let landlords in ``here`` confirm a dwelling for each, sign them in."""
    with within(there):
        homes = free_dwellings(limit=-(-count // SHARERS))
        old = [home.anschrift for home in homes for _ in range(SHARERS)][:count]
        people = [_person(number, anschrift) for number, anschrift in enumerate(old)]
        for person, anschrift in zip(people, old, strict=True):
            _register(there, [person], anschrift)
    with within(here):
        dwellings = free_dwellings(limit=count)
        if min(len(dwellings), len(old)) < count:
            raise TooFewDwellings(f"{count} moves need as many free dwellings; there are {len(dwellings)}")
        today = clock.today()
        codes = [confirm_dwelling(dwelling_id=home.id, einzugsdatum=today, personen=[]) for home in dwellings]
    answers = [_answers(home, code) for home, code in zip(dwellings, codes, strict=True)]
    return [Mover(_sign_in(*pair), answer) for *pair, answer in zip(people, old, answers, strict=True)]


def family(*, there: Municipality, here: Municipality, beside: int) -> Mover:
    """Two parents and two children, the mother signed in. beside: how many free dwellings are taken by other movers."""
    with within(there):
        old = free_dwellings(limit=1)[0].anschrift
        mother = _person(0, old)
        name = {"familienname": mother["familienname"]}
        father = _person(0, old) | name | {"key": "2", "vornamen": "Marko", "geburtsdatum": "1988-02-03"}
        father |= {"geschlecht": "m", "rolle": "ehegatte"}
        married = {"familienstand": "VH"}
        children = [
            _person(0, old) | name | {"key": key, "vornamen": vornamen, "geburtsdatum": born, "rolle": "kind"}
            for key, vornamen, born in (("3", "Mila", "2015-06-01"), ("4", "Jonas Luka", "2019-11-23"))
        ]
        _register(there, [mother | married, father | married, *children], old)
    with within(here):
        home = free_dwellings(limit=beside + 1)[-1]
        code = confirm_dwelling(dwelling_id=home.id, einzugsdatum=clock.today(), personen=[])
    return Mover(_sign_in(mother, old), _answers(home, code) | {"zieht_mit": True})


def _answers(home: Any, code: str) -> dict[str, Any]:
    return {
        "neue_anschrift": home.anschrift,
        "einzugsdatum": clock.today().isoformat(),
        "wohnungsnachweis": "zuordnungsmerkmal",
        "zuordnungsmerkmal": code,
        "berechtigung_ist_versichert": True,
    }


def _person(number: int, anschrift: Mapping[str, Any]) -> dict[str, Any]:
    """No two alike: the surname spells the number, and who came before spells it too."""
    letters = "".join("abcdefghij"[int(digit)] for digit in f"{new_id().int % 10**9:09}{number}")
    return {
        "key": "1",
        "familienname": letters.capitalize(),
        "vornamen": "Kim",
        "geburtsdatum": BORN,
        "geburtsort": "Ulm",
        "geschlecht": "w",
        "staatsangehoerigkeit": "DEU",
        "familienstand": "LD",
        "rolle": "antragsteller",
    }


def _register(town: Municipality, persons: list[dict[str, Any]], anschrift: Mapping[str, Any]) -> None:
    case = new_id()
    context = EffectContext(town.id, case, f"{case}:eintragung", clock.now(), clock.today())
    since = "2020-01-01"
    arguments = {"personen": persons, "anschrift": anschrift, "einzugsdatum": since, "meldedatum": since}
    effect_kind("register.move_in").run(arguments, context)


def _sign_in(person: Mapping[str, Any], anschrift: Mapping[str, Any]) -> str:
    told = {name: person[name] for name in ("familienname", "vornamen", "geburtsdatum", "geburtsort")}
    card = told | {"ausweis_art": "personalausweis", "anschrift": dict(anschrift)}
    assertion = demo_issuer.issue(person=card, subject=str(new_id()))
    session: str = operations.accept_assertion(token=assertion)
    return session
