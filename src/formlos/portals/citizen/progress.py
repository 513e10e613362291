"""Where a case stands, in one sentence; who waits for whom; what followed from the decision."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from formlos.cases.course import Happened, Then
from formlos.cases.pace import Pace
from formlos.cases.parties import Party
from formlos.cases.queries import CaseView
from formlos.dialogue.standing import decision_in_words, reversal_in_words, waiting_in_words
from formlos.dialogue.words import day_in_words, moment_in_words
from formlos.law import Law

NOTIFYING = ("register.", "message.")


@dataclass(frozen=True)
class Step:
    """Something that is awaited, or done. ``note`` says since when, on what norm; ``to_come``: it is still going to happen."""

    text: str
    note: str
    done: bool
    to_come: bool = False


def state_in_words(view: CaseView) -> str:
    """The first line of the page. The service's own words where it has some."""
    states = view.texts.get("states", {})
    if view.state in ("decided", "closed"):
        return decision_in_words(view)
    if view.state == "withdrawn":
        return states.get("zurueckgenommen") or _("Sie haben den Vorgang zurückgenommen.")
    if view.state == "reversed":
        return reversal_in_words(view)
    if view.state == "clerk":
        return states.get("beim_amt") or _("Ein Mensch im Amt sieht sich Ihren Vorgang an.")
    if view.state == "waiting":
        return waiting_in_words(view)
    if view.tap:
        return _("Es ist so weit: Ein Tipp genügt.")
    if view.pages or view.to_invite:
        return states.get("wartet_auf_person") or _("Sie sind dran.")
    return _("Alles ist da. Prüfen Sie Ihre Angaben und senden Sie sie ab.")


def done(view: CaseView, *, now: datetime) -> list[Step]:
    """What has happened since the person sent the case: by whom, and when."""
    if view.sent_at is None:
        return []
    happened = [(_("Sie haben alles abgesendet."), view.sent_at)]
    happened += [(_happened(one), one.at) for one in view.happened]
    happened += [(_("Es ist entschieden."), view.decided_at)] if view.decided_at else []
    return [
        Step(text, moment_in_words(at, now=now), done=True) for text, at in sorted(happened, key=lambda one: one[1])
    ]


def _happened(one: Happened) -> str:
    if one.what == "settled":
        return _("Ein Mensch im Amt hat eine Frage geklärt.")
    text = {
        "answered": _("%(who)s hat geantwortet."),
        "confirmed": _("%(who)s hat bestätigt."),
        "refused": _("%(who)s hat nicht bestätigt."),
    }[one.what]
    return text % {"who": one.who or _("Die andere Behörde")}


def awaited(
    view: CaseView,
    law: Law,
    *,
    now: datetime,
    unreached: datetime | None = None,
    at_clerk: datetime | None = None,
    pace: Pace | None = None,
) -> list[Step]:
    """Who has to do something now, and until when.

    unreached: since when a message of the case finds nobody who takes it. at_clerk: since when a clerk has it; pace: how
    long such cases took.
    """
    found = [_unreached(unreached, now)] if unreached else []
    for waiting in view.waiting:
        purpose = law.document.data["sources"][waiting.source].get("purpose", view.title)
        since = _("gefragt %(moment)s") % {"moment": moment_in_words(waiting.since, now=now)}
        until = _("antwortet sie nicht, sieht spätestens am %(day)s ein Mensch nach") % {"day": _day(waiting.until)}
        text = _("Eine andere Behörde antwortet uns: %(purpose)s") % {"purpose": purpose}
        found.append(Step(text, " · ".join(filter(None, (since, until, waiting.norm))), done=False))
    found += [step for party in view.parties if (step := _party(party, now))]
    if view.state == "clerk":
        note = _of_clerk(at_clerk or now, pace, now)
        found.append(Step(_("Das Amt klärt eine Frage zu Ihrem Vorgang."), note, done=False))
    if view.then and view.state == "waiting":
        found.append(_on_a_day(view.then))
    if view.state == "open" and view.pages:
        text = ngettext("Sie: noch etwa %(count)d Frage", "Sie: noch etwa %(count)d Fragen", view.remaining)
        found.append(Step(text % {"count": view.remaining}, "", done=False))
    return found


