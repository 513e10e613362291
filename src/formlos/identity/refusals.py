"""Why somebody could not be identified. Every refusal has a stable ``code``; portals turn it into what to do."""

from __future__ import annotations


class IdentityRefused(Exception):
    """A proof of identity was not accepted; ``code`` says why."""

    code = "identity_refused"


class Malformed(IdentityRefused):
    """Not a proof of identity, or one with missing or impossible claims."""

    code = "malformed"


class UnknownIssuer(IdentityRefused):
    """Nobody whom this node trusts to identify people."""

    code = "unknown_issuer"


class BadSignature(IdentityRefused):
    """Not signed with a key of the issuer."""

    code = "bad_signature"


class WrongAudience(IdentityRefused):
    """Issued for somebody else."""

    code = "wrong_audience"


class Expired(IdentityRefused):
    """Its time is over, or has not begun, or was too long from the start: identify again."""

    code = "expired"


class Replayed(IdentityRefused):
    """Used before; a proof counts once."""

    code = "replayed"


class NameRefused(IdentityRefused):
    """A name has characters outside DIN 91379; the office has to help."""

    code = "name_not_allowed"


class WrongNonce(IdentityRefused):
    """An ID token that answers another login than this one."""

    code = "wrong_nonce"


class MixedUp(IdentityRefused):
    """The answer came from another provider than the one that was asked (RFC 9207)."""

    code = "mixed_up_issuer"


class OtherBrowser(IdentityRefused):
    """The login was begun in another browser, or nowhere: nobody is signed in by somebody else's link."""

    code = "other_browser"


class Cancelled(IdentityRefused):
    """The person or the provider broke the login off."""

    code = "cancelled"


class ProviderDown(IdentityRefused):
    """The provider cannot be reached or answers with nonsense."""

    code = "provider_down"


class ProviderRefused(IdentityRefused):
    """The provider refused the login: code spent or unknown, or this node not registered there as it says."""

    code = "provider_refused"


class TooWeak(IdentityRefused):
    """The person identified with less than what was needed."""

    code = "login_too_weak"


class TooOld(IdentityRefused):
    """A step-up needs a fresh identification; the provider reported an earlier one."""

    code = "login_too_old"
