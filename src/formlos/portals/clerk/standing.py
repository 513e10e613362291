"""Where a case stands, as the clerk reads it out at the counter."""

from __future__ import annotations

from django.utils.translation import gettext as _

from formlos.cases.queries import CaseView
from formlos.dialogue.standing import decision_in_words, reversal_in_words, waiting_in_words


def sentence(view: CaseView) -> str:
    """The first line of the page, in the service's own words where it has some."""
    if view.state in ("decided", "closed"):
        return decision_in_words(view)
    if view.state == "waiting":
        return waiting_in_words(view)
    if view.state == "reversed":
        return reversal_in_words(view)
    if view.state == "withdrawn":
        return view.texts.get("states", {}).get("zurueckgenommen") or _("Der Vorgang ist zurückgenommen.")
    if view.state == "clerk":
        return _("Jetzt sind Sie dran: Bitte klären Sie, was unten steht.")
    if view.pages:
        return _("Es geht weiter mit der nächsten Frage.")
    return _("Alles ist da. Die Person prüft, dann senden Sie ab.")


def done(view: CaseView) -> list[str]:
    """What followed from the decision, in the service's words, each once; documents have their own list."""
    said = view.texts.get("effects", {})
    names = [one["id"].partition("/")[0] for one in view.effects if not one["kind"].startswith("notice.")]
    return [said[name] for name in dict.fromkeys(names) if name in said]
