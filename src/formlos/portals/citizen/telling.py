"""What a town holds about a person, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from formlos.base import clock
from formlos.cases.trail import Exchange
from formlos.portals.citizen import facts
from formlos.portals.citizen.facts import Row
from formlos.portals.citizen.holdings import Holding, TownHolding
from formlos.portals.citizen.words import address_in_words, label_of, moment_in_words

FETCHED, PASSED_ON = ("asked", "answered"), ("sent", "recalled")  # what was received is told with the answer


@dataclass(frozen=True)
class Step:
    """An exchange in words: ``asked`` and ``told`` are its contents."""

    title: str
    note: str
    asked: list[Row]
    told: list[Row]


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
    partner = _name(exchange.partner, names)
    title = {
        "asked": _("%(partner)s wurde gefragt"),
        "answered": _("%(partner)s hat geantwortet"),
        "sent": _("Mitgeteilt an %(partner)s"),
        "recalled": _("Zurückgerufen bei %(partner)s"),
    }[exchange.kind] % {"partner": partner}
    note = " · ".join(filter(None, (moment, exchange.purpose, exchange.norm)))
    return Step(title, note, _rows(held, exchange.asked), _rows(held, exchange.told))


def _name(partner: str, names: Mapping[str, str]) -> str:
    elsewhere = _("Gemeinde %(ags)s") % {"ags": partner} if partner.isdigit() else partner
    return names.get(partner, elsewhere)


def _rows(held: Holding, values: Mapping[str, Any]) -> list[Row]:
    """Values by path as lines; records and lists of records in one line each."""
    texts = held.view.texts
    return [_row(held, path, value, texts) for path, value in values.items()]


def _row(held: Holding, path: str, value: Any, texts: Mapping[str, Any]) -> Row:
    if isinstance(value, Mapping) and "strasse" in value:
        return Row(label_of(path, texts), address_in_words(value), path)
    if isinstance(value, list):
        return Row(label_of(path, texts), "; ".join(_member(one) for one in value), path)
    return facts.row(held.law, path, value, texts)


def _member(one: Any) -> str:
    """A member of a list that was passed on: the name of a person, or the plain value."""
    if not isinstance(one, Mapping):
        return str(one)
    return " ".join(str(one[name]) for name in ("vornamen", "familienname") if isinstance(one.get(name), str))