def _of_clerk(since: datetime, pace: Pace | None, now: datetime) -> str:
    """Since when, and until about when, as nine in ten such cases were through; no more than we know."""
    said = [_("seit %(moment)s") % {"moment": moment_in_words(since, now=now)}]
    if pace is None:
        said.append(_("wie lange es dauert, können wir noch nicht sagen: dafür gab es zu wenige solche Vorgänge"))
    elif since + pace.most <= now:
        said.append(_("es dauert länger als sonst; Sie können gern nachfragen"))
    else:
        said.append(_("bis etwa %(moment)s") % {"moment": _about(since + pace.most, now)})
    return " · ".join(said)


def _about(moment: datetime, now: datetime) -> str:
    """A day; today the hour."""
    return moment_in_words(moment, now=now) if localtime(moment).date() == localtime(now).date() else _day(moment)


def _on_a_day(then: Then) -> Step:
    """What the person has to do on a day to come."""
    text = _("Sie am %(day)s: ein Tipp genügt") if then.questions == 1 else _("Sie am %(day)s: wir fragen noch etwas")
    asked = _("Wir erinnern Sie an dem Tag, hier und auf Wunsch mit einer E-Mail. Bis dahin müssen Sie nichts tun.")
    return Step(text % {"day": day_in_words(then.day)}, asked, done=False)


def _day(moment: datetime) -> str:
    return day_in_words(localtime(moment).date())


def _party(party: Party, now: datetime) -> Step | None:
    """Whom the person has asked by a link, and until when."""
    if party.until is None or party.state not in ("sent", "opened", "expired"):
        return None
    day = day_in_words(localtime(party.until).date())
    if party.state == "expired":
        return Step(_("Sie: der Link ist am %(day)s abgelaufen") % {"day": day}, "", done=False)
    opened = _("hat den Link geöffnet") if party.state == "opened" else _("hat den Link noch nicht geöffnet")
    return Step(party.name, _("%(opened)s; Zeit bis %(day)s") % {"opened": opened, "day": day}, done=False)


def _unreached(since: datetime, now: datetime) -> Step:
    text = _("Die andere Behörde ist gerade nicht zu erreichen. Wir versuchen es von selbst weiter.")
    return Step(text, _("seit %(moment)s") % {"moment": moment_in_words(since, now=now)}, done=False)


def told(view: CaseView) -> list[Step]:
    """Which registers and offices know by now, or will in a moment."""
    return list(_steps(view, _notifies))


def due(view: CaseView) -> list[str]:
    """What the law asks of the person next."""
    return [step.text for step in _steps(view, _obliges)]


def offered(view: CaseView) -> list[str]:
    """What the person may do next."""
    return [step.text for step in _steps(view, lambda effect: not _notifies(effect) and not _obliges(effect))]


def _obliges(effect: Mapping[str, Any]) -> bool:
    return bool(effect["arguments"].get("art") == "pflicht")


def _notifies(effect: Mapping[str, Any]) -> bool:
    """Whether somebody learns of it; what the law tells others is an offer of ``art: mitteilung`` until it is sent."""
    return effect["kind"].startswith(NOTIFYING) or effect["arguments"].get("art") == "mitteilung"


def _steps(view: CaseView, belongs: Callable[[Mapping[str, Any]], bool]) -> Iterator[Step]:
    """Effects in the service's words, each once however often it happened; documents and wordless ones stay unsaid."""
    sentences = view.texts.get("effects", {})
    by_name: dict[str, list[Mapping[str, Any]]] = {}
    for effect in view.effects:
        name = effect["id"].partition("/")[0]
        if name in sentences and not effect["kind"].startswith("notice.") and belongs(effect):
            by_name.setdefault(name, []).append(effect)
    for name, effects in by_name.items():
        states = {effect["state"] for effect in effects}
        really = not any(effect["arguments"].get("simuliert") == "true" for effect in effects)
        done = really and states == {"done"}
        yield Step(sentences[name], _note(states), done=done, to_come=not done and "reversed" not in states)


def _note(states: set[str]) -> str:
    if "failed" in states:
        return _("Hat noch nicht geklappt; wir versuchen es wieder.")
    if "intended" in states:
        return _("Läuft gerade.")
    if "reversed" in states:
        return _("Rückgängig gemacht.")
    return ""
