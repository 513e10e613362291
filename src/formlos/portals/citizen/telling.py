"""What a town holds about a person, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from formlos.base import clock
from formlos.cases.queries import Known
from formlos.cases.trail import Exchange
from formlos.dialogue import facts
from formlos.dialogue.facts import Member, Row
from formlos.dialogue.words import NONE, address_in_words, label_of, moment_in_words
from formlos.portals.citizen.holdings import Holding, TownHolding

FETCHED, PASSED_ON = (
    ("asked", "answered", "opened", "revoked"),
    ("sent", "recalled", "told"),
)  # what was received is told with the answer


@dataclass(frozen=True)
class Step:
    """An exchange in words: ``asked`` is what was asked with; ``told`` and ``members``, one a person, what was said."""

    title: str
    note: str
    asked: list[Row]
    told: list[Row]
    members: list[Member]


@dataclass(frozen=True)
class Look:
    """One reading access to the person's entry in the register."""

    moment: str
    accessor: str
    purpose: str
    norm: str


def town_in_words(held: TownHolding, *, names: Mapping[str, str]) -> dict[str, Any]:
    """A town with its cases, in words. names: of towns by official key; others as the messages name them."""
    now = clock.now()
    looks = [Look(moment_in_words(one.at, now=now), one.accessor, one.purpose, one.norm) for one in held.accesses]
    cases = [_case_in_words(one, names) for one in held.cases]
    return {"town": held.town, "cases": cases, "unread": held.unread, "known": held.in_register, "looks": looks}


def _case_in_words(held: Holding, names: Mapping[str, str]) -> dict[str, Any]:
    view, texts = held.view, held.view.texts
    asked = [_step(held, one, names) for one in held.exchanges if one.kind in FETCHED]
    sent = [_step(held, one, names) for one in held.exchanges if one.kind in PASSED_ON]
    objections = [facts.row(held.law, known.path, known.value, texts) for known in held.objections]
    return {
        "view": view,
        "origins": facts.origins(held.law, view.known, texts, now=clock.now()),
        "fetched": asked,
        "sent": sent,
        "objections": objections,
        "changeable": view.state == "open" and not view.reviewed,
    }


def _step(held: Holding, exchange: Exchange, names: Mapping[str, str]) -> Step:
    moment = moment_in_words(exchange.at, now=clock.now())
    note = " · ".join(filter(None, (moment, exchange.purpose, exchange.norm)))
    told, members = _answer(held, exchange) if exchange.kind == "answered" else _message(held, exchange.told)
    return Step(_title(exchange, _name(exchange.partner, names)), note, _rows(held, exchange.asked), told, members)


def _title(exchange: Exchange, partner: str) -> str:
    titles = {
        "asked": _("%(partner)s wurde gefragt"),
        "answered": _("%(partner)s hat geantwortet"),
        "none": _("%(partner)s konnte dazu nichts sagen"),
        "down": _("%(partner)s war nicht zu erreichen"),
        "sent": _("Mitgeteilt an %(partner)s"),
        "recalled": _("Zurückgerufen bei %(partner)s"),
        "invited": _("Link erstellt: %(partner)s darf das lesen"),
        "opened": _("%(partner)s hat den Link geöffnet"),
        "revoked": _("Link zurückgenommen: %(partner)s"),
        "confirmed": _("Mitgeteilt an die Person, die Sie eingeladen hat: bestätigt"),
        "refused": _("Mitgeteilt an die Person, die Sie eingeladen hat: nicht bestätigt"),
    }
    return titles[exchange.state if exchange.state in titles else exchange.kind] % {"partner": partner}


def _name(partner: str, names: Mapping[str, str]) -> str:
    elsewhere = _("Gemeinde %(ags)s") % {"ags": partner} if partner.isdigit() else partner
    return facts.supplier_in_words(names.get(partner, elsewhere))


def _answer(held: Holding, exchange: Exchange) -> tuple[list[Row], list[Member]]:
    """What a source said, grouped as the facts of a case are."""
    common = {"label": "", "source": "", "kind": "", "supplier": "", "basis": "", "at": exchange.at}
    known = [Known(path=path, value=value, **common) for path, value in exchange.told.items()]
    found = facts.origins(held.law, known, held.view.texts, now=clock.now())
    return (found[0].rows, found[0].members) if found else ([], [])


def _message(held: Holding, sent: Mapping[str, Any]) -> tuple[list[Row], list[Member]]:
    """What was passed on: persons one by one, addresses and single facts in one line each."""
    persons = {name: value for name, value in sent.items() if _are_persons(value)}
    members = [_member(held, person) for value in persons.values() for person in value]
    return _rows(held, {name: value for name, value in sent.items() if name not in persons}), members


def _are_persons(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(one, Mapping) for one in value)


def _member(held: Holding, person: Mapping[str, Any]) -> Member:
    """A person in a message. Their fields are labelled as those of the service's list of persons."""
    listed = held.law.document.data["service"].get("shown_persons", "").partition("/")[0]
    names = [str(person[name]) for name in ("vornamen", "familienname") if isinstance(person.get(name), str)]
    fields = {f"{listed}/x/{name}": value for name, value in person.items() if name != "key" and value != NONE}
    return Member(" ".join(names), _rows(held, fields))


def _rows(held: Holding, values: Mapping[str, Any]) -> list[Row]:
    return [_row(held, path, value) for path, value in values.items()]


def _row(held: Holding, path: str, value: Any) -> Row:
    texts = held.view.texts
    if isinstance(value, Mapping) and "strasse" in value:
        return Row(label_of(path, texts), address_in_words(value), path)
    if isinstance(value, list):
        return Row(label_of(path, texts), ", ".join(map(str, value)) or _("nichts davon"), path)
    return facts.row(held.law, path, value, texts)
