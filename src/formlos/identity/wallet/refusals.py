"""Everything that can be wrong with what a wallet sends; each has a stable ``code``."""

from __future__ import annotations

from formlos.identity.refusals import IdentityRefused


class WalletRefused(IdentityRefused):
    """A wallet's answer was not accepted."""

    code = "wallet_refused"


class NoSuchRequest(WalletRefused):
    """Nobody asked this, or it is long over: begin again."""

    code = "no_such_request"


class RequestExpired(WalletRefused):
    """The person took longer than a request lives: begin again."""

    code = "request_expired"


class AnsweredBefore(WalletRefused):
    """A request is answered once; this is a second answer."""

    code = "answered_before"


class OtherBrowser(WalletRefused):
    """The request was begun in another browser, or the response code is not its own."""

    code = "other_browser"


class NotYetAnswered(WalletRefused):
    """The wallet has not answered yet."""

    code = "not_yet_answered"


class Declined(WalletRefused):
    """The person does not want to."""

    code = "wallet_declined"


class WalletCannot(WalletRefused):
    """The wallet says that it cannot answer, such as one without a PID."""

    code = "wallet_cannot"


class MalformedAnswer(WalletRefused):
    """Not an answer as OpenID4VP describes it, or one that cannot be read."""

    code = "wallet_malformed"


class CredentialAltered(WalletRefused):
    """Not signed by the issuer, or what is disclosed is not what the issuer signed."""

    code = "credential_altered"


class UntrustedIssuer(WalletRefused):
    """The credential is of an issuer that this node does not trust to identify people."""

    code = "untrusted_issuer"


class CredentialExpired(WalletRefused):
    """The credential is not valid any more, or not yet."""

    code = "credential_expired"


class StatusUnknown(WalletRefused):
    """The credential may have been revoked; this node cannot tell, and so does not accept it."""

    code = "credential_status_unknown"


class KeyBindingMissing(WalletRefused):
    """Nothing proves that whoever shows the credential holds its key."""

    code = "key_binding_missing"


class KeyBindingWrong(WalletRefused):
    """The proof is by another key, or for another presentation."""

    code = "key_binding_wrong"


class WrongNonce(WalletRefused):
    """The proof answers another request."""

    code = "wrong_nonce"


class WrongAudience(WalletRefused):
    """The proof is meant for somebody else."""

    code = "wrong_wallet_audience"


class StaleKeyBinding(WalletRefused):
    """The proof was made before the request, or in the future."""

    code = "stale_key_binding"


class UnexpectedCredential(WalletRefused):
    """More credentials than asked, or others."""

    code = "unexpected_credential"


class WrongType(WalletRefused):
    """A credential of another kind than asked."""

    code = "wrong_credential_type"


class ClaimsMissing(WalletRefused):
    """The credential does not say what was asked."""

    code = "claims_missing"


class TooMuchDisclosed(WalletRefused):
    """The wallet disclosed what nobody asked; it is not kept."""

    code = "too_much_disclosed"
