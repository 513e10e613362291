"""What makes codes worthless without the node's file ``secrets/codes``. Replacing it voids all open codes."""

from __future__ import annotations

import hashlib
import hmac
from functools import lru_cache
from uuid import UUID

from django.conf import settings

from formlos.base.secret_files import read_or_create, secret_folder
from formlos.base.tenancy import current_municipality_id
from formlos.registers.codes import derived_code

LETTER_SYMBOLS, LANDLORD_SYMBOLS = 7, 11


def landlord_code_hash(code: str) -> str:
    """Keyed, so that a stolen database alone gives no code away; differs from town to town."""
    return hmac.new(_secret("landlord"), f"{current_municipality_id()}/{code}".encode(), hashlib.sha256).hexdigest()


def landlord_code(case_id: UUID) -> str:
    """The code of a landlord's case: the same whenever it is shown, and stored nowhere."""
    return derived_code(_secret("landlord.case"), str(case_id), symbols=LANDLORD_SYMBOLS)


def letter_code(letter_id: UUID) -> str:
    """The code of a letter: the same whenever it is printed, and stored nowhere."""
    return derived_code(_secret("letter"), str(letter_id), symbols=LETTER_SYMBOLS)


def _secret(purpose: str) -> bytes:
    return hmac.digest(_of_node(str(settings.HOME)), f"formlos.registers.{purpose}".encode(), hashlib.sha256)


@lru_cache(maxsize=1)
def _of_node(home: str) -> bytes:
    return read_or_create(secret_folder(home) / "codes").encode()
