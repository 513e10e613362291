"""When a notice counts as received, and until when one can object, in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from formlos.notices.clocks import POST
from formlos.notices.queries import Document
from formlos.portals.citizen.words import day_in_words

OBJECTIONS = ("widerspruch", "einspruch")


@dataclass(frozen=True)
class Received:
    """``lines``: what to know of a document; ``open``: an objection to it is open; ``late``: its time limit is over."""

    lines: tuple[str, ...]
    open: bool = False
    late: bool = False


def received(document: Document, *, today: date) -> Received:
    if document.revoked_at:
        return Received(())
    if not document.is_act:
        opened = (
            [_("Von Ihnen geöffnet am %(day)s.") % {"day": _day(document.retrieved_at)}]
            if document.retrieved_at
            else []
        )
        return Received((_("Kein Bescheid: Es läuft keine Frist."), *opened))
    late = document.deadline is not None and today > document.deadline.last_day
    lines = (*_known(document), *_deadline(document, late=late))
    return Received(lines, open=document.remedy in OBJECTIONS and not document.withheld, late=late)


def _known(document: Document) -> list[str]:
    """How the act reaches its person, and since when it counts as made known."""
    effect = document.effect
    assert effect is not None
    if effect.day:
        said = _("Gilt als bekannt gegeben am %(day)s (%(norm)s).") % {
            "day": day_in_words(effect.day),
            "norm": effect.norm,
        }
        return [_on_the_way(document), said, *_later(document)]
    if document.ended_at and document.way == POST:
        return [
            _("Sie haben den Bescheid nicht rechtzeitig geöffnet. Er gilt noch nicht und kommt jetzt mit der Post.")
        ]
    if document.way == POST:
        return [
            _("Der Bescheid geht mit der Post an Sie; hier lesen Sie ihn vorab. Die Frist beginnt erst mit dem Brief.")
        ]
    said = _("Bitte öffnen Sie den Bescheid. Er gilt am Tag danach als bekannt gegeben.")
    if effect.retrieve_by is None:
        return [said]
    until = _("Öffnen Sie ihn nicht bis %(day)s, kommt er mit der Post.") % {"day": day_in_words(effect.retrieve_by)}
    return [said, until]


def _on_the_way(document: Document) -> str:
    if document.way == POST:
        return _("Mit der Post abgesandt am %(day)s.") % {"day": _day(document.posted_at)}
    if document.retrieved_at:
        return _("Von Ihnen geöffnet am %(day)s.") % {"day": _day(document.retrieved_at)}
    return _("Zum Abruf bereit seit %(day)s.") % {"day": _day(document.sealed_at)}


def _later(document: Document) -> list[str]:
    if document.way != POST:
        return []
    return [_("Kam der Brief später oder gar nicht an, sagen Sie es uns: Dann zählt der spätere Tag.")]


def _deadline(document: Document, *, late: bool) -> list[str]:
    if not document.remedy:
        return [_("Was Sie dagegen tun können, steht im Bescheid.")]
    if document.deadline is None:
        return []
    told = {"day": day_in_words(document.deadline.last_day), "norm": document.deadline.norm}
    sentences = {
        ("widerspruch", False): _("Widerspruch ist möglich bis %(day)s (%(norm)s).") % told,
        ("widerspruch", True): _("Die Frist für den Widerspruch endete am %(day)s (%(norm)s).") % told,
        ("einspruch", False): _("Einspruch ist möglich bis %(day)s (%(norm)s).") % told,
        ("einspruch", True): _("Die Frist für den Einspruch endete am %(day)s (%(norm)s).") % told,
        ("klage", False): _("Klage beim Verwaltungsgericht ist möglich bis %(day)s (%(norm)s).") % told,
        ("klage", True): _("Die Frist für die Klage endete am %(day)s (%(norm)s).") % told,
    }
    year = (
        []
        if document.instructed
        else [_("Das ist ein Jahr, weil der Bescheid nicht vollständig sagt, was Sie dagegen tun können.")]
    )
    return [sentences[document.remedy, late], *year]


def _day(moment: datetime | None) -> str:
    return day_in_words(localtime(moment).date()) if moment else ""
