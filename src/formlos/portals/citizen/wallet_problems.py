"""What went wrong with a wallet, in words for the person: what happened, and what to do."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

DECLINED = "wallet_declined"


@dataclass(frozen=True)
class WalletProblem:
    """``kind`` names one of KERN's alerts."""

    code: str
    kind: str
    title: str
    advice: str


def describe(code: str) -> WalletProblem:
    """The words for a refusal of ``identity.wallet``; codes without words of their own get the general ones."""
    title, advice = _sentences().get(code) or (
        _("Die Wallet hat anders geantwortet, als es vorgesehen ist."),
        _("Bitte versuchen Sie es noch einmal. Hilft das nicht, melden Sie sich bitte auf einem anderen Weg an."),
    )
    return WalletProblem(code, "info" if code == DECLINED else "danger", title, advice)


def _sentences() -> dict[str, tuple[str, str]]:
    again = _("Bitte beginnen Sie noch einmal.")
    issuer = _("Bitte melden Sie sich auf einem anderen Weg an, oder kommen Sie an den Schalter.")
    renew = _("Bitte erneuern Sie den Ausweis in Ihrer Wallet und versuchen Sie es dann noch einmal.")
    proof = _("Bitte beginnen Sie noch einmal, und nehmen Sie dieselbe Wallet, in der Ihr Ausweis liegt.")
    not_ours = _("Diese Antwort der Wallet gehört nicht zu Ihrer Anfrage.")
    return {
        "no_such_request": (_("Diese Anfrage gibt es nicht mehr."), again),
        "request_expired": (_("Die Anfrage ist abgelaufen. Sie gilt zehn Minuten."), again),
        "answered_before": (_("Diese Anfrage wurde schon beantwortet."), again),
        "other_browser": (
            _("Diese Anmeldung wurde in einem anderen Browser begonnen."),
            _("Bitte gehen Sie in den Browser zurück, in dem Sie begonnen haben, oder beginnen Sie hier neu."),
        ),
        "not_yet_answered": (_("Ihre Wallet hat noch nicht geantwortet."), again),
        DECLINED: (
            _("Sie haben in der Wallet abgelehnt. Es wurde nichts übermittelt."),
            _("Sie können noch einmal beginnen oder sich auf einem anderen Weg anmelden."),
        ),
        "wallet_cannot": (_("Ihre Wallet hat keinen passenden Ausweis oder kann nicht antworten."), issuer),
        "credential_altered": (_("Der Ausweis in der Antwort ist nicht echt oder wurde verändert."), issuer),
        "untrusted_issuer": (_("Den Aussteller dieses Ausweises kennen wir nicht."), issuer),
        "credential_expired": (_("Der Ausweis in Ihrer Wallet ist nicht mehr oder noch nicht gültig."), renew),
        "credential_status_unknown": (_("Wir können nicht prüfen, ob dieser Ausweis gesperrt ist."), issuer),
        "key_binding_missing": (_("Die Wallet hat nicht nachgewiesen, dass der Ausweis Ihrer ist."), proof),
        "key_binding_wrong": (_("Die Wallet hat nicht nachgewiesen, dass der Ausweis Ihrer ist."), proof),
        "wrong_nonce": (not_ours, again),
        "wrong_wallet_audience": (not_ours, again),
        "stale_key_binding": (
            not_ours,
            _("Bitte prüfen Sie die Uhrzeit Ihres Geräts und beginnen Sie dann noch einmal."),
        ),
        "unexpected_credential": (
            _("Die Wallet hat mehr geschickt, als wir gefragt haben. Nichts davon ist gespeichert."),
            again,
        ),
        "too_much_disclosed": (
            _("Die Wallet hat mehr geschickt, als wir gefragt haben. Nichts davon ist gespeichert."),
            again,
        ),
        "wrong_credential_type": (_("Das ist kein Personenausweis aus der Wallet."), issuer),
        "claims_missing": (_("In der Antwort fehlen Angaben, ohne die es nicht geht."), issuer),
        "name_not_allowed": (
            _("Ihr Name enthält Zeichen, die amtliche Register nicht führen können. Wir helfen am Schalter."),
            issuer,
        ),
    }
