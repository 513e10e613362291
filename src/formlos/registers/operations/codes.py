"""Proofs of a dwelling: the landlord's code and the letter to the new address."""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from formlos.base import clock
from formlos.base.effects import EffectContext
from formlos.registers.code_secrets import LANDLORD_SYMBOLS, landlord_code, landlord_code_hash, letter_code
from formlos.registers.codes import CodeMistyped, normalise, random_code
from formlos.registers.models import AddressCode, Dwelling, LandlordConfirmation
from formlos.registers.operations.history import Recorder, made_before
from formlos.registers.queries.addresses import the_dwelling_at
from formlos.registers.values import as_address, as_date, as_text

LETTER_VALID_DAYS, LETTER_ATTEMPTS = 30, 5
LETTERS_A_CASE, LETTERS_A_DWELLING = 3, 5  # more would be a way to flood an address with post
USE_CODE = "register.use_code"
CONFIRM = "register.confirm_dwelling"


class CodeNotUsable(Exception):
    """The code is unknown or was used by another case in the meantime."""

    code = "code_not_usable"


class NotADwelling(Exception):
    """Nobody can live in this unit (§ 20 BMG)."""

    code = "not_a_dwelling"


def confirm_dwelling(
    *, dwelling_id: UUID, einzugsdatum: date, personen: Sequence[str], wohnungsgeber_name: str = ""
) -> str:
    """A landlord confirms who moves in when (§ 19 Abs. 3 and 4 BMG); returns the code to hand on, shown once.

    Raises ``NotADwelling``, ``Dwelling.DoesNotExist``.
    """
    dwelling = Dwelling.objects.get(id=dwelling_id)
    if not dwelling.ist_wohnung:
        raise NotADwelling(f"unit {dwelling_id} is no dwelling")
    code = random_code(symbols=LANDLORD_SYMBOLS)
    LandlordConfirmation.objects.create(
        code_hash=landlord_code_hash(normalise(code)),
        dwelling=dwelling,
        einzugsdatum=einzugsdatum,
        personen=list(personen),
        wohnungsgeber_name=wohnungsgeber_name or dwelling.wohnungsgeber_name,
        recorded_at=clock.now(),
    )
    return code


def confirm(arguments: Mapping[str, Any], context: EffectContext) -> dict[str, Any]:
    """Keep a landlord's confirmation whose code follows from the case, so that no journal need hold it.

    arguments: ``anschrift``, ``einzugsdatum``, ``personen`` (a name a line), ``wohnungsgeber`` or, where that is empty,
    ``vornamen`` and ``familienname``. Raises ``UnknownAddress``, ``AddressNotUnique``, ``NotADwelling``.
    """
    if (outcome := made_before(CONFIRM, context)) is not None:
        return outcome
    dwelling = the_dwelling_at(as_address(arguments["anschrift"]) or {})
    if not dwelling.ist_wohnung:
        raise NotADwelling(f"unit {dwelling.id} is no dwelling")
    own = f"{as_text(arguments['vornamen'])} {as_text(arguments['familienname'])}".strip()
    confirmation = LandlordConfirmation(
        code_hash=landlord_code_hash(normalise(landlord_code(context.case_id))),
        dwelling=dwelling,
        einzugsdatum=as_date(arguments["einzugsdatum"]),
        personen=[name.strip() for name in as_text(arguments["personen"]).splitlines() if name.strip()],
        wohnungsgeber_name=(as_text(arguments["wohnungsgeber"]) or own)[:200],
    )
    recorder = Recorder(CONFIRM, context)
    recorder.add(confirmation)
    return recorder.close({"confirmation": str(confirmation.id)})


def withdraw_confirmation(kind: str, context: EffectContext, *, confirmation_id: str) -> dict[str, Any]:
    """Take back a confirmation whose code nobody uses at the moment. Raises ``CodeNotUsable`` for one in use."""
    if (outcome := made_before(kind, context)) is not None:
        return outcome
    rows = LandlordConfirmation.objects.select_related("change").select_for_update(of=("self",))
    confirmation = rows.filter(id=confirmation_id).first()
    if confirmation is None or confirmation.state == LandlordConfirmation.USED:
        raise CodeNotUsable("somebody has registered with this code; undo that registration first")
    recorder = Recorder(kind, context)
    recorder.remove(confirmation)
    return recorder.close({"withdrawn": confirmation_id})


