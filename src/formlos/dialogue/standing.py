"""Where a case stands, in one sentence, as every portal says it; a portal adds what its own reader has to do."""

from __future__ import annotations

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from formlos.cases.queries import CaseView
from formlos.dialogue.words import day_in_words


def decision_in_words(view: CaseView) -> str:
    """What the service says of its goals, or of a case that is done with all of them granted."""
    done: str | None = view.texts.get("states", {}).get("erledigt")
    if view.state == "closed" and done and all(value is not False for value in view.goals.values()):
        return done
    values = view.texts.get("values", {})
    said = [values.get(goal, {}).get(str(value).lower()) for goal, value in view.goals.items()]
    return " ".join(filter(None, said)) or _("Es ist entschieden.")


def reversal_in_words(view: CaseView) -> str:
    return view.texts.get("states", {}).get("rueckgaengig") or _("Die Entscheidung wurde rückgängig gemacht.")


def waiting_in_words(view: CaseView) -> str:
    """Who is awaited: another authority, a second party, or a day."""
    states: dict[str, str] = view.texts.get("states", {})
    for waiting in view.waiting:
        if said := states.get(f"wartet_auf_{waiting.source}"):
            return said
    for party in view.parties:
        if party.state in ("sent", "opened"):
            return states.get(f"wartet_auf_{party.source}") or _("Wir warten auf eine andere Person.")
    if view.waiting:
        return _("Wir warten auf die Antwort einer anderen Behörde.")
    if view.then and view.then.questions == 1:
        day = day_in_words(view.then.day)
        return _("Alles ist vorbereitet. Am %(day)s geht es mit einem Tipp weiter.") % {"day": day}
    if view.wake_at:
        day = day_in_words(localtime(view.wake_at).date())
        return _("Alles ist vorbereitet. Am %(day)s geht es weiter.") % {"day": day}
    return _("Der Vorgang ruht. Wir sehen nach, woran es liegt.")
