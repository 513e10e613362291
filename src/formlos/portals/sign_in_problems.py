"""What went wrong when somebody signed in, in words that say what to do."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

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
STATUS = {"cancelled": 200, "provider_down": 503, "login_too_weak": 403, "name_not_allowed": 422}


@dataclass(frozen=True)
class Problem:
    """``code`` helps whoever is asked for help."""

    code: str
    status: int
    title: str
    advice: str


def problem_of(found: IdentityRefused | str, needed: str = "none") -> Problem:
    """The words for a refusal or its code."""
    code = found.code if isinstance(found, IdentityRefused) else found
    title, advice = _words(code, needed)
    return Problem(code, STATUS.get(code, 401), title, advice)


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
