"""Where a case stands, as the clerk reads it out at the counter."""

from __future__ import annotations

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from formlos.cases.queries import CaseView
from formlos.dialogue.words import day_in_words


def sentence(view: CaseView) -> str:
    """The first line of the page, in the service's own words where it has some."""
    states, values = view.texts.get("states", {}), view.texts.get("values", {})
    if view.state in ("decided", "closed"):
        said = [values.get(goal, {}).get(str(value).lower()) for goal, value in view.goals.items()]
        granted = all(value is not False for value in view.goals.values())
        done = states.get("erledigt") if granted and view.state == "closed" else None
        return done or " ".join(filter(None, said)) or _("Es ist entschieden.")
    if view.state == "waiting":
        return _waiting(view)
    return {
        "withdrawn": states.get("zurueckgenommen") or _("Der Vorgang ist zurückgenommen."),
        "reversed": states.get("rueckgaengig") or _("Die Entscheidung wurde rückgängig gemacht."),
        "clerk": _("Jetzt sind Sie dran: Bitte klären Sie, was unten steht."),
        "open": _("Es geht weiter mit der nächsten Frage.")
        if view.pages
        else _("Alles ist da. Die Person prüft, dann senden Sie ab."),
    }[view.state]


def _waiting(view: CaseView) -> str:
    states = view.texts.get("states", {})
    for waiting in view.waiting:
        if said := states.get(f"wartet_auf_{waiting.source}"):
            return said
    if view.waiting:
        return _("Wir warten auf die Antwort einer anderen Behörde.")
    if view.wake_at:
        return _("Alles ist vorbereitet. Am %(day)s geht es weiter.") % {
            "day": day_in_words(localtime(view.wake_at).date())
        }
    return _("Der Vorgang ruht. Wir sehen nach, woran es liegt.")


def done(view: CaseView) -> list[str]:
    """What followed from the decision, in the service's words, each once; documents have their own list."""
    said = view.texts.get("effects", {})
    names = [one["id"].partition("/")[0] for one in view.effects if not one["kind"].startswith("notice.")]
    return [said[name] for name in dict.fromkeys(names) if name in said]
