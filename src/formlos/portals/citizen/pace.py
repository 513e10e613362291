"""How long a matter takes, told from cases that are through."""

from __future__ import annotations

import math
from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from formlos.base.tenancy import within
from formlos.cases.pace import Pace, pace_of
from formlos.portals.citizen.towns import Town


def pace_in_words(town: Town, service: str, *, with_clerk: bool = False) -> str:
    """One honest sentence; none while too few cases are through. with_clerk: a clerk is looking at the case now."""
    with within(town.id):
        return _sentence(pace_of(service, with_clerk=with_clerk), with_clerk=with_clerk)


def _sentence(pace: Pace | None, *, with_clerk: bool) -> str:
    if pace is None:
        return ""
    told = {"n": pace.cases, "half": span_in_words(pace.half), "most": span_in_words(pace.most)}
    if with_clerk:
        return (
            _(
                "Hat ein Mensch hingesehen, war die Hälfte der letzten %(n)d Vorgänge in %(half)s entschieden, 9 von 10 in %(most)s."
            )
            % told
        )
    return _("Die Hälfte der letzten %(n)d Vorgänge war in %(half)s entschieden, 9 von 10 in %(most)s.") % told


def span_in_words(span: timedelta) -> str:
    """A length of time, rounded up to the unit that people count in."""
    minutes = max(1, math.ceil(span.total_seconds() / 60))
    if minutes < 60:
        return ngettext("%(n)d Minute", "%(n)d Minuten", minutes) % {"n": minutes}
    hours = math.ceil(minutes / 60)
    if hours < 24:
        return ngettext("%(n)d Stunde", "%(n)d Stunden", hours) % {"n": hours}
    days = math.ceil(hours / 24)
    return ngettext("%(n)d Tag", "%(n)d Tagen", days) % {"n": days}
