"""Why a message is not taken. Every refusal has a stable ``code`` and says whether trying again may help.

A refusal is not signed, so a single one that says it is ``lasting`` proves nothing: see ``operations.results``.
"""

from __future__ import annotations


class Refusal(Exception):
    """A message or directory was refused. ``lasting``: trying again will not help unless somebody changes something."""

    code = "refused"
    status = 422
    lasting = False


class Malformed(Refusal):
    """Not a message of this format, or one that uses an algorithm outside the allow-list."""

    code, status, lasting = "malformed", 400, True


class TooLarge(Refusal):
    """Larger than this exchange carries."""

    code, status, lasting = "too_large", 413, True


class WrongKey(Refusal):
    """Encrypted to a key that this municipality does not hold."""

    code = "wrong_key"


class Altered(Refusal):
    """Changed or damaged after it was encrypted."""

    code, status = "altered", 400


class UnknownSender(Refusal):
    """The sender is not in the directory."""

    code, status = "unknown_sender", 403


class BadSignature(Refusal):
    """Not signed with a key that the directory lists for the sender now."""

    code, status = "bad_signature", 403


class NotForUs(Refusal):
    """Addressed to another municipality than the one whose endpoint received it."""

    code, status, lasting = "not_for_us", 404, True


class Expired(Refusal):
    """Its time is over, allowing for the agreed clock skew; the sender seals it again."""

    code = "expired"


class NotYetValid(Refusal):
    """Issued in the future, beyond the agreed clock skew; one of the two clocks is wrong."""

    code = "not_yet_valid"


class UnknownKind(Refusal):
    """The receiver does not offer this kind of message."""

    code, lasting = "unknown_kind", True


class DirectoryMismatch(Refusal):
    """Sealed with a directory entry of the receiver that the receiver does not know (any more)."""

    code, status = "directory_mismatch", 409


class ReplayConflict(Refusal):
    """A known message id came with other content. Somebody errs or attacks: this is an alarm."""

    code, status, lasting = "replay_conflict", 409, True


class UnknownReceiver(Refusal):
    """The receiver is not in the directory."""

    code = "unknown_receiver"


class Unavailable(Refusal):
    """The receiver does not answer or takes no messages at the moment."""

    code, status = "unavailable", 503


class BadReceipt(Refusal):
    """The answer to a message was no valid receipt for it."""

    code, status = "bad_receipt", 502


class DirectoryRefused(Refusal):
    """A directory was not signed by the pinned root, or is older than the one in use, or damaged."""

    code, lasting = "directory_refused", True


class DirectoryExpired(Refusal):
    """The directory in use is over; import a newer one: formlos exchange directory import FILE."""

    code, status = "directory_expired", 503


class NoDirectory(Refusal):
    """No directory was imported yet: formlos exchange directory import FILE."""

    code, status = "no_directory", 503


BY_CODE: dict[str, type[Refusal]] = {kind.code: kind for kind in Refusal.__subclasses__()}
