"""What went wrong when somebody signed in, in words that say what to do."""

from __future__ import annotations

import math
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from formlos.base.limits import TooMany
from formlos.identity.refusals import IdentityRefused

UNVERIFIED = (
    "bad_signature",
    "malformed",
    "mixed_up_issuer",
    "provider_refused",
    "unknown_issuer",
    "wrong_audience",
    "wrong_nonce",
)
STATUS = {"cancelled": 200, "provider_down": 503, "login_too_weak": 403, "name_not_allowed": 422, "too_many": 429}


@dataclass(frozen=True)
class Problem:
    """``kind`` is one of KERN's alerts; ``code`` helps whoever is asked for help."""

    code: str
    status: int
    kind: str
    title: str
    advice: str
    retry_after: int = 0


def problem_of(found: Exception | str, needed: str = "none") -> Problem:
    """The words for a refusal or its code."""
    if isinstance(found, TooMany):
        return _too_many(found.retry_after)
    code = found.code if isinstance(found, IdentityRefused) else str(found)
    title, advice = _words(code, needed)
    kind = "info" if code == "cancelled" else "warning" if code in ("expired", "replayed") else "danger"
    return Problem(code, STATUS.get(code, 401), kind, title, advice)


def _words(code: str, needed: str) -> tuple[str, str]:
    if code in UNVERIFIED:
        return (
            _("Wir konnten die Anmeldung nicht prüfen"),
            _(
                "Sie sind nicht angemeldet. Bitte beginnen Sie neu. Klappt es wieder nicht, sagen Sie uns bitte Bescheid."
            ),
        )
    return {
        "cancelled": (
            _("Die Anmeldung wurde abgebrochen"),
            _(
                "Sie sind nicht angemeldet, und es wurde nichts übermittelt. Sie können es jederzeit noch einmal versuchen."
            ),
        ),
        "expired": (
            _("Die Anmeldung hat zu lange gedauert"),
            _(
                "Zu Ihrer Sicherheit gilt sie nur kurz. Bitte melden Sie sich noch einmal an; Ihre Angaben bleiben erhalten."
            ),
        ),
        "replayed": (
            _("Diese Anmeldung wurde schon benutzt"),
            _("Jede Anmeldung gilt einmal. Sind Sie noch nicht angemeldet, beginnen Sie bitte neu."),
        ),
        "other_browser": (
            _("Diese Anmeldung gehört nicht zu diesem Browser"),
            _(
                "Bitte beginnen Sie hier neu und bleiben Sie bis zum Ende in diesem Browser. Cookies müssen erlaubt sein."
            ),
        ),
        "provider_down": (
            _("Der Ausweisdienst antwortet nicht"),
            _("Bitte versuchen Sie es in einigen Minuten noch einmal. Ihre Angaben bleiben erhalten."),
        ),
        "login_too_weak": (_("Diese Anmeldung reicht hier nicht"), _what_is_enough(needed)),
        "login_too_old": (
            _("Bitte weisen Sie sich frisch aus"),
            _(
                "Der Ausweisdienst hat Sie nicht noch einmal gefragt. Melden Sie sich dort ab und beginnen Sie hier neu."
            ),
        ),
        "name_not_allowed": (
            _("Wir können Ihren Namen nicht übernehmen"),
            _("Ihr Name enthält Zeichen, die amtliche Register nicht führen können. Wir helfen am Schalter."),
        ),
    }.get(code, (_("Die Anmeldung hat nicht geklappt"), _("Bitte versuchen Sie es noch einmal.")))


def _what_is_enough(needed: str) -> str:
    if needed == "high":
        return _("Hier brauchen Sie den Online-Ausweis mit PIN. Ihre Angaben bleiben erhalten.")
    return _("Wählen Sie bitte eine Anmeldung mit höherem Vertrauensniveau. Ihre Angaben bleiben erhalten.")


def _too_many(seconds: int) -> Problem:
    minutes = math.ceil(seconds / 60)
    advice = ngettext(
        "Bitte warten Sie eine Minute und versuchen Sie es dann noch einmal.",
        "Bitte warten Sie %(minutes)d Minuten und versuchen Sie es dann noch einmal.",
        minutes,
    ) % {"minutes": minutes}
    return Problem("too_many", 429, "warning", _("Zu viele Anmeldungen in kurzer Zeit"), advice, seconds)
