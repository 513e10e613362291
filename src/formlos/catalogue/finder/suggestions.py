"""What a person has confirmed as understood, signed for her own browser to carry until she opens the case."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.core import signing

SALT = "formlos.finder.suggestions"
MAX_AGE_SECONDS = 60 * 60


class SuggestionsRefused(ValueError):
    """Not signed by this node, too old, or meant for another municipality or service."""

    code = "suggestions_refused"


def signed(values: Mapping[str, str], *, municipality: UUID, service: str) -> str:
    """Fact path -> value as text, as a token that nobody can change. It is signed, not encrypted."""
    return signing.dumps([str(municipality), service, dict(values)], salt=SALT, compress=True)


def unsigned(token: str, *, municipality: UUID, service: str) -> dict[str, str]:
    """The values of a token. Raises ``SuggestionsRefused``."""
    try:
        where, which, values = signing.loads(token, salt=SALT, max_age=MAX_AGE_SECONDS)
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise SuggestionsRefused("the signature does not hold") from error
    if (where, which) != (str(municipality), service):
        raise SuggestionsRefused("it is meant for another municipality or service")
    return dict(values)
