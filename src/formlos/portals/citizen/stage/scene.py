"""What is on the stage now, in words: registers, messages, the newest case, who could move next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from formlos.base import clock
from formlos.base.tenancy import Municipality, municipality_by_ags, within
from formlos.cases import queries as cases
from formlos.cases.queries import CaseView
from formlos.dialogue.words import address_in_words, day_in_words
from formlos.exchange import queries as exchange
from formlos.exchange.kinds import title_of
from formlos.portals.citizen import progress
from formlos.portals.citizen.progress import Step
from formlos.portals.citizen.stage.acting import FROM, PREPARED, TO
from formlos.registers.queries.demo import DemoLine, demo_people, demo_register

LATELY = timedelta(minutes=3)
MOST_MESSAGES = 6


@dataclass(frozen=True)
class Entry:
    """People of one dwelling. ``gone``: they have moved away; ``note`` says since when and when it was written."""

    people: str
    place: str
    note: str
    gone: bool
    fresh: bool


@dataclass(frozen=True)
class Register:
    town: str
    slug: str
    plugged_in: bool
    entries: list[Entry]


@dataclass(frozen=True)
class Sent:
    """A message between the towns. ``arrived``: the receiver has signed for it."""

    time: str
    title: str
    way: str
    norm: str
    state: str
    arrived: bool


@dataclass(frozen=True)
class Family:
    """Who could move next, and the three things that they type."""

    name: str
    story: str
    town: str
    to: str
    street: str
    place: str
    code: str


@dataclass(frozen=True)
class Shown:
    """What the person of a case sees now."""

    who: str
    title: str
    reference: str
    sentence: str
    asked: list[str]
    steps: list[Step]


def registers() -> list[Register]:
    """Both registers, the one people leave first. Raises ``Municipality.DoesNotExist``."""
    return [_register(municipality_by_ags(ags)) for ags in (FROM, TO)]


def messages() -> list[Sent]:
    """The newest messages of both towns, newest first."""
    towns = [municipality_by_ags(ags) for ags in (FROM, TO)]
    names, found = {town.ags: town.name for town in towns}, []
    for town in towns:
        with within(town):
            found += [(row, town.name) for row in exchange.sent_lately(limit=MOST_MESSAGES)]
    found.sort(key=lambda pair: pair[0].created_at, reverse=True)
    return [_sent(row, sender, names) for row, sender in found[:MOST_MESSAGES]]


def families() -> list[Family]:
    """Households of both towns for whom a dwelling in the other one is ready."""
    here, there = municipality_by_ags(TO), municipality_by_ags(FROM)
    return [family for town, origin in ((here, there), (there, here)) for family in _ready(town, origin)]


def newest_case() -> Shown | None:
    """The case that somebody opened last in either town."""
    found = []
    for ags in (FROM, TO):
        with within(municipality_by_ags(ags)):
            for work in cases.newest_of_people(limit=1):
                view = cases.view(work)
                law, now = work.law, clock.now()
                unreached = exchange.unreached(str(view.id))
                steps = [*progress.awaited(view, law, now=now, unreached=unreached), *progress.told(view)]
                found.append((view.opened_at, _shown(view, steps)))
    return max(found, key=lambda pair: pair[0])[1] if found else None


def _register(town: Municipality) -> Register:
    with within(town):
        lines = demo_register()
    return Register(town.name, town.slug, not town.settings.get(exchange.OFF), [_entry(line) for line in lines])


def _entry(line: DemoLine) -> Entry:
    gone = line.left_for is not None
    day = day_in_words(line.since)
    note = _("weggezogen am %(day)s") % {"day": day} if gone else _("gemeldet seit %(day)s") % {"day": day}
    fresh = False
    if line.changed_at:
        note += " · " + _("eingetragen %(time)s Uhr") % {"time": date_format(localtime(line.changed_at), "H:i:s")}
        fresh = clock.now() - line.changed_at < LATELY
    place = address_in_words(line.left_for or {}) or _("unbekannt") if gone else address_in_words(line.anschrift)
    return Entry(_together(line.names), f"→ {place}" if gone else place, note, gone, fresh)


def _together(names: tuple[tuple[str, str], ...]) -> str:
    """“Jana und Marko Kovačević”; each with both names where the family names differ."""
    if len({family for _first, family in names}) > 1:
        return ", ".join(f"{first} {family}" for first, family in names)
    firsts = [first for first, _family in names]
    joined = _("%(others)s und %(last)s") % {"others": ", ".join(firsts[:-1]), "last": firsts[-1]}
    return f"{joined if len(firsts) > 1 else firsts[0]} {names[0][1]}"


def _sent(row: Any, sender: str, names: dict[str, str]) -> Sent:
    states = {
        "delivered": _("zugestellt und quittiert"),
        "dead": _("unzustellbar; ein Mensch kümmert sich"),
        "waiting": _("unterwegs"),
    }
    state = states[row.state]
    if row.state == "waiting" and row.problem:
        state = _("wartet; %(count)d Versuche, es geht von selbst weiter") % {"count": row.attempts}
    return Sent(
        time=date_format(localtime(row.created_at), "H:i:s"),
        title=f"{title_of(row.kind)} ({row.kind.removeprefix('xmeld:')})",
        way=f"{sender} → {names.get(row.receiver, row.receiver)}",
        norm=row.norm,
        state=state,
        arrived=row.state == "delivered",
    )


def _ready(town: Municipality, origin: Municipality) -> list[Family]:
    prepared = town.settings.get(PREPARED, {})
    with within(origin):
        people = [person for person in demo_people() if person.key in prepared]
        living = {name for line in demo_register() if line.left_for is None for name in line.names}
    return [
        Family(one.name, one.story, origin.name, town.name, ready["street"], ready["place"], ready["code"])
        for one in people
        for ready in [prepared[one.key]]
        if (one.eid["vornamen"], one.eid["familienname"]) in living
    ]


def _shown(view: CaseView, steps: list[Step]) -> Shown:
    told = {known.path: known.value for known in view.known}
    who = " ".join(str(told[name]) for name in ("vornamen", "familienname") if name in told)
    asked = [question.question for question in view.pages[0]] if view.pages else []
    return Shown(who, view.title, view.reference, progress.state_in_words(view), asked, steps)