def confirmation_of(text: str, *, locked: bool = False) -> LandlordConfirmation | None:
    """The confirmation behind a code as typed; none for an unknown or mistyped one. ``locked``: until the commit."""
    try:
        code = normalise(text)
    except CodeMistyped:
        return None
    rows = LandlordConfirmation.objects.select_related("change")
    rows = rows.select_for_update(of=("self",)) if locked else rows.select_related("dwelling__building__street")
    return rows.filter(code_hash=landlord_code_hash(code)).first()


def use_code(arguments: Mapping[str, Any], context: EffectContext) -> dict[str, Any]:
    """Mark a landlord's code as used by this case; of two cases at once the second waits. Raises ``CodeNotUsable``."""
    if (outcome := made_before(USE_CODE, context)) is not None:
        return outcome
    confirmation = confirmation_of(as_text(arguments["zuordnungsmerkmal"]), locked=True)
    if confirmation is None or confirmation.state == LandlordConfirmation.USED:
        raise CodeNotUsable("the landlord's code is unknown or used")
    recorder = Recorder(USE_CODE, context)
    recorder.update(confirmation, state=LandlordConfirmation.USED)
    return recorder.close({"confirmation": str(confirmation.id)})


def release_code(kind: str, context: EffectContext, *, confirmation_id: str) -> dict[str, Any]:
    """Make a code that a reversed registration had used valid again; it stays visible that it was used."""
    if (outcome := made_before(kind, context)) is not None:
        return outcome
    rows = LandlordConfirmation.objects.select_related("change").select_for_update(of=("self",))
    confirmation = rows.get(id=confirmation_id)
    recorder = Recorder(kind, context)
    recorder.update(confirmation, state=LandlordConfirmation.RELEASED)
    return recorder.close({"confirmation": confirmation_id})


def create_address_code(*, case_id: UUID, dwelling: Dwelling) -> dict[str, Any]:
    """A code for a letter to a case's new address, and until when it is valid; asking again gives the same code.

    ``is_new``: a letter has to be posted; one that is valid still is on its way. Nothing when a case has had letters to
    ``LETTERS_A_CASE`` addresses or ``LETTERS_A_DWELLING`` cases are sending letters to this one.
    """
    until = clock.today() + timedelta(days=LETTER_VALID_DAYS)
    letter = AddressCode.objects.filter(case_id=case_id, dwelling=dwelling).first()
    is_new = letter is None or letter.valid_until < clock.today()
    if letter is None:
        valid = AddressCode.objects.filter(dwelling=dwelling, valid_until__gte=clock.today())
        if AddressCode.objects.filter(case_id=case_id).count() >= LETTERS_A_CASE or valid.count() >= LETTERS_A_DWELLING:
            return {}
        letter = AddressCode.objects.create(
            case_id=case_id, dwelling=dwelling, created_at=clock.now(), valid_until=until
        )
    elif is_new:
        letter.valid_until, letter.failed_attempts = until, 0
        letter.save(update_fields=["valid_until", "failed_attempts"])
    return {"code": letter_code(letter.id), "gueltig_bis": letter.valid_until.isoformat(), "is_new": is_new}


def check_letter_code(*, case_id: UUID, dwelling: Dwelling | None, text: str, today: date) -> str:
    """``gueltig``, ``falsch`` or ``abgelaufen``; a wrong code counts, and after five the letter is worthless."""
    letter = AddressCode.objects.select_for_update().filter(case_id=case_id, dwelling=dwelling).first()
    if letter is None:
        return "falsch"
    if today > letter.valid_until or letter.failed_attempts >= LETTER_ATTEMPTS:
        return "abgelaufen"
    if _matches(letter, text):
        return "gueltig"
    letter.failed_attempts += 1
    letter.save(update_fields=["failed_attempts"])
    return "falsch"


def _matches(letter: AddressCode, text: str) -> bool:
    try:
        return hmac.compare_digest(normalise(text), normalise(letter_code(letter.id)))
    except CodeMistyped:
        return False
